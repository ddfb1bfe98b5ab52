"""The runs of a fleet as lines, those in trouble first."""

from collections.abc import Mapping, Sequence
from typing import Final

from stresstui.core.criteria.state import CriterionState
from stresstui.core.model.units import format_clock, format_value
from stresstui.core.run.fold import RunState
from stresstui.core.run.standing import standing_of
from stresstui.core.text.columns import columns
from stresstui.core.text.printable import printable
from stresstui.fleet.record import FleetRun, State
from stresstui.fleet.verdict import Joint

COLUMNS: Final = ("box", "scenario", "state", "elapsed", "RSS", "FDs", "ESTAB", "throughput", "what is wrong")
_VITALS: Final = (("rss", "bytes"), ("fds", "count"), ("established", "count"), ("throughput", "bytes/s"))
_TROUBLE: Final = (
    "lost", "could not run", "failed", "breached", "unreachable", "silent", "aborted", "warning", "inconclusive",
    "pending",
)  # fmt: skip


def rows(
    runs: Sequence[FleetRun], states: Mapping[int, RunState], joints: Sequence[Joint] = ()
) -> list[tuple[int, tuple[str, ...]]]:
    """A row a run with its place in the record, and one a load of several boxes below 0, sorted by trouble."""
    found = [(index, row(run, states.get(index))) for index, run in enumerate(runs)]
    found += [(-number, _joint(joint)) for number, joint in enumerate(joints, 1)]
    return sorted(found, key=lambda pair: (_rank(pair[1][2]), pair[0]))


def row(run: FleetRun, state: RunState | None) -> tuple[str, ...]:
    """The cells of one run."""
    word = word_of(run, state)
    known = state if state is not None and state.started is not None else None
    vitals = [format_value(known.reading.values.get(name), unit) if known else "-" for name, unit in _VITALS]
    worst = worst_of(known)
    elapsed = format_clock(known.under_load) if known else "-"
    return tuple(map(printable, (run.box, run.scenario, word, elapsed, *vitals, run.why or worst)))


def _joint(joint: Joint) -> tuple[str, ...]:
    """The cells of a load of several boxes: its sums, and why it is inconclusive, or what it came to."""
    rate = format_value(joint.rates.get("bytes_total"), "bytes/s")
    box = f"{len(joint.clients)} on {joint.server}"
    cells = (box, joint.scenario, joint.outcome, format_clock(joint.seconds), "-", "-", "-", rate)
    return tuple(map(printable, (*cells, "; ".join(joint.reasons) or say_joint(joint))))


def say_joint(joint: Joint) -> str:
    """What a load came to, in a line."""
    counts, times = joint.counts, joint.times.get("latency_ms")
    failed = counts.get("connection_failures_total", 0)
    said = f"{counts.get('connections_total', 0):,.0f} connections, {failed:,.0f} failed"
    said += f", p99 {times.p99:.1f} ms" if times is not None else ""
    if joint.outcome == "running" or not joint.compared:
        return said
    other = next((one for one in joint.compared if one.clients != one.server), None)
    if other is None:
        return f"{said}; the servers' relays saw the same"
    return f"{said}; {other.what}: {other.clients:,.0f}, the servers' relays saw {other.server:,.0f}"


def word_of(run: FleetRun, state: RunState | None) -> str:
    """How it stands, in the weakest word that is true."""
    if run.state in (State.RUNNING, State.ENDED) and state is not None and state.started is not None:
        return str(standing_of(state).word)
    return str(run.state)


def worst_of(state: RunState | None) -> str:
    """The criterion that is worst, with its value; empty where none is in trouble."""
    if state is None:
        return ""
    bad = next((criterion for criterion in state.criteria if _is_bad(criterion)), None)
    if bad is None:
        return ""
    value = format_value(bad.in_shown_unit(bad.value), bad.shown_unit)
    return f"{bad.spec.title}: {value}; {bad.spec.rule}"


def _is_bad(criterion: CriterionState) -> bool:
    return str(criterion.shown_verdict) in ("breached", "failed", "warning")


def _rank(word: str) -> int:
    return next((place for place, bad in enumerate(_TROUBLE) if bad in word), len(_TROUBLE))


def lines(runs: Sequence[FleetRun], states: Mapping[int, RunState], joints: Sequence[Joint] = ()) -> list[str]:
    """The table as text."""
    return columns([COLUMNS, *(one for _, one in rows(runs, states, joints))])
