"""The commands: twin run, report, roadmap, city, scenario, vision, describe, verify.

Exit codes: 0 done, 2 bad input, 3 environment, 4 interrupted and resumable, 1 a mistake in the
program. Heavy libraries are imported inside the commands, so that ``twin --help`` is quick.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from twin import messages
from twin.errors import CityError, InputError, Interrupted, MachineError, TwinError, nearest

_CTRL_C = 130  # what Typer makes of KeyboardInterrupt

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="まちツイン machitwin: 都市の20年をモデルで試す / a digital twin of a city's next twenty years",
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

Lang = Annotated[str, typer.Option("--lang", help="言語 / language: ja | en")]
_CITY = "embedded または都市フォルダ / embedded or a city folder"
_SCENARIO = "シナリオ名または TOML ファイル / scenario id or TOML file"
CityOption = Annotated[str, typer.Option("--city", help=_CITY)]
CityArgument = Annotated[str, typer.Argument(help=_CITY)]


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
    scenario: Annotated[list[str] | None, typer.Argument(help=_SCENARIO)] = None,
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


@app.command()
def roadmap(
    folder: Annotated[Path, typer.Argument(help="結果のフォルダ / results folder")],
    cell: Annotated[
        list[str] | None,
        typer.Option(help="この枠の条件としきい値の曲線だけ / this cell's conditions and curves: P5 ... D20"),
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option(help="しきい値を変える / another threshold: a10.people=0.7")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="表の書き出し先 .csv | .json / tidy table")] = None,
    lang: Lang = "ja",
) -> None:
    """結果をロードマップの9つの枠に照らす / Hold results against the nine cells of the roadmap."""
    from twin.analysis import command

    command.show(folder, cell or [], limit or [], out, check_lang(lang), say)


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
def city_check(city: CityArgument = "embedded", lang: Lang = "ja") -> None:
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
    city: CityArgument = "embedded",
    out: Annotated[Path, typer.Option(help="地図の書き出し先 .png | .svg | .pdf / picture file")] = Path(
        "results/city.png"
    ),
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
def scenario_check(scenario: Annotated[list[str], typer.Argument(help=_SCENARIO)], lang: Lang = "ja") -> None:
    """シナリオを確かめる / Check scenarios strictly."""
    from twin.run import command

    command.check_scenarios(scenario, check_lang(lang), say)


@scenario_app.command("explain")
def scenario_explain(scenario: Annotated[str, typer.Argument(help=_SCENARIO)], lang: Lang = "ja") -> None:
    """シナリオを言葉で説明する / Say in words what a scenario changes."""
    from twin.run import command

    command.explain_scenario(scenario, check_lang(lang), say)


@vision_app.command("show")
def vision_show(
    out: Annotated[Path | None, typer.Option(help="図の書き出し先 .png | .svg | .pdf / picture file")] = None,
    lang: Lang = "ja",
) -> None:
    """ビジョンの体系を表と図で示す / Show the vision as a table and as a picture."""
    from twin.vision import Vision, as_table, show

    vision = Vision.read()
    drawn = show(vision, out, check_lang(lang)) if out is not None else None
    say(as_table(vision, check_lang(lang)))
    if drawn:
        say(str(drawn))


@app.command()
def describe(
    what: Annotated[str, typer.Argument(help="state | facts | processes | services | indicators")],
    lang: Lang = "ja",
) -> None:
    """モデルの中身を説明する / Describe columns, numbers, processes, services or what moves the indicators."""
    from twin.run.describe import DESCRIBE

    if what not in DESCRIBE:
        raise InputError("cli.describe", found=what, known=", ".join(DESCRIBE))
    say(DESCRIBE[what](check_lang(lang)))


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="JSON で出力 / print JSON")] = False,
    only: Annotated[str, typer.Option(help="番号をコンマで区切って / some cases only: V-01,V-02 ...")] = "",
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
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # being told to end is as good as Ctrl-C
    sys.exit(_guarded())


def _guarded() -> int:
    try:
        code = app(standalone_mode=False) or 0  # Typer gives back the code of an Exit, and 130 for Ctrl-C
        return code if code != _CTRL_C else _stopped()
    except TwinError as error:
        typer.echo(error.both(), err=True)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        return _stopped()
    except typer.TyperException as error:
        return _usage(error)
    except MemoryError:
        typer.echo(messages.both("cli.memory"), err=True)
        return MachineError.exit_code
    except OSError as error:
        typer.echo(messages.both("cli.machine", what=str(error)), err=True)
        return MachineError.exit_code
    except Exception as error:
        if "cannot cache function" in str(error):  # numba, on a read-only installation without a home folder
            typer.echo(messages.both("cli.no_cache"), err=True)
            return MachineError.exit_code
        typer.echo(messages.both("problems.unexpected", kind=type(error).__name__, what=str(error)), err=True)
        if os.environ.get("TWIN_TRACEBACK"):
            raise
        return 1


def _stopped() -> int:
    typer.echo(messages.both("cli.stopped"), err=True)
    return Interrupted.exit_code


def _usage(error: typer.TyperException) -> int:
    """Say what is wrong with how the command was written; a bare command shows its help and is fine."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        typer.echo(error.format_message())  # type: ignore[attr-defined]
        return 0
    option, parameter, cause = (
        getattr(error, "option_name", None),
        getattr(error, "param", None),
        error.__cause__,
    )
    said: dict[str, object]
    if kind == "NoSuchOption":
        near = nearest(str(option), getattr(error, "possibilities", None) or []) or "--help"
        key, said = "cli.no_option", {"option": option, "near": near}
    elif kind == "BadOptionUsage":
        key, said = "cli.option_value", {"option": option}
    elif kind == "MissingParameter" and parameter is not None:
        key, said = "cli.missing", {"name": parameter.name}
    elif kind == "BadParameter" and parameter is not None and isinstance(cause, ValidationError):
        key, said = _bad_value(parameter.opts[0], cause.errors()[0])
    else:
        key, said = "cli.usage", {"what": getattr(error, "message", "") or str(error)}
    typer.echo(messages.both(key, **said), err=True)
    return InputError.exit_code


def _bad_value(option: str, problem: Mapping[str, Any]) -> tuple[str, dict[str, object]]:
    """The message for a value that does not read as what the option holds."""
    wanted = f"cli.wants_{problem['type'].partition('_')[0]}"
    known = messages.table().get(wanted)
    key = "cli.bad_value" if known else "cli.bad_value_other"
    return key, {"option": option, "found": problem["input"], "wanted": known}
