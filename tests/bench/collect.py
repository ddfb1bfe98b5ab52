"""CPU milliseconds for one sample of a process that holds many connections; run by hand, on a quiet machine.

Columns: both collectors with the socket table read every time, the guide's loop of ps, lsof and netstat, and what
the collectors take of a core at one sample a second when their cadence decides how often the table is read. The guide's
loop looks at one process; from 10,000 connections on that is half of them.
"""

import json
import resource
import statistics
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from stresstui.core.model.sample import Role
from stresstui.engine.collect import Collector, open_collector

CHILD = Path(__file__).parents[1] / "engine/collect/child.py"
SIZES = (10, 1_000, 10_000)
ROUNDS = 7
MINUTE = 60
IN_ONE_PROCESS = 5_000


def main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    print(f"{'connections':>11} {'linux ms':>9} {'portable ms':>11} {'guide ms':>9} {'linux %':>8} {'portable %':>10}")
    for size in SIZES:
        print(measured(size), flush=True)


def measured(size: int) -> str:
    with subprocess.Popen(
        [sys.executable, str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        for command in commands(size):
            print(json.dumps(command), file=child.stdin, flush=True)
            child.stdout.readline()
        linux, portable = (each_sample(kind, child.pid, size) for kind in ("linux", "portable"))
        guide = statistics.median(guide_loop(child.pid) for _ in range(3))
        shares = [steady(kind, child.pid) for kind in ("linux", "portable")]
        child.stdin.close()
    return f"{size:>11} {linux:>9.2f} {portable:>11.2f} {guide:>9.1f} {shares[0]:>8.2f} {shares[1]:>10.2f}"


def commands(size: int) -> list[tuple[object, ...]]:
    """Connections of the child, half of them in a child of its own where one process may not hold them all."""
    if size <= IN_ONE_PROCESS:
        return [("connect", 4, size)]
    half = size // 2
    return [("spawn",), ("connect", 4, half), ("tell", 0, "connect", 4, size - half)]


def opened(kind: str, pid: int) -> Collector:
    return open_collector(kind, lambda: [pid], lambda _: Role.SUT)


def each_sample(kind: str, pid: int, size: int) -> float:
    """Median of samples that all read the table, milliseconds; the first, which reads every descriptor, is left out."""
    with closing(opened(kind, pid)) as collector:
        samples = [collector.collect(i * 1e6) for i in range(ROUNDS + 1)]
    assert sum(p.established or 0 for p in samples[-1].processes) == 2 * size
    return statistics.median((sample.cost_s or 0.0) * 1000 for sample in samples[1:])


def steady(kind: str, pid: int) -> float:
    """Percent of a core over a minute's samples, the costly first one left out, read one after another."""
    with closing(opened(kind, pid)) as collector:
        costs = [collector.collect(float(t)).cost_s or 0.0 for t in range(-MINUTE, MINUTE)]
    return 100 * sum(costs[MINUTE:]) / MINUTE


def guide_loop(pid: int) -> float:
    """CPU milliseconds of the guide's three commands."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    before = spent()
    for command in (
        f"ps -p {pid} -o rss= | awk '{{print $1}}'",
        f"lsof -p {pid} 2>/dev/null | wc -l",
        "netstat -an | grep ESTABLISHED | wc -l",
    ):
        subprocess.run(["sh", "-c", command], check=True, stdout=subprocess.DEVNULL)
    return (spent() - before) * 1000


if __name__ == "__main__":
    main()
