"""Small programs with a known habit of memory and descriptors: `small.py NAME` runs until it is ended."""

import math
import os
import random
import sys
import time
from collections import OrderedDict
from collections.abc import Callable

KIB = 1024
MIB = 1024 * KIB


def _tick(start: float, count: int) -> float:
    time.sleep(max(0.0, start + count - time.monotonic()))
    return time.monotonic() - start


def _each_second(act: Callable[[float], None]) -> None:
    start, count = time.monotonic(), 0
    while True:
        act(_tick(start, count))
        count += 1


def idle() -> None:
    _each_second(lambda _: None)


def fd_leak() -> None:
    """One descriptor lost every 30 s among short-lived ones."""
    lost: list[int] = []
    brief: list[int] = []

    def act(elapsed: float) -> None:
        _churn(brief)
        if elapsed > 30 * (len(lost) + 1):
            lost.append(os.open(os.devnull, os.O_RDONLY))

    _each_second(act)


def fd_churn() -> None:
    """Short-lived descriptors and nothing lost."""
    brief: list[int] = []
    _each_second(lambda _: _churn(brief))


def _churn(brief: list[int]) -> None:
    while brief and random.random() < 0.6:
        os.close(brief.pop(random.randrange(len(brief))))
    brief.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(random.randrange(3)))


def warm_up() -> None:
    """Fills 60 MiB with a time constant of 80 s."""
    held: list[bytearray] = []

    def act(elapsed: float) -> None:
        while len(held) < 960 * (1 - math.exp(-elapsed / 80)):
            held.append(bytearray(b"x" * 64 * KIB))

    _each_second(act)


def cache() -> None:
    """A bounded least-recently-used cache that is full after a while."""
    held: OrderedDict[int, bytes] = OrderedDict()

    def act(_: float) -> None:
        for _ in range(40):
            key = int(random.paretovariate(0.5)) % 5000
            held[key] = os.urandom(random.randrange(4, 24) * KIB)
            held.move_to_end(key)
            if len(held) > 1500:
                held.popitem(last=False)

    _each_second(act)


def slow_leak() -> None:
    """Loses about 10 KiB a second (36 MiB/h) among allocations of every size that come and go."""
    lost: list[bytes] = []
    live: list[bytes] = []

    def act(_: float) -> None:
        _breathe(live)
        lost.append(os.urandom(10 * KIB))

    _each_second(act)


def breathe() -> None:
    """Allocations of every size that come and go, nothing lost."""
    live: list[bytes] = []
    _each_second(lambda _: _breathe(live))


def _breathe(live: list[bytes]) -> None:
    live.extend(os.urandom(int(random.lognormvariate(8, 1.2))) for _ in range(60))
    while len(live) > random.randrange(1500, 2000):
        live.pop(random.randrange(len(live)))


def staircase() -> None:
    """Loses 2 MiB at once every 75 s."""
    lost: list[bytearray] = []

    def act(elapsed: float) -> None:
        if elapsed > 75 * (len(lost) + 1):
            lost.append(bytearray(b"x" * 2 * MIB))

    _each_second(act)


def bursts() -> None:
    """Takes 5-25 MiB for a few seconds at random times and gives it back."""
    held: list[bytearray] = []

    def act(_: float) -> None:
        if held and random.random() < 0.25:
            held.clear()
        elif not held and random.random() < 0.03:
            held.append(bytearray(b"x" * random.randrange(5, 25) * MIB))

    _each_second(act)


PROGRAMS = {
    run.__name__: run for run in (idle, fd_leak, fd_churn, warm_up, cache, slow_leak, breathe, staircase, bursts)
}

if __name__ == "__main__":
    random.seed(sys.argv[1])
    PROGRAMS[sys.argv[1]]()
