"""``stresstui judge``: judge a recorded run again, with the same rules or with others."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import msgspec

from stresstui.cli.find_run import find_run
from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.outcome import ExitCode
from stresstui.files import read_plain
from stresstui.folder import JOURNAL, RESULT

if TYPE_CHECKING:
    from stresstui.core.run.fold import RunState

_NEW: Final = "-"
"""What stands for the verdict of a criterion that was not there."""


class _Verdict(msgspec.Struct, frozen=True):
    id: str
    verdict: str


class _Recorded(msgspec.Struct, frozen=True):
    """What result.json says of the verdicts."""

    outcome: str | None = _NEW
    criteria: tuple[_Verdict, ...] = ()


class Change(msgspec.Struct):
    """One criterion, judged then and now."""

    id: str
    title: str
    rule: str
    before: str
    after: str
    value: float | None
    limit: float | None
    unit: str
    evidence: str
    warning: bool = False
    """Whether it does not fail the run."""

    @property
    def changed(self) -> bool:
        """Whether the verdict is another one now."""
        return self.before != self.after


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option(
    "--criteria",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Scenario file whose criteria judge instead of the run's own.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_dir_option
def judge(run: str | None, criteria: Path | None, report_dir: Path, as_json: bool) -> None:  # noqa: FBT001 - click's
    """Judge the recorded RUN again (without RUN the newest) and show what changed."""
    run_dir = find_run(run, report_dir, live=False)
    state = _judge_again(run_dir, criteria)
    recorded = _recorded(run_dir)
    changes = _compare(recorded, state)
    outcome = str(state.outcome) if state.outcome else "not ended"
    before = str(recorded.outcome)
    if as_json:
        found = {
            "run": run_dir.name, "outcome_before": before, "outcome": outcome, "reasons": state.reasons,
            "exit_code": state.exit_code, "criteria": [msgspec.to_builtins(change) for change in changes],
        }  # fmt: skip
        say(msgspec.json.encode(found).decode())
    else:
        _print_table(run_dir.name, before, outcome, state.reasons, changes)
    sys.exit(ExitCode.INCONCLUSIVE if state.exit_code is None else state.exit_code)


def _judge_again(run_dir: Path, criteria: Path | None) -> "RunState":
    """Fold the journal, with the criteria of the file in the place of its own where one is given."""
    from stresstui.core.criteria.rule import RuleError
    from stresstui.core.model.errors import RecordError
    from stresstui.engine.record.checkpoint import fold_run

    try:
        return fold_run(run_dir / JOURNAL) if criteria is None else _judge_by(run_dir / JOURNAL, criteria)
    except (RuleError, RecordError) as error:
        refuse(f"{criteria or run_dir}: {error}")


def _judge_by(path: Path, criteria: Path) -> "RunState":
    """Fold the journal with the criteria of a file, whose rules may also name what the run's workload reported."""
    from stresstui.catalogue import ScenarioError, load_file
    from stresstui.core.model.event import Event, Started
    from stresstui.core.model.scenario import MetricSpec
    from stresstui.core.run.fold import fold
    from stresstui.engine.record import journal

    def with_others(event: Event) -> Event:
        if not isinstance(event, Started):
            return event
        reported = msgspec.convert(event.scenario.get("metrics", {}), dict[str, MetricSpec])
        try:
            other: dict[str, Any] = msgspec.to_builtins(load_file(criteria, reported))
        except ScenarioError as error:
            refuse(str(error))
        mixed = {"criteria": other.get("criteria", []), "metrics": other.get("metrics", {})}
        return msgspec.structs.replace(event, scenario=event.scenario | mixed)

    return fold(map(with_others, journal.read(path)))


def _recorded(run_dir: Path) -> _Recorded:
    """Give the verdicts that were written when the run ended; none where it never ended, or they cannot be read."""
    path = run_dir / RESULT
    try:
        return msgspec.json.decode(read_plain(path), type=_Recorded)
    except FileNotFoundError:
        return _Recorded()
    except (OSError, *UNREADABLE) as error:
        say(f"stresstui judge: {path} cannot be read: {error}; the journal is judged without it", err=True)
        return _Recorded()


def _compare(recorded: _Recorded, state: "RunState") -> list[Change]:
    from stresstui.core.model.scenario import Severity

    before = {criterion.id: criterion.verdict for criterion in recorded.criteria}
    return [
        Change(
            criterion.spec.id, criterion.spec.title, criterion.spec.rule,
            before.get(criterion.spec.id, _NEW), "unsettled" if criterion.unsettled else str(criterion.verdict),
            criterion.in_shown_unit(criterion.value), criterion.limit, criterion.shown_unit, criterion.evidence,
            criterion.spec.severity is Severity.WARN,
        )
        for criterion in state.criteria
    ]  # fmt: skip


def _print_table(run: str, before: str, outcome: str, reasons: list[str], changes: list[Change]) -> None:
    say(f"{run}: {outcome}" + (f" (recorded: {before})" if before != outcome else ""))
    for reason in reasons:
        say(f"  {reason}")
    say("")
    width = max((len(change.rule) for change in changes), default=0)
    say(f"  {'RECORDED':<13}{'NOW':<13}{'RULE':<{width}}  EVIDENCE")
    for change in changes:
        mark = "*" if change.changed else " "
        say(f"{mark} {change.before:<13}{change.after:<13}{change.rule:<{width}}  {change.evidence}")
    changed = sum(change.changed for change in changes)
    say(f"\n{changed} of {len(changes)} verdicts changed" if changed else "\nno verdict changed")
