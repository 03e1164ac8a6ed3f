"""The commands: twin run, report, city, scenario, vision, describe, verify.

Exit codes: 0 done, 2 bad input, 3 environment, 4 interrupted and resumable, 1 a mistake in the
program. Heavy libraries are imported inside the commands, so that ``twin --help`` is quick.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from twin import messages
from twin.errors import CityError, InputError, Interrupted, MachineError, TwinError, nearest

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="まちツイン machitwin: 都市の20年を模型で試す / a digital twin of a city's next twenty years",
)
city_app = typer.Typer(
    no_args_is_help=True, help="都市データ: 作る・確かめる・見る / the city: build, check, show"
)
scenario_app = typer.Typer(
    no_args_is_help=True, help="シナリオ: 一覧・確認・説明 / scenarios: list, check, explain"
)
vision_app = typer.Typer(no_args_is_help=True, help="ビジョン / the city's vision")
app.add_typer(city_app, name="city")
app.add_typer(scenario_app, name="scenario")
app.add_typer(vision_app, name="vision")

Lang = Annotated[str, typer.Option("--lang", help="ja | en")]
CityOption = Annotated[
    str, typer.Option("--city", help="embedded または都市フォルダ / embedded or a city folder")
]


def say(text: str) -> None:
    """Print a line for the user."""
    typer.echo(text)


def check_lang(lang: str) -> str:
    """Stop unless the language is one the message table speaks."""
    if lang not in messages.LANGUAGES:
        raise InputError("cli.lang", found=lang, known=", ".join(messages.LANGUAGES))
    return lang


def city_folder(city: str) -> Path | None:
    """The folder named by ``--city``; None means the embedded city."""
    return None if city == "embedded" else Path(city)


@app.command()
def run(
    scenario: Annotated[
        list[str] | None, typer.Argument(help="シナリオ名または TOML ファイル / scenario ids or TOML files")
    ] = None,
    city: CityOption = "embedded",
    fraction: Annotated[
        float, typer.Option(help="人口に対する縮尺 0〜1 / simulated people per real person")
    ] = 0.1,
    seeds: Annotated[int, typer.Option(help="乱数の種の数 / number of seeds")] = 3,
    years: Annotated[
        int | None, typer.Option(help="年数（省略するとシナリオの年数） / years, else the scenario's")
    ] = None,
    threads: Annotated[int, typer.Option(help="同時に使う CPU の数 / threads, 0 = all")] = 0,
    out: Annotated[Path, typer.Option(help="結果のフォルダ / results folder")] = Path("results/run"),
    resume: Annotated[bool, typer.Option("--resume", help="続きから / continue an interrupted run")] = False,
    lang: Lang = "ja",
) -> None:
    """シナリオを実行する / Run scenarios; the first one is what others are compared with."""
    from twin.run import command

    command.run(
        scenario or ["baseline"], city_folder(city), fraction, seeds, years, threads or (os.cpu_count() or 1),
        out, resume, check_lang(lang), say,
    )  # fmt: skip


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="結果のフォルダ / results folder")],
    lang: Lang = "ja",
    out: Annotated[Path | None, typer.Option(help="HTML の書き出し先 / where to write the page")] = None,
) -> None:
    """結果から1枚の HTML 報告書を作る / Write one self-contained HTML page."""
    from twin.report import write_report

    path = write_report(folder, check_lang(lang), out)
    say(messages.text("run.report_at", lang, path=path))


@city_app.command("build")
def city_build(
    source: Annotated[
        Path | None, typer.Option("--from", help="公的データのフォルダ / folder of official files")
    ] = None,
    out: Annotated[Path, typer.Option(help="書き出し先 / where to write the city")] = Path("results/city"),
    lang: Lang = "ja",
) -> None:
    """都市データを作る / Build the embedded city, or a better one from official files."""
    from twin.city.build import build_embedded
    from twin.city.official import build_official

    check_lang(lang)
    city = build_embedded(out) if source is None else build_official(source, out)
    say(
        messages.text("cli.city_built", lang, name=city.name_ja if lang == "ja" else city.name_en, folder=out)
    )


@city_app.command("check")
def city_check(city: Annotated[str, typer.Argument()] = "embedded", lang: Lang = "ja") -> None:
    """都市データを確かめる / Check a city."""
    from twin.city.check import check
    from twin.run import open_city

    check_lang(lang)
    findings = check(open_city(city_folder(city)))
    for finding in findings:
        say(finding.text(lang))
    failed = [finding.name for finding in findings if not finding.good]
    if failed:
        raise CityError("cli.city_checks", where=city, failed=len(failed), of=len(findings))


@city_app.command("show")
def city_show(
    city: Annotated[str, typer.Argument()] = "embedded",
    out: Annotated[Path, typer.Option(help=".png | .svg")] = Path("results/city.png"),
    lang: Lang = "ja",
) -> None:
    """都市の地図を描く / Draw the city as a map."""
    from twin.city.show import show
    from twin.run import open_city

    say(str(show(open_city(city_folder(city)), out, check_lang(lang))))


@scenario_app.command("list")
def scenario_list(lang: Lang = "ja") -> None:
    """シナリオの一覧 / List the packaged scenarios."""
    from twin.run import command

    command.list_scenarios(check_lang(lang), say)


@scenario_app.command("check")
def scenario_check(scenario: Annotated[list[str], typer.Argument()], lang: Lang = "ja") -> None:
    """シナリオを確かめる / Check scenarios strictly."""
    from twin.run import command

    command.check_scenarios(scenario, check_lang(lang), say)


@scenario_app.command("explain")
def scenario_explain(scenario: str, lang: Lang = "ja") -> None:
    """シナリオを言葉で説明する / Say in words what a scenario changes."""
    from twin.run import command

    command.explain_scenario(scenario, check_lang(lang), say)


@vision_app.command("show")
def vision_show(
    out: Annotated[Path | None, typer.Option(help="図の書き出し先 .png | .svg / picture file")] = None,
    lang: Lang = "ja",
) -> None:
    """ビジョンの体系を表と図で示す / Show the vision as a table and as a picture."""
    from twin.vision import Vision, as_table, show

    vision = Vision.read()
    say(as_table(vision, check_lang(lang)))
    if out is not None:
        say(str(show(vision, out, lang)))


@app.command()
def describe(
    what: Annotated[str, typer.Argument(help="state | facts | processes")], lang: Lang = "ja"
) -> None:
    """模型の中身を説明する / Describe columns, numbers or processes."""
    from twin.run.describe import DESCRIBE

    if what not in DESCRIBE:
        raise InputError("cli.describe", found=what, known=", ".join(DESCRIBE))
    say(DESCRIBE[what](check_lang(lang)))


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
    only: Annotated[str, typer.Option(help="V-01,V-02 ...")] = "",
    lang: Lang = "ja",
) -> None:
    """答えの分かっている問題を解かせる / Run every verification case."""
    from twin.verification import run_cases

    verdicts = run_cases([name for name in only.split(",") if name], check_lang(lang), as_json, say)
    if not all(verdict.holds or verdict.skipped for verdict in verdicts):
        raise typer.Exit(1)


def main() -> None:
    """Entry point: run a command and turn every error into help and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(_guarded())


