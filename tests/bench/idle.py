"""CPU and journal of the supervisor over many processes that do nothing, beside the kernel's own share of that.

What is read once of each process (its memory in full, forty at each sample) and the first lines are counted apart: the
rates are those of what follows, and a minute of it, which holds one sample in full.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from stresstui.engine.collect.proc.memory_details import AT_ONCE
from tests.bench import watching
from tests.bench.collect import SLEEPERS

SIZES = (500, 2_000)
AT_FIRST_S = 10
"""Seconds before what is read once of each process, besides one for every forty of them."""
MINUTE = 60
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
            rounds = [measured(program.pid, size) for _ in range(watching.ROUNDS)]
            program.stdin.close()
        first, cpu, rss, begun, rate, floor = map(statistics.median, zip(*rounds, strict=True))
        print(
            f"{size:6,} processes: {cpu:5.2f} % (the kernel alone {floor:.2f}, at first {first:.2f}), {rss:.0f} MiB, "
            f"journal {rate:.1f} kB/s (after {begun:.0f} kB)",
            flush=True,
        )


def measured(pid: int, size: int) -> tuple[float, float, float, float, float, float]:
    """Percent of a core at first and then, MiB; kB of journal at first and kB/s of it then; percent of the floor."""
    with (
        tempfile.TemporaryDirectory() as folder,
        watching.running(partial(watching.supervisor, folder=folder), pid) as watcher,
    ):
        journal = Path(folder) / "journal.jsonl"
        time.sleep(watching.SETTLE)
        first, _ = over(AT_FIRST_S + size / AT_ONCE - watching.SETTLE, watcher, journal)
        begun = journal.stat().st_size / 1e3
        cpu, rate = over(MINUTE, watcher, journal)
        rss = watching.rss_of(watcher) / 2**20
    floor, _ = watching.measured(watching.plain(sys.executable, "-S", "-c", FLOOR, "{pid}"), pid)
    return first, cpu, rss, begun, rate, floor


def over(seconds: float, watcher: int, journal: Path) -> tuple[float, float]:
    """Percent of a core, and kB/s of journal, over so many seconds from now."""
    cpu, size, began = watching.cpu_of(watcher), journal.stat().st_size, time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    return 100 * (watching.cpu_of(watcher) - cpu) / passed, (journal.stat().st_size - size) / passed / 1e3


if __name__ == "__main__":
    main()
