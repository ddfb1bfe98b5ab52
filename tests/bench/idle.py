"""CPU and journal of the supervisor over many processes that do nothing, beside the kernel's own share of that."""

import statistics
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.bench import watching
from tests.bench.collect import SLEEPERS

SIZES = (500, 2_000)
FLOOR = """
import os, sys, time
children = open(f"/proc/{sys.argv[1]}/task/{sys.argv[1]}/children").read().split()
stats = [os.open(f"/proc/{pid}/stat", os.O_RDONLY) for pid in children]
fds = [os.open(f"/proc/{pid}/fd", os.O_PATH) for pid in children]
while True:
    for stat, folder in zip(stats, fds):
        os.pread(stat, 2048, 0)
        os.fstat(folder)
    time.sleep(1)
"""


def main() -> None:
    for size in SIZES:
        argv = [sys.executable, "-c", SLEEPERS, str(size)]
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout
            assert program.stdin
            program.stdout.readline()
            rounds = [measured(program.pid) for _ in range(watching.ROUNDS)]
            program.stdin.close()
        cpu, rss, rate, floor = map(statistics.median, zip(*rounds, strict=True))
        print(
            f"{size:6,} processes: {cpu:5.2f} % (the kernel alone {floor:.2f}), {rss:.0f} MiB, journal {rate:.1f} kB/s",
            flush=True,
        )


def measured(pid: int) -> tuple[float, float, float, float]:
    """Percent of a core and MiB of the supervisor, bytes per second of its journal, percent of the floor."""
    with tempfile.TemporaryDirectory() as folder:
        cpu, rss = watching.measured(partial(watching.supervisor, folder=folder), pid)
        rate = (Path(folder) / "journal.jsonl").stat().st_size / (watching.SETTLE + watching.SECONDS) / 1e3
    floor, _ = watching.measured(watching.plain(sys.executable, "-S", "-c", FLOOR, "{pid}"), pid)
    return cpu, rss, rate, floor


if __name__ == "__main__":
    main()
