"""Runs written for the tests of what reads them, and whether two states are the same."""

from collections import deque
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Phase
from stresstui.core.model.sample import Sample
from stresstui.core.model.scenario import MetricSpec
from stresstui.core.run.fold import RunState
from stresstui.engine.clock import RunClock
from stresstui.engine.record import checkpoint
from stresstui.engine.record.recorder import Recorder
from stresstui.folder import JOURNAL
from tests.core.story import MIB, Story, process

RULES = (
    "max(fds) < 40 for 3s", "growth(rss) < 1MiB/h", "growth(fds, per=connections_total) < 0.001", "settles(fds)",
    "mean(cpu) < 80%", "min(throughput, 5s) > 1MB/s", "max(latency_ms_p99) < 9ms", "count(crashes) == 0",
)  # fmt: skip


def events_of(seconds: int, faults: list[int]) -> list[Event]:
    story = Story(
        *RULES,
        duration=float(seconds),
        warm_up=20.0,
        metrics={"latency_ms_p99": MetricSpec(), "connections_total": MetricSpec()},
    )
    events = story.phase(Phase.WARM_UP).events
    for t in range(1, seconds):
        at = float(t)
        if t == 20:
            events.append(ev.PhaseBegan(at, Phase.SOAK))
        fds = 20 + 30 * (t in faults) + t // 30
        found = tuple(
            process(at, pid=pid, rss=50 * MIB + 4096 * (t * 7919 % 251), fds=fds, bytes_in=2_000_000 * t, cpu_s=0.1 * t)
            for pid in (1, 2 + t // 40)
        )
        events.append(ev.Sampled(at, Sample(at, found, cpus=2, sockets_t=at)))
        events.append(ev.Reported(at + 0.5, {"connections_total": 20.0 * t, "latency_ms_p99": 5.0 + t % 7, "up": 1.0}))
        if t in faults:
            events += [ev.Problem(at + 0.6, "somewhere", "something"), ev.Noted(at + 0.7, "me", "seen")]
    return events


def record(directory: Path, events: list[Event], every: float) -> Path:
    directory.mkdir(mode=0o700)
    path = directory / JOURNAL
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint, "EVERY_S", every)
        recorder = Recorder(path, RunClock(), None, lambda _: None)
        for event in events:
            if isinstance(event, ev.Ended):
                recorder.end(event)
            else:
                recorder.record(event)
        recorder.close()
    return path


def _plain(value: Any, seen: dict[int, tuple[str, Any]]) -> Any:
    """Anything as nested plain values, an object that comes again as the number of its first place."""
    if value is None or isinstance(value, str | bytes | bool | float | int):
        return value
    if id(value) in seen:
        return seen[id(value)][0]
    seen[id(value)] = f"object {len(seen)}", value  # which is kept, so that no other gets its id
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    kind = "list" if isinstance(value, tuple) else type(value).__name__  # JSON has but one of the two
    return [kind, *(_plain(part, seen) for part in _parts(value))]


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        return [part for pair in value.items() for part in pair]
    if isinstance(value, list | tuple | deque):
        return value
    names: set[str] = {*getattr(value, "__dict__", {}), *getattr(value, "__struct_fields__", ())}
    names |= {name for kind in type(value).__mro__ for name in getattr(kind, "__slots__", ())}
    found: list[Any] = [(name, getattr(value, name)) for name in sorted(names) if hasattr(value, name)]
    return found or [str(getattr(value, "__qualname__", ""))]


def same(one: RunState, other: RunState) -> bool:
    return bool(_plain(one, {}) == _plain(other, {}))
