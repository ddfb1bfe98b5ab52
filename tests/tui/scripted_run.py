"""A scripted run: events as a supervisor would write them, and a RunSource that plays them."""

import asyncio
import math
import random
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import msgspec

from stresstui.catalogue import load
from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Phase, encode_event
from stresstui.core.model.sample import HostSample, ProcessSample, Sample
from stresstui.core.model.scenario import CriterionSpec, MetricSpec, RunnerKind, Scenario
from stresstui.core.run.fold import RunState
from stresstui.engine.process.pidfile import write_pid_file

MIB = 2**20
WARM_UP = 30
_CRITERIA = (
    ("no_crashes", "No crashes or panics", "count(crashes) == 0", "Success criteria"),
    ("memory_stable", "Memory usage stable (no continuous growth)", "growth(rss) < 1MiB/h", "Success criteria"),
    ("fds_stable", "File descriptors stable (no leaks)", "growth(fds) < 1/h", "Success criteria"),
    ("cpu_reasonable", "CPU usage reasonable (<80% average)", "mean(cpu) < 80%", "Success criteria"),
    ("connections_closed", "Network connections properly closed", "settles(established)", "Success criteria"),
    ("few_fds", "No more than 100 descriptors", "max(fds) < 100 for 5s", "Specific checks"),
    ("fast_enough", "Throughput holds", "min(throughput, 10s) > 50MB/s", "Specific checks"),
    ("small", "Memory stays small", "max(rss) < 512MiB", "Specific checks"),
    ("ech_share", "ECH encryption stability", "min(ech_share_percent) >= 100%", "Specific checks"),
)  # fmt: skip


def scenario() -> Scenario:
    return Scenario(
        name="ech_24h",
        duration=86400.0,
        warm_up=float(WARM_UP),
        cool_down=10.0,
        metrics={"ech_share_percent": MetricSpec(falls=True)},
        criteria=tuple(CriterionSpec(id=i, title=t, rule=r, group=g) for i, t, r, g in _CRITERIA),
    )


def started(run: Scenario, duration: float) -> ev.Started:
    return ev.Started(
        0.0, run="ech_24h_20261123T101500Z", wall="2026-11-23T10:15:00Z", scenario=msgspec.to_builtins(run),
        runner=RunnerKind.LAB, why="no Cargo workspace was found above the working directory", duration=duration,
        warm_up=run.warm_up, cool_down=run.cool_down,
    )  # fmt: skip


def sample(second: int, *, fds: int = 28, rss: float = 45.0, established: int = 64, cpu: float = 0.1) -> ev.Sampled:
    half = [fds // 2, fds - fds // 2]
    processes = tuple(
        ProcessSample(
            pid=pid, started=1.0, name="sing-box", cpu_s=second * cpu, rss=int(rss * MIB / 2), vsz=10**9, fds=half[i],
            threads=9, established=established // 2, close_wait=0, listen=1, udp=0, bytes_in=second * 1000,
            bytes_out=second * 1000,
        )
        for i, pid in enumerate((11, 12))
    )  # fmt: skip
    host = HostSample(load1=0.4, mem_available=10**9, active_opens=second * 20, attempt_fails=0, retrans_segs=3)
    t = float(second)
    return ev.Sampled(t, sample=Sample(t, processes, host, 2, t, monitor_cpu_s=second * 0.004, monitor_rss=38 * MIB))


def report(second: int, rate: float, noise: random.Random) -> ev.Reported:
    values = {
        "connections_total": second * 20.0, "connection_failures_total": 0.0,
        "bytes_total": second * rate + noise.random() * 2e6,
        "ech_share_percent": 100.0, "handshake_failures_total": 0.0, "latency_ms_p99": 11 + noise.random(),
        "latency_ms_p50": 4.0, "streams_per_connection": 18.2, "ech_handshakes_total": second * 20.0,
    }  # fmt: skip
    return ev.Reported(second + 0.5, values=values)


def run_events(
    seconds: int,
    *,
    leak_from: int | None = None,
    end: bool = False,
    run: Scenario | None = None,
    duration: float = 86400.0,
) -> Iterator[Event]:
    """A run of so many seconds; from ``leak_from`` on, 3 descriptors a second are not closed."""
    noise = random.Random(1)
    run = run or scenario()
    yield started(run, duration)
    yield ev.ServiceState(0.0, state="ready", detail="a round trip through both proxies")
    yield ev.PhaseBegan(0.0, Phase.WARM_UP)
    for second in range(seconds):
        if second == WARM_UP:
            yield ev.PhaseBegan(float(second), Phase.SOAK)
        leaked = 0 if leak_from is None else max(0, second - leak_from) * 3
        rss = 45 + 3 * math.sin(second / 60) + noise.random()
        yield sample(second, fds=28 + leaked, rss=rss, established=60 + noise.randrange(8))
        if second > 2:
            yield report(second, 92e6, noise)
    if end:
        yield from ending(seconds)


def ending(second: int) -> Iterator[Event]:
    t = float(second)
    yield ev.PhaseBegan(t, Phase.COOL_DOWN)
    for i in range(1, 11):
        yield sample(second + i, established=0)
    yield ev.Exited(t + 11, status=0, planned=True)
    yield ev.Ended(t + 11, wall="2026-11-23T10:25:00Z")


def write_run(directory: Path, events: Iterator[Event], output: bytes = b"") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in events))
    (directory / "output.log").write_bytes(output)
    write_pid_file(directory)  # whoever runs the test stands for the supervisor
    return directory


def real_scenario() -> Scenario:
    return load("ech_24h")


class ScriptedSource:
    """Plays what a test gives it, when the test says so; remembers what was asked of it."""

    def __init__(self, events: list[Event], output: bytes = b"") -> None:
        self.run_name = "ech_24h_20261123T101500Z"
        self.directory = Path("reports") / self.run_name
        self.read_only = ""
        self.batches: asyncio.Queue[list[Event]] = asyncio.Queue()
        self.prints: asyncio.Queue[bytes] = asyncio.Queue()
        self.batches.put_nowait(events)
        if output:
            self.prints.put_nowait(output)
        self.asked: list[str] = []
        self.refusal: OSError | None = None
        self.alive = True

    def begin(self) -> RunState:
        return RunState()

    async def events(self) -> AsyncIterator[list[Event]]:
        while True:
            batch = await self.batches.get()
            yield batch
            if batch and isinstance(batch[-1], ev.Ended):
                return

    async def output(self) -> AsyncIterator[bytes]:
        while True:
            yield await self.prints.get()

    def lives(self) -> bool:
        return self.alive

    async def stop(self) -> None:
        self._answer("stop")

    async def note(self, text: str) -> None:
        self._answer(f"note {text}")

    async def investigate(self, *options: str) -> str:
        self._answer(f"investigate {' '.join(options)}")
        return "== descriptors\n  90  proxy  tcp CLOSE_WAIT\n  -> /runs/one/evidence/fds_7.json"

    def _answer(self, what: str) -> None:
        self.asked.append(what)
        if self.refusal is not None:
            raise self.refusal
