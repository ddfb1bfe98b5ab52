"""Evidence: what is open that was not, and what things looked like when a criterion was breached."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.core.derive.reading import Reading
from stresstui.core.model.event import BreachBegan, Captured, Descriptor, Event, Phase, Problem
from stresstui.core.model.sample import ProcessSample, Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.clock import RunClock, wall_clock
from stresstui.engine.output.pipe import last_output
from stresstui.engine.process.kernel.regions import grown, resident_by_region
from stresstui.engine.process.kernel.stacks import kernel_stacks
from stresstui.engine.supervise.descriptors import Key, TooCostlyError, group, read_descriptors, read_keys
from stresstui.files import write_whole
from stresstui.folder import EVIDENCE

TOLD_MAX: Final = 50
"""Descriptors that an event names; the file has more."""
FILED_MAX: Final = 1000
"""Descriptors that the file of a breach names; that of what was left over names all."""
LOOK_BACK_S: Final = 60.0
"""Seconds before a breach whose readings are kept with it."""
AGAIN_AFTER_S: Final = 600.0
"""Seconds in which the same criterion's breaches are captured once."""
OUTPUT_LINES: Final = 50
"""Lines of output that are kept with a breach."""
LOOKED_INTO_MAX: Final = 20
"""Processes whose mappings and threads are looked at."""
REGIONS_TOLD: Final = 30
"""Mappings that grew that a file names."""
THREADS_TOLD: Final = 50
"""Places of threads that a file names."""
_PATIENCE_S: Final = 5.0
_FIRST_PAUSE_S: Final = 60.0

Work = Callable[[], Coroutine[Any, Any, None]]
"""Captures something when called."""


