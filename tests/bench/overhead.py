"""What being watched costs a program: connections per second and p99 of the lab's plain load, with and without.

Pairs in turns: unwatched, watched at 1 Hz, watched at 10 Hz, each some seconds; the medians of the ratios of each pair.
The rate is of as many connections as go, the p99 of a quarter of that: where all is taken, p99 is what the queue was.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

import uvloop

from stresstui.lab.load import driver
from tests.bench.driver import MANY, DirectExchange, DirectFlow, drive, running
from tests.bench.watching import running as watching
from tests.bench.watching import supervisor

ROUNDS = 7
STEADY = replace(MANY, rate=4_000)


def main() -> None:
    vars(driver).update(Exchange=DirectExchange, Flow=DirectFlow)
    ratios: dict[float, list[tuple[float, float]]] = {1.0: [], 10.0: []}
    for _ in range(ROUNDS):
        bare = loaded(None)
        for hertz, found in ratios.items():
            rate, p99 = loaded(hertz)
            found.append((rate / bare[0], p99 / bare[1]))
    for hertz, found in ratios.items():
        rates, tails = zip(*found, strict=True)
        print(f"watched at {hertz:g} Hz: rate {spread(rates)}, p99 {spread(tails)} of unwatched, {ROUNDS} pairs")


def spread(ratios: Any) -> str:
    return f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


def loaded(hertz: float | None) -> tuple[float, float]:
    """Connections per second, and the p99 of a round trip in seconds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(sys.executable, "-m", "stresstui.lab.servers.echo", folder, stdin=subprocess.PIPE) as echo,
    ):
        assert echo.stdout
        port = int(json.loads(echo.stdout.readline())["port"])
        with watching(partial(supervisor, interval=1 / hertz), echo.pid) if hertz else nullcontext():
            time.sleep(1.5)
            most, elapsed = uvloop.run(drive(MANY, port))
            steady, _ = uvloop.run(drive(STEADY, port))
    return most.tally.connections / elapsed, steady.tally.latency.percentile(99)


if __name__ == "__main__":
    main()