def _guarded() -> int:
    try:
        app(standalone_mode=False)
    except TwinError as error:
        typer.echo(error.both(), err=True)
        return error.exit_code
    except typer.Exit as end:
        return end.exit_code
    except (KeyboardInterrupt, typer.Abort):
        typer.echo(messages.both("run.interrupted"), err=True)
        return Interrupted.exit_code
    except typer.TyperException as error:
        return _usage(error)
    except MemoryError:
        typer.echo(messages.both("cli.memory"), err=True)
        return MachineError.exit_code
    except OSError as error:
        typer.echo(messages.both("cli.machine", what=str(error)), err=True)
        return MachineError.exit_code
    except Exception as error:
        typer.echo(messages.both("problems.unexpected", kind=type(error).__name__, what=str(error)), err=True)
        if os.environ.get("TWIN_TRACEBACK"):
            raise
        return 1
    return 0


def _usage(error: typer.TyperException) -> int:
    """Say what is wrong with how the command was written; a bare command shows its help and is fine."""
    option = getattr(error, "option_name", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(error.format_message())  # type: ignore[attr-defined]
        return 0
    if option:
        near = nearest(option, getattr(error, "possibilities", None) or []) or "--help"
        typer.echo(messages.both("cli.no_option", option=option, near=near), err=True)
    else:
        what = error.format_message() if hasattr(error, "format_message") else str(error)
        typer.echo(messages.both("cli.usage", what=what), err=True)
    return InputError.exit_code
