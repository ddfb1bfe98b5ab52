"""Any metric of a recorded run of stresstui: its directory or its journal."""

from pathlib import Path
from typing import Final

from stresstui.core.derive.reading import Reading
from stresstui.core.model.event import Doubted, Reported, Sampled
from stresstui.core.run.fold import advance
from stresstui.core.run.state import RunState
from stresstui.engine.record import journal
from stresstui.engine.record.stored.opened import PACKED_SUFFIX
from stresstui.folder import JOURNAL
from stresstui.traces.trace import Trace, TraceError, Wanted

_OF_KIND = {
    "rss": "rss", "fds": "fds", "sockets": "established", "throughput": "throughput", "bytes_down": "mem_available",
}  # fmt: skip

_JOURNAL: Final = "journal"
"""Where a doubt comes from that is about the record."""


def journal_of(path: Path) -> Path | None:
    """The journal that a path means; None where it means none."""
    if path.is_dir():
        return path / JOURNAL
    plain = path.with_name(path.name.removesuffix(PACKED_SUFFIX))
    return plain if plain.name == JOURNAL else None


def read_run(path: Path, wanted: Wanted) -> Trace:
    """Read one metric from a journal; raise OSError, or TraceError where the run has no such metric.

    That a part of the journal was lost is among the notes: the curve then says less than it seems to.
    """
    name = wanted.value or _OF_KIND.get(wanted.kind, "")
    state, points, known = RunState(), list[tuple[float, float]](), set[str]()
    lost: list[str] = []
    for event in journal.read(path):
        state = advance(state, event)
        found = _values(event, state.reading)
        known.update(found)
        if name in found:
            points.append((event.t, found[name]))
        if isinstance(event, Doubted) and event.where == _JOURNAL:
            lost.append(f"{event.reason}: only what is left of it is looked at")
    if not points:
        raise TraceError(0, f"the run has no metric '{name}'", f"--value takes one of {', '.join(sorted(known))[:400]}")
    return Trace(points, [f"metric '{name}' of {state.started.run if state.started else path}", *lost])


def _values(event: object, reading: Reading) -> dict[str, float]:
    if isinstance(event, Sampled):
        return reading.values
    return event.values if isinstance(event, Reported) else {}
