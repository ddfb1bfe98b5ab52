"""``stresstui compare``: what changed between runs."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click
import msgspec

from stresstui.cli.find_run import find_run
from stresstui.cli.options import ShowOptions, report_dir_option
from stresstui.cli.runs_of import folded, numbers
from stresstui.cli.show import wants_screen
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
@click.option("--screen", is_flag=True, help="Lay RUN over one BASE on the screen, metric by metric, first.")
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
    screen: bool,
    report_dir: Path,
) -> None:
    """Compare RUN with the runs named before it, or with its scenario's baseline where none is.

    \b
    stresstui compare ech_24h_A ech_24h_B               one with one
    stresstui compare A1 A2 A3 B1 --with B2 --with B3   three with three: that tells much more
    stresstui compare ech_24h_A ech_24h_B --screen      the same on the screen first: both on one axis
    stresstui compare ech_24h_B                         with the baseline of its scenario

    Seconds in which the host was saturated are left out of times and rates, and how many is said.

    Exit codes: 0 nothing became worse, 1 something did, 3 there is nothing to compare, or too little is left of what is
    judged, or it is worse only while the host was saturated, or the runs are not of a kind (other scenarios, runners,
    lengths, loads or machines; one that did not come to its end).
    """  # noqa: D301 - \b is click's mark for a paragraph kept as it is
    from stresstui.compare.judge import compare as judge
    from stresstui.compare.numbers import PHASES
    from stresstui.history.rows import earlier_of

    phases = PHASES if all_phases else None
    *names, last = runs
    other = [numbers(run, report_dir, phases) for run in (last, *others)]
    base = [numbers(run, report_dir, phases) for run in names] or _baseline(other[0], report_dir)
    earlier = earlier_of([*base, *other], report_dir)
    report = judge(base, other, at_least / 100, every=all_metrics, earlier=earlier)
    if screen:
        _overlay(names, last, report_dir, report)
    end(report, as_json=as_json, markdown=markdown)


def _overlay(names: list[str], last: str, report_dir: Path, report: "Report") -> None:
    """Show both runs until the person leaves."""
    if len(names) != 1:
        refuse("stresstui compare --screen: two runs, BASE and RUN, fit on it")
    if not wants_screen(ShowOptions()):
        refuse("stresstui compare --screen: this is no terminal to show a screen on")
    from stresstui.tui.recorded.overlay import run_overlay
    from stresstui.tui.tty.able import screen_glyphs

    base, other = (folded(find_run(name, report_dir, live=False)) for name in (names[0], last))
    run_overlay(base, other, report, glyphs=screen_glyphs(ascii_only=False))


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
    if report.worse:
        sys.exit(ExitCode.FAILED)
    sys.exit(ExitCode.INCONCLUSIVE if report.open else ExitCode.PASSED)
