"""Which process of a run is behind what it failed on."""

from typing import Final

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.processes import ProcessRow, ProcessTable
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.sample import Role
from stresstui.core.model.units import format_value
from stresstui.core.run.fold import RunState

_BAD: Final = (Verdict.FAILED, Verdict.BREACHED)
_KNOWN: Final = ("rss", "fds")
"""Metrics that are sums over processes, each of which is followed."""
_MOST: Final = 0.5


def blamed(state: RunState) -> str:
    """The process that grew the most, or holds the most, in what a run broke first; empty where none can be told."""
    for criterion in state.criteria:
        if criterion.shown_verdict in _BAD and (said := _of(criterion, state.processes)):
            return said
    return ""


def _of(criterion: CriterionState, processes: ProcessTable) -> str:
    name = criterion.metric.name
    sut = [row for row in processes.rows.values() if row.role is Role.SUT] if name in _KNOWN else []
    grown = {row.pid: most - first for row in sut if (first := _first(row, name)) < (most := _most(row, name))}
    sizes = {row.pid: _most(row, name) for row in sut}
    amounts = grown if sum(grown.values()) > _MOST * sum(_first(row, name) for row in sut) else sizes
    if not any(amounts.values()):
        return ""
    row = max(sut, key=lambda one: amounts.get(one.pid, 0))
    return "" if amounts.get(row.pid, 0) < _MOST * sum(amounts.values()) else _say(row, name)


def _say(row: ProcessRow, name: str) -> str:
    metric, first, most = BUILT_IN[name], _first(row, name), _most(row, name)
    was, now = format_value(first, metric.unit), format_value(most, metric.unit)
    course = f"{metric.title} {now}" if was == now else f"{metric.title} {was} to {now}"
    return f"{row.name} (pid {row.pid}): {course}"


def _first(row: ProcessRow, name: str) -> int:
    return (row.rss_first if name == "rss" else row.fds_first) or 0


def _most(row: ProcessRow, name: str) -> int:
    return (row.rss_max if name == "rss" else row.fds_max) or 0
