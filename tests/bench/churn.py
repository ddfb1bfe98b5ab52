"""Socket counts against the truth while connections are replaced; run by hand: ``python -m tests.bench churn``.

For each count and rate: how many sockets are open, what one sample a second of half a minute showed (least and most) by
how it was marked, how many exact ones were wrong by more than a thousandth, and the CPU that the samples took.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from stresstui.core.derive.reading import Reading, derive
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import Role, Sample
from stresstui.engine.collect import open_collector

CHURN = Path(__file__).parents[1] / "engine/collect/net/churn.py"
CASES = ((1_000, 200), (10_000, 500), (50_000, 500))
IN_ONE_PROCESS = 5_000
SECONDS = 30


def main() -> None:
    print(f"{'connections':>11} {'rate':>5} {'true':>7}  shown, by certainty{'':<34} wrong  CPU %")
    for count, rate in CASES:
        print(measured(count, rate), flush=True)


def measured(count: int, rate: int) -> str:
    parts = -(-count // IN_ONE_PROCESS)
    with ExitStack() as stack:
        children = [stack.enter_context(started(count // parts, rate / parts)) for _ in range(parts)]
        for child in children:
            assert child.stdout
            assert child.stdout.readline() == "ready\n"
        pids = [child.pid for child in children]
        collector = stack.enter_context(closing(open_collector("linux", lambda: pids, lambda _: Role.SUT)))
        samples = list(once_a_second(collector.collect))
        for child in children:
            assert child.stdin
            child.stdin.close()
    return told(count // parts * parts, rate, samples)


def started(count: int, rate: float) -> "subprocess.Popen[str]":
    argv = [sys.executable, str(CHURN), str(count), str(rate)]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def once_a_second(collect: Callable[[float], Sample]) -> Iterator[Sample]:
    began = time.monotonic()
    for tick in range(SECONDS):
        time.sleep(max(0.0, began + tick - time.monotonic()))
        yield collect(time.monotonic() - began)


def told(count: int, rate: int, samples: list[Sample]) -> str:
    readings: list[Reading] = []
    for before, sample in zip([None, *samples], samples, strict=False):
        readings.append(derive(before, sample, readings[-1] if readings else None))
    shown: dict[str, list[float]] = {}
    for reading in readings:
        certainty = reading.certainty.get("established", Certainty.EXACT)
        shown.setdefault(str(certainty), []).append(reading.values["established"])
    text = ", ".join(f"{c} {min(n):.0f}-{max(n):.0f} ({len(n)}x)" for c, n in sorted(shown.items()))
    wrong = sum(abs(n - 2 * count) > 0.001 * 2 * count + 2 for n in shown.get("exact", []))
    cpu = 100 * sum(s.cost_s or 0.0 for s in samples[1:]) / (SECONDS - 1)
    return f"{count:>11} {rate:>5} {2 * count:>7}  {text:<54} {wrong:>4} {cpu:>6.2f}"


if __name__ == "__main__":
    main()
