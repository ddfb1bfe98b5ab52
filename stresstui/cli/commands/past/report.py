"""``stresstui report``: a run as a page, for CI, as a table or as pictures."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode
from stresstui.folder import JOURNAL, JUNIT, PAGE, SUMMARY

if TYPE_CHECKING:
    from stresstui.report.junit import Inconclusive
    from stresstui.report.material import Material
    from stresstui.report.rows import Row

_STDOUT: Final = "-"
_NO_TEXTS: Final = ("parquet", "png", "svg")
_EXTRAS: Final = {"matplotlib": "pictures", "pyarrow": "parquet"}


class _Wish(NamedTuple):
    """What is to be made of a run."""

    run_dir: Path
    inconclusive: "Inconclusive"
    metrics: tuple[str, ...]


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option(
    "--html", is_flag=True, help="One file that opens offline: outcome, criteria, charts, evidence [default]."
)
@click.option("--markdown", is_flag=True, help="For a CI job's summary; at most 1 MiB.")
@click.option("--junit", is_flag=True, help="JUnit XML: a case for each criterion and one for the run.")
@click.option("--csv", is_flag=True, help="A row for each sample.")
@click.option("--parquet", is_flag=True, help="The same as Parquet (extra 'parquet').")
@click.option("--png", is_flag=True, help="Trend pictures: memory_trend.png and others (extra 'pictures').")
@click.option("--svg", is_flag=True, help="The same as SVG.")
@click.option(
    "--metric",
    "metrics",
    metavar="NAME",
    shell_complete=complete.metrics,
    multiple=True,
    help="What the pictures show; repeatable  [default: the guide's]",
)
@click.option(
    "-o", "--output", metavar="PATH", help="A file, a folder, or - for standard output  [default: RUN's folder]"
)
@click.option(
    "--inconclusive",
    type=click.Choice(["skipped", "error"]),
    default="skipped",
    show_default=True,
    help="What JUnit is told of what could not be judged.",
)
@report_dir_option
def report(
    *,
    run: str | None,
    output: str | None,
    metrics: tuple[str, ...],
    inconclusive: "Inconclusive",
    report_dir: Path,
    **formats: bool,
) -> None:
    """Make a report of RUN, live or past (without RUN the one that is on, else the newest).

    \b
    stresstui report                              the newest run as report.html in its folder
    stresstui report RUN -o run.html              the ending says which: .md, .xml, .csv, .parquet, .png, .svg
    stresstui report RUN --junit --csv            several at once, into its folder
    stresstui report RUN --markdown -o - >> "$GITHUB_STEP_SUMMARY"
    """  # noqa: D301 - \b is click's mark for a paragraph kept as it is
    wanted = [name for name, asked in formats.items() if asked] or [_called(output)]
    run_dir = find_run(run, report_dir, live=False)
    material = _gathered(run_dir)
    wish = _Wish(run_dir, inconclusive, metrics)
    into = Path.cwd() if run is not None and run.endswith(".zst") else run_dir
    for name in wanted:
        alone = len(wanted) == 1 and (bool(_FILES[name]) or len(metrics) == 1)
        _make(name, material, wish, _place(output, into, name, alone=alone))


def _called(output: str | None) -> str:
    """The format that a file's name asks for, where no option does."""
    suffix = Path(output or "").suffix
    return next((name for name, ending in _ENDINGS.items() if ending == suffix), "html")


def _gathered(run_dir: Path) -> "Material":
    from stresstui.core.criteria.rule import RuleError
    from stresstui.core.model.errors import RecordError
    from stresstui.engine.record.checkpoint import fold_run
    from stresstui.history.against import told
    from stresstui.report.material import gather

    try:
        state = fold_run(run_dir / JOURNAL)
    except (RuleError, RecordError, OSError) as error:
        refuse(f"{run_dir}: {error}")
    comparison = told(state, run_dir)
    return gather(state, run_dir, ("", []) if comparison is None else (comparison.verdict, comparison.table))


