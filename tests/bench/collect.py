"""CPU milliseconds for one sample, and the share of a core at one a second; run by hand, on a quiet machine.

First by connections, both ends in the tree. Columns: what the kernel alone takes to tell of them (its answer received
and not looked at), a sample that reads the table (median; every third asks for bytes too), the portable collector, the
guide's loop of ps, lsof and netstat (one process only); then the shares of the two collectors when their cadence
decides how often the table is read, and the memory that the fast one added. Then by idle processes.
"""

import json
import resource
import socket
import statistics
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from stresstui.core.model.sample import Role
from stresstui.engine.collect import Collector, open_collector
from stresstui.engine.collect.net import sock_diag

CHILD = Path(__file__).parents[1] / "engine/collect/child.py"
SIZES = (10, 1_000, 10_000, 50_000)
PROCESSES = (10, 500, 2_000)
ROUNDS = 7
A_TABLE_S = 15.0
MINUTE = 60
IN_ONE_PROCESS = 4_500
PORTABLE_UP_TO = 10_000
SLEEPERS = """
import subprocess, sys
made = [subprocess.Popen(["sleep", "1000"]) for _ in range(int(sys.argv[1]))]
print("ready", flush=True)
sys.stdin.read()
for one in made:
    one.kill()
"""


def main() -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    head = ("kernel ms", "linux ms", "portable ms", "guide ms", "linux %", "portable %", "MiB")
    print(f"{'connections':>11} " + " ".join(f"{name:>11}" for name in head))
    for size in SIZES:
        print(f"{size:>11} " + by_connections(size), flush=True)
    print(f"{'processes':>11} " + " ".join(f"{name:>11}" for name in ("linux %", "portable %")))
    for count in PROCESSES:
        print(f"{count:>11} " + by_processes(count), flush=True)


def by_connections(size: int) -> str:
    with holding(size) as child:
        portable = size <= PORTABLE_UP_TO
        before, grown = own_memory(), 0.0
        if not portable:
            with closing(opened("linux", child.pid)) as collector:
                collector.collect(0.0)
                grown = own_memory() - before
        figures: list[float | None] = [
            kernel_alone(),
            each_sample("linux", child.pid, size),
            each_sample("portable", child.pid, size) if portable else None,
            statistics.median(guide_loop(child.pid) for _ in range(3)),
            steady("linux", child.pid),
            steady("portable", child.pid) if portable else None,
            grown if not portable else None,
        ]
    return row(figures)


def by_processes(count: int) -> str:
    argv = [sys.executable, "-c", SLEEPERS, str(count)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdin
        assert child.stdout
        child.stdout.readline()
        shares = [steady(kind, child.pid) for kind in ("linux", "portable")]
        child.stdin.close()
    return row(shares)


def row(figures: Sequence[float | None]) -> str:
    return " ".join(f"{'-' if figure is None else format(figure, '.2f'):>11}" for figure in figures)


@contextmanager
def holding(size: int) -> "Iterator[subprocess.Popen[str]]":
    with subprocess.Popen(
        [sys.executable, str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdin
        assert child.stdout
        for command in commands(size):
            print(json.dumps(command), file=child.stdin, flush=True)
            child.stdout.readline()
        yield child
        child.stdin.close()


def commands(size: int) -> list[tuple[object, ...]]:
    """Connections of the child, or of children of its own where one process may not hold them all."""
    if size <= IN_ONE_PROCESS:
        return [("connect", 4, size)]
    parts = -(-size // IN_ONE_PROCESS)
    shares = [size // parts + (part < size % parts) for part in range(parts)]
    return [step for i, share in enumerate(shares) for step in (("spawn",), ("tell", i, "connect", 4, share))]


def opened(kind: str, pid: int) -> Collector:
    return open_collector(kind, lambda: [pid], lambda _: Role.SUT)


def kernel_alone() -> float:
    """CPU milliseconds to receive the table over netlink, without reading it."""
    request = struct.pack("=IHHII B 2x B 48x I 4x", 76, 18, 0x301, 1, 0, 0, 0, sock_diag.COUNTED_STATES)
    costs = []
    for _ in range(ROUNDS):
        began = time.thread_time()
        with closing(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)) as link:
            link.send(request)
            while struct.unpack_from("=IH", link.recv(1 << 16))[1] != 3:
                pass
        costs.append((time.thread_time() - began) * 1000)
    return statistics.median(costs)


def each_sample(kind: str, pid: int, size: int) -> float:
    """Median of samples that all read the table, milliseconds; the first, which reads every descriptor, is left out."""
    with closing(opened(kind, pid)) as collector:
        samples = [collector.collect(i * A_TABLE_S) for i in range(ROUNDS + 1)]
    assert sum(p.established or 0 for p in samples[-1].processes) == 2 * size
    return statistics.median((sample.cost_s or 0.0) * 1000 for sample in samples[1:])


def steady(kind: str, pid: int) -> float:
    """Percent of a core over a minute's samples, the costly first ones left out, read one after another."""
    with closing(opened(kind, pid)) as collector:
        costs = [collector.collect(float(t)).cost_s or 0.0 for t in range(-MINUTE, MINUTE)]
    return 100 * sum(costs[MINUTE:]) / MINUTE


def own_memory() -> float:
    """Resident set of this process, MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / (1 << 20)


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
