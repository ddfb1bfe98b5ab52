"""How a run is measured just now: by what, how often, at what cost, and what cannot be seen."""

from typing import TYPE_CHECKING, Final

from stresstui.core.model.units import format_duration, format_value

if TYPE_CHECKING:
    from stresstui.core.model.sample import ProcessSample, Sample
    from stresstui.core.run.state import RunState

_NAMED: Final = 3
"""Processes of which something cannot be read that are named."""


def measuring(state: "RunState") -> list[tuple[str, str]]:
    """What is measured and how, a pair of words for each part; empty before the first sample."""
    sample = state.sample
    if sample is None or state.started is None:
        return []
    parts = [
        ("processes", _processes(state, sample)),
        ("sockets", _sockets(sample)),
        ("control group", _group(sample)),
        ("the monitor", f"{format_value(state.monitor_cpu_percent, '%')} of a core, {_bytes(sample.monitor_rss)}"),
    ]
    return [*parts, ("not readable", _unreadable(state.under_test()))]


def _processes(state: "RunState", sample: "Sample") -> str:
    every = format_duration(state.started.interval) if state.started else "-"
    cost = "" if sample.cost_s is None else f", {1000.0 * sample.cost_s:.1f} ms of CPU each"
    return f"{len(sample.processes)} every {every}: {state.samples:,} samples{cost}, {state.missed:,} missed"


def _sockets(sample: "Sample") -> str:
    if sample.sockets_t is None:
        return "no table of the kernel could be read: not counted"
    age = sample.t - sample.sockets_t
    when = "with this sample" if age <= 0 else f"{format_duration(age)} ago, estimated since"
    lost = sample.sockets.unattributed if sample.sockets else 0
    unsure = f"; {lost:,} closed before their owner was found" if lost else ""
    return f"the kernel's table, read {when}{unsure}"


def _group(sample: "Sample") -> str:
    if sample.cgroup is None:
        return "none of its own: page cache is not seen, CPU of the shortest children is what their parents say"
    return "its own: CPU of the shortest children, page cache, kills for want of memory"


def _unreadable(processes: list["ProcessSample"]) -> str:
    hidden = [f"{p.name} ({p.pid})" for p in processes if p.fds is None or p.established is None]
    more = f" and {len(hidden) - _NAMED} more" if len(hidden) > _NAMED else ""
    return f"descriptors or sockets of {', '.join(hidden[:_NAMED])}{more}" if hidden else "nothing"


def _bytes(number: int | None) -> str:
    return format_value(None if number is None else float(number), "bytes")