_FILES: Final = {
    "html": PAGE,
    "markdown": SUMMARY,
    "junit": JUNIT,
    "csv": "samples.csv",
    "parquet": "samples.parquet",
    "png": "",
    "svg": "",
}
"""Name of each format's file; pictures have names of their own."""
_ENDINGS: Final = {"png": ".png", "svg": ".svg"} | {name: Path(file).suffix for name, file in _FILES.items() if file}


def _place(output: str | None, into: Path, name: str, *, alone: bool) -> Path | None:
    """Where a format goes, a file where it is ``alone``; None for standard output."""
    if output is None:
        return into / _FILES[name]
    if output == _STDOUT:
        if not alone or name in _NO_TEXTS:
            refuse("stresstui report: standard output takes one text; name one of --html, --markdown, --junit, --csv")
        return None
    path = Path(output)
    named = _is_file(path)
    if named and not alone:
        refuse(f"stresstui report: {path} is one file, and several are to be made: name a folder, or one --metric")
    return path / _FILES[name] if path.is_dir() or not alone or not (named or _FILES[name]) else path


def _is_file(path: Path) -> bool:
    """Whether a path that need not be there is meant as a file, by its ending."""
    return path.suffix in _ENDINGS.values() and not path.is_dir()


def _make(name: str, material: "Material", wish: _Wish, path: Path | None) -> None:
    try:
        if path is None:
            _print(name, material, wish)
            return
        (path.parent if _FILES[name] or _is_file(path) else path).mkdir(parents=True, exist_ok=True)
        for written in _write(name, material, wish, path):
            say(str(written))
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get(str(error.name).partition(".")[0])
        if extra is None:
            raise
        refuse(
            f"stresstui report: --{name} needs {error.name}; pip install 'stresstui[{extra}]'", ExitCode.COULD_NOT_RUN
        )
    except OSError as error:
        refuse(f"stresstui report: {error.filename or path}: {error.strerror or error}", ExitCode.COULD_NOT_RUN)


def _print(name: str, material: "Material", wish: _Wish) -> None:
    if name == "csv":
        from stresstui.report.rows import columns_of, write_csv

        write_csv(_rows(wish.run_dir), columns_of(material.state), sys.stdout)
        return
    sys.stdout.write(_text(name, material, wish).decode())


def _text(name: str, material: "Material", wish: _Wish) -> bytes:
    """A report that is one text."""
    from stresstui.report.html.page import page_of
    from stresstui.report.junit import junit_of
    from stresstui.report.summary import fitted, summary_of

    if name == "html":
        return page_of(material).encode()
    if name == "junit":
        return junit_of(material.state, wish.inconclusive)
    return fitted(summary_of(material.state)).encode()


def _write(name: str, material: "Material", wish: _Wish, path: Path) -> list[Path]:
    from stresstui.report.rows import columns_of, units_of, write_csv

    state = material.state
    if name in ("png", "svg"):
        return _draw(name, material, wish, path)
    if name == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            write_csv(_rows(wish.run_dir), columns_of(state), file)
    elif name == "parquet":
        from stresstui.report.parquet import write_parquet

        write_parquet(_rows(wish.run_dir), columns_of(state), units_of(state), path)
    else:
        path.write_bytes(_text(name, material, wish))
    return [path]


def _draw(kind: str, material: "Material", wish: _Wish, path: Path) -> list[Path]:
    from stresstui.report.pictures import places_in, write_pictures

    unknown = [name for name in wish.metrics if name not in material.state.summaries]
    if unknown:
        refuse(f"stresstui report: this run has no metric '{unknown[0]}'; 'stresstui metrics' lists them")
    places = dict.fromkeys(wish.metrics, path) if _is_file(path) else places_in(path, kind, wish.metrics)
    written = write_pictures(material.state, places, kind)
    if not written:
        refuse("stresstui report: nothing was measured that could be drawn", ExitCode.INCONCLUSIVE)
    return written


def _rows(run_dir: Path) -> "Iterator[Row]":
    from stresstui.engine.record import journal
    from stresstui.report.rows import rows_of

    return rows_of(journal.read(run_dir / JOURNAL))
