"""``stresstui compare``: what changed between runs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import msgspec

from stresstui.cli.options import report_dir_option
from stresstui.cli.runs_of import numbers
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.compare.judge import Report
    from stresstui.compare.numbers import Numbers


@click.command()
@click.argument("runs", metavar="[BASE...] RUN", nargs=-1, required=True, shell_complete=complete.runs)
@click.option("--with", "others", metavar="RUN", multiple=True, help="Further runs of RUN's side. Repeatable.")
@click.option("--all-phases", is_flag=True, help="Warm-up and cool-down too, not the soak alone.")
@click.option("--all-metrics", is_flag=True, help="Every metric, not the guide's and those that are judged alone.")
@click.option("--at-least", type=click.FloatRange(min=0), default=1.0, show_default=True, metavar="PERCENT",
              help="What is smaller is no change that matters.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--markdown", is_flag=True, help="Print Markdown.")
@report_dir_option
def compare(
    *,
    runs: tuple[str, ...],
    others: tuple[str, ...],
    all_phases: bool,
    all_metrics: bool,
    at_least: float,
    as_json: bool,
    markdown: bool,
    report_dir: Path,
) -> None:
    """Compare RUN with the runs named before it, or with its scenario's baseline where none is.

    \b
    stresstui compare ech_24h_A ech_24h_B               one with one
    stresstui compare A1 A2 A3 B1 --with B2 --with B3   three with three: that tells much more
    stresstui compare ech_24h_B                         with the baseline of its scenario

    Exit codes: 0 nothing became worse, 1 something did, 3 there is nothing to compare, or the runs are not of a kind
    (other scenarios, runners or lengths; one that did not come to its end).
    """  # noqa: D301 - \b is click's mark for a paragraph kept as it is
    from stresstui.compare.judge import compare as judge
    from stresstui.compare.numbers import PHASES

    phases = PHASES if all_phases else None
    *names, last = runs
    other = [numbers(run, report_dir, phases) for run in (last, *others)]
    base = [numbers(run, report_dir, phases) for run in names] or _baseline(other[0], report_dir)
    end(judge(base, other, at_least / 100, every=all_metrics), as_json=as_json, markdown=markdown)


def _baseline(run: "Numbers", report_dir: Path) -> "list[Numbers]":
    from stresstui.compare.baseline import BaselineError, read

    try:
        found = read(report_dir, run.scenario)
    except BaselineError as error:
        refuse(f"stresstui compare: {error}")
    if found is None:
        refuse(f"stresstui compare: {run.scenario} has no baseline; name a run before it, or 'stresstui baseline set'")
    return found.runs


def end(report: "Report", *, as_json: bool = False, markdown: bool = False) -> NoReturn:
    """Say how a comparison came out and end with its exit code."""
    from stresstui.compare import say as words

    if as_json:
        say(msgspec.json.encode(report).decode())
    elif markdown:
        say(words.markdown(report).rstrip())
    else:
        say("\n".join(words.lines(report)))
    if not report.comparisons or report.unlike:
        sys.exit(ExitCode.INCONCLUSIVE)
    sys.exit(ExitCode.FAILED if report.worse else ExitCode.PASSED)
