from pathlib import Path

import pytest

from tests.report.small_results import make_results
from twin.report import write_report


@pytest.fixture(scope="session")
def results_folder(tmp_path_factory) -> Path:
    return make_results(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="session")
def pages(results_folder, tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        lang: write_report(results_folder, lang, folder / f"{lang}.html").read_text("utf-8")
        for lang in ("ja", "en")
    }
