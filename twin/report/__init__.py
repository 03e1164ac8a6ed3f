"""The committee's page: one self-contained HTML file made from a sealed folder of results.

    path = write_report(Path("results/first"), lang="ja")

The page needs no network and no JavaScript, prints on A4, and is the same bytes for the same results.
What goes on it stands in :mod:`twin.report.page`; how it looks in ``template.html.j2`` and ``style.css``.
"""

from __future__ import annotations

from pathlib import Path

from twin import messages
from twin.errors import InputError

__all__ = ["write_report"]


def write_report(folder: Path, lang: str = "ja", out: Path | None = None) -> Path:
    """Write the report of a sealed results folder.

    Parameters
    ----------
    folder : results that :func:`twin.run.run` sealed
    lang : "ja" or "en"
    out : file to write; ``report.<lang>.html`` inside the folder when none is named

    Returns
    -------
    the file written

    Raises
    ------
    InputError : the language is none the page speaks, or the file to write is not named as HTML
    ResultsError : the folder is not sealed, or a file of it has changed
    MachineError : the file cannot be written
    """
    if lang not in messages.LANGUAGES:
        raise InputError("report.lang", found=lang, known=", ".join(messages.LANGUAGES))
    path = Path(out) if out is not None else Path(folder) / f"report.{lang}.html"
    if path.suffix.lower() not in (".html", ".htm"):
        raise InputError("report.suffix", where=str(path), found=path.suffix)
    from twin.report.page import page
    from twin.report.rendering import render
    from twin.results import Results
    from twin.results.store import write_atomically

    html = render(page(Results.open(Path(folder)), lang), lang)
    write_atomically(path, lambda file: file.write(html.encode()))
    return path
