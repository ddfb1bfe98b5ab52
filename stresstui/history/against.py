"""A run against its scenario's baseline, as it is told when the run ends, in its report and by ``compare``."""

from pathlib import Path

import msgspec

from stresstui.compare.baseline import BaselineError, read
from stresstui.compare.judge import compare
from stresstui.compare.numbers import numbers_of
from stresstui.compare.say import HEADER, markdown, rows, verdict
from stresstui.core.run.fold import RunState


class Told(msgspec.Struct, frozen=True):
    """The comparison in words."""

    verdict: str
    """In one line."""
    table: list[tuple[str, ...]]
    """A row for each metric under a row of heads."""
    markdown: str
    """The whole as Markdown."""


def told(state: RunState, run_dir: Path) -> Told | None:
    """Hold the run of a folder against the baseline beside that; None where there is none that can be used."""
    try:
        baseline = read(run_dir.parent, state.scenario.name)
    except BaselineError:
        return None
    if baseline is None:
        return None
    from stresstui.history.rows import earlier_of  # noqa: PLC0415 - most runs have no baseline

    other = [numbers_of(state, run_dir=run_dir)]
    report = compare(baseline.runs, other, earlier=earlier_of([*baseline.runs, *other], run_dir.parent))
    return Told(verdict(report), [HEADER, *rows(report)], markdown(report))
