"""Runs as what is compared of them."""

from pathlib import Path
from typing import TYPE_CHECKING

from stresstui.cli.find_run import find_run
from stresstui.cli.terminal.refuse import refuse
from stresstui.folder import JOURNAL

if TYPE_CHECKING:
    from stresstui.compare.numbers import Numbers
    from stresstui.core.model.event import Phase
    from stresstui.core.run.fold import RunState


def folded(run_dir: Path) -> "RunState":
    """Fold a run; a record that cannot be read ends the program with one line."""
    from stresstui.core.criteria.rule import RuleError
    from stresstui.core.model.errors import RecordError
    from stresstui.core.run.fold import fold
    from stresstui.engine.record import journal

    try:
        return fold(journal.read(run_dir / JOURNAL))
    except (RuleError, RecordError, OSError) as error:
        refuse(f"{run_dir}: {error}")


def numbers(run: str, report_dir: Path, phases: "tuple[Phase, ...] | None" = None) -> "Numbers":
    """What is compared of a run that is named as everywhere."""
    from stresstui.compare.numbers import numbers_of
    from stresstui.core.model.event import Phase

    run_dir = find_run(run, report_dir, live=False)
    return numbers_of(folded(run_dir), phases or (Phase.SOAK,), run_dir)
