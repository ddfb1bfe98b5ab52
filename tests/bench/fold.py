"""How fast a run folds: ``python -m tests.bench.fold [HOURS]`` prints CPU time per second of the run."""

import resource
import sys
import time
from collections.abc import Iterator
from typing import Any

from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Phase, decode_event, encode_event
from stresstui.core.model.sample import HostSample, Sample
from stresstui.core.model.scenario import MetricSpec, RunnerKind
from stresstui.core.run.fold import RunState, advance
from tests.core.story import MIB, Story, process

PLAIN = (
    "count(crashes) == 0", "mean(cpu) < 80%", "settles(established)", "max(fds) < 100 for 5s",
    "min(throughput, 30s) > 5MB/s", "max(latency_ms_p99) < 1s",
)  # fmt: skip
GROWTH = ("growth(rss) < 1MiB/h", "growth(fds) < 1/h")
WARM_UP = 600
CHUNK = 600
"""Seconds whose events are made at a time, so that the peak of memory is the fold's and not the script's."""


def beginning(rules: tuple[str, ...], seconds: int) -> list[Event]:
    """Say how the run begins."""
    story = Story(
        *rules, runner=RunnerKind.LAB, duration=float(seconds), warm_up=float(WARM_UP),
        metrics={"latency_ms_p99": MetricSpec()},
    )  # fmt: skip
    return story.phase(Phase.WARM_UP).events


def second(t: int) -> Iterator[Event]:
    """Give one second of a run of four processes under a workload that reports."""
    if t == WARM_UP:
        yield ev.PhaseBegan(float(t), Phase.SOAK)
    each: dict[str, Any] = {
        "cpu_s": 0.1 * t, "rss": 50 * MIB + 4096 * (t * 7919 % 251), "fds": 20 + t * 31 % 3, "bytes_in": 2_000_000 * t,
        "bytes_out": 2_000_000 * t,
    }  # fmt: skip
    host = HostSample(load1=0.4, mem_available=4096 * MIB, active_opens=20 * t, attempt_fails=0, retrans_segs=3)
    found = tuple(process(float(t), pid=pid, **each) for pid in (1, 2, 3, 4))
    sample = Sample(float(t), found, host, cpus=2, sockets_t=float(t), monitor_cpu_s=0.004 * t, monitor_rss=20 * MIB)
    yield ev.Sampled(float(t), sample)
    yield ev.Reported(
        t + 0.5,
        {
            "connections_total": 20.0 * t,
            "connection_failures_total": 0.0,
            "bytes_total": 8e6 * t,
            "latency_ms_p99": 5.0 + t % 20,
        },
    )


def measure(rules: tuple[str, ...], seconds: int) -> tuple[list[float], float]:
    """Give the CPU time of folding each chunk, and of decoding all, seconds."""
    state, decoding = RunState(), 0.0
    folding: list[float] = []
    for event in beginning(rules, seconds):
        advance(state, event)
    for start in range(0, seconds, CHUNK):
        lines = [encode_event(event) for t in range(start, min(seconds, start + CHUNK)) for event in second(t)]
        began = time.process_time()
        events = [decode_event(line) for line in lines]
        decoded = time.process_time()
        for event in events:
            advance(state, event)
        folding.append(time.process_time() - decoded)
        decoding += decoded - began
    return folding, decoding


def main(hours: float = 1.0) -> None:
    """Print one line per set of rules; the fastest chunk is what a busy machine disturbs least."""
    seconds = round(3600 * hours)
    for name, rules in (("no criteria", ()), ("six criteria", PLAIN), ("and two of growth", (*PLAIN, *GROWTH))):
        folding, decoding = measure(rules, seconds)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        mean, best = sum(folding) / seconds, min(folding) / min(CHUNK, seconds)
        print(
            f"{name:18} {1e6 * mean:6.1f} us a second (fastest ten minutes {1e6 * best:5.1f}),"
            f" decoding {1e6 * decoding / seconds:5.1f} us, {sum(folding):6.2f} s for {hours:g} h, peak {peak:.0f} MiB"
        )


if __name__ == "__main__":
    main(*(float(argument) for argument in sys.argv[1:2]))