class Evidence:
    """Captures evidence off the event loop, and records that it did."""

    def __init__(
        self, run_dir: Path, clock: RunClock, record: Callable[[Event], None], kernel: Callable[[], list[str]] = list
    ) -> None:
        """Nothing is read yet; ``kernel`` gives the kernel's newest messages."""
        self._dir, self._clock, self._record, self._kernel = run_dir, clock, record, kernel
        self._at_first: dict[int, set[Key]] = {}
        self._at_last: dict[int, set[Key]] = {}
        self._refer_from, self._pause_s = 0.0, _FIRST_PAUSE_S
        self._first_seen: dict[Key, float] = {}
        self._regions: dict[int, dict[str, int]] = {}
        self._readings: deque[Reading] = deque()
        self._samples: deque[Sample] = deque(maxlen=2)
        self._captured_at: dict[str, float] = {}
        self._pending: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Lock()

    def observe(self, state: RunState) -> None:
        """Keep what a breach may need of the newest sample."""
        if state.sample is None:
            return
        self._samples.append(state.sample)
        self._readings.append(state.reading)
        while self._readings[0].t < state.t - LOOK_BACK_S:
            self._readings.popleft()
        wanted = not self._at_first and not self._pending and state.phase in (Phase.WARM_UP, Phase.SOAK)
        if wanted and state.t >= self._refer_from:
            self.refer({process.pid: process.name for process in state.under_test()})

    def refer(self, names: Mapping[int, str]) -> None:
        """Take what processes hold now as what they may hold; ``names`` says what each is called, by pid.

        What is left over at the end is told against the first time that a process was referred to, what a breach finds
        against the last.
        """
        if names:
            self._later(partial(self._take_reference, dict(names)))

    async def settled(self) -> None:
        """Wait until everything that was begun is captured, but not for ever."""
        if self._pending:
            await asyncio.wait(self._pending, timeout=_PATIENCE_S)

    async def leftover(self, names: Mapping[int, str]) -> None:
        """Tell what is open that was not open at first."""
        await self._guarded(partial(self._capture_leftover, names))

    def breach(self, event: BreachBegan, state: RunState) -> None:
        """Capture what a breach looks like, unless that was done for this criterion some minutes ago."""
        last = self._captured_at.get(event.criterion)
        if last is not None and event.t - last < AGAIN_AFTER_S:
            return
        self._captured_at[event.criterion] = event.t
        self._later(partial(self._capture_breach, event, {p.pid: p.name for p in state.under_test()}))

    def close(self) -> None:
        """Give up what is not captured yet."""
        for task in self._pending:
            task.cancel()

    def _later(self, work: Work) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)

    async def _guarded(self, work: Work) -> None:
        """What goes wrong with evidence is a Problem, never the end of a run."""
        try:
            async with self._one_at_a_time:
                await asyncio.wait_for(work(), _PATIENCE_S)
        except (TooCostlyError, TimeoutError, OSError) as error:
            text = f"no evidence was captured: {str(error) or 'it took too long'}"
            self._record(Problem(self._clock.now(), "evidence", text))

    async def _take_reference(self, names: dict[int, str]) -> None:
        now = self._clock.now()
        try:
            held = await asyncio.to_thread(read_keys, names)
        except TooCostlyError as error:
            self._put_off(now, error)
            return
        for pid, keys in held.items():
            self._at_first.setdefault(pid, keys)
        self._at_last = held
        self._regions = await asyncio.to_thread(_read_regions, names)
        self._see(now, {key for keys in held.values() for key in keys})

    def _put_off(self, now: float, error: TooCostlyError) -> None:
        """What costs too much now is tried again later and later, and told once."""
        if self._pause_s == _FIRST_PAUSE_S:
            self._record(Problem(now, "evidence", f"what is open at the beginning is not known: {error}"))
        self._refer_from = now + self._pause_s
        self._pause_s *= 2

    def _see(self, now: float, keys: "set[Key] | Mapping[Key, Any]") -> None:
        """Remember since when what is open was seen; what was closed is forgotten."""
        self._first_seen = {key: self._first_seen.get(key, now) for key in keys}

    async def _capture_leftover(self, names: Mapping[int, str]) -> None:
        now = self._clock.now()
        found = await asyncio.to_thread(read_descriptors, names)
        fresh = self._fresh(now, found, self._at_first)
        file = ""
        if fresh:
            file = await self._file("leftover", {"what": "leftover", "t": now, "wall": wall_clock(), "open": fresh})
        self._record(Captured(self._clock.now(), "leftover", tuple(fresh[:TOLD_MAX]), len(fresh), file=file))

    def _fresh(
        self, now: float, found: Mapping[Key, Descriptor], reference: Mapping[int, set[Key]]
    ) -> list[Descriptor]:
        """What is open and was not in the reference, the oldest first."""
        fresh = [
            msgspec.structs.replace(one, age_s=None if (seen := self._first_seen.get(key)) is None else now - seen)
            for key, one in found.items()
            if key not in reference.get(key[0], ())
        ]
        return sorted(fresh, key=lambda one: -(one.age_s or 0.0))

    async def _capture_breach(self, event: BreachBegan, names: Mapping[int, str]) -> None:
        now = self._clock.now()
        facts: dict[str, Any] = {
            "what": "breach", "criterion": event.criterion, "title": event.title, "text": event.text,
            "value": event.value, "t": event.t, "wall": wall_clock(), "processes": self._describe_processes(),
            "readings": list(self._readings), "kernel": self._kernel(),
        }  # fmt: skip
        found = await asyncio.to_thread(read_descriptors, names)
        fresh = self._fresh(now, found, self._at_last)
        self._see(now, found)
        facts["output"] = await asyncio.to_thread(last_output, self._dir, OUTPUT_LINES)
        facts["descriptors"] = group(found)
        facts["grown"] = await asyncio.to_thread(_describe_growth, names, self._regions)
        facts["threads"] = await asyncio.to_thread(_describe_threads, names)
        facts["open"] = fresh[:FILED_MAX]
        file = await self._file(f"{event.criterion}_{event.t:.0f}", facts)
        told = tuple(fresh[:TOLD_MAX])
        self._record(Captured(self._clock.now(), "breach", told, len(fresh), criterion=event.criterion, file=file))

    def _describe_processes(self) -> list[dict[str, Any]]:
        """The newest sample's processes, with the CPU since the sample before, in percent of one core."""
        if not self._samples:
            return []
        before, now = self._samples[0], self._samples[-1]
        known = {process.key: process for process in before.processes}
        return [
            {**msgspec.to_builtins(process), "cpu_cores": _cpu(known.get(process.key), process, now.t - before.t)}
            for process in now.processes
        ]

    async def _file(self, name: str, facts: Mapping[str, Any]) -> str:
        """Write a file of evidence; return its path from the run's directory on."""
        safe = "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
        path = self._dir / EVIDENCE / f"{safe}.json"
        await asyncio.to_thread(_write, path, msgspec.json.format(msgspec.json.encode(facts), indent=1))
        return f"{EVIDENCE}/{path.name}"


def _read_regions(names: Mapping[int, str]) -> dict[int, dict[str, int]]:
    return {pid: resident_by_region(pid) for pid in list(names)[:LOOKED_INTO_MAX]}


def _describe_growth(names: Mapping[int, str], before: Mapping[int, dict[str, int]]) -> list[dict[str, Any]]:
    """The mappings that hold more than at the reference, of the processes that were there then."""
    found = [
        {"pid": pid, "name": names[pid], "region": region, "bytes": size}
        for pid, now in _read_regions(names).items()
        if before.get(pid)
        for region, size in grown(before[pid], now)
    ]
    return sorted(found, key=lambda one: -int(str(one["bytes"])))[:REGIONS_TOLD]


def _describe_threads(names: Mapping[int, str]) -> list[dict[str, Any]]:
    """Where the threads are in the kernel, the most at one place first."""
    found = [
        {"pid": pid, "name": names[pid], "count": count, "at": place}
        for pid in list(names)[:LOOKED_INTO_MAX]
        for count, place in kernel_stacks(pid)
    ]
    return sorted(found, key=lambda one: -int(str(one["count"])))[:THREADS_TOLD]


def _cpu(before: ProcessSample | None, now: ProcessSample, elapsed: float) -> float | None:
    if before is None or before.cpu_s is None or now.cpu_s is None or elapsed <= 0:
        return None
    return round(100.0 * (now.cpu_s - before.cpu_s) / elapsed, 1)


def _write(path: Path, text: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    write_whole(path, text + b"\n")
