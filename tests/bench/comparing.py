"""How often equal runs are called, and what is seen: `python -m tests.bench.comparing [PAIRS [CHANGED [SEED]]]`.

Runs scatter as in ``tests.compare.noise``; half an hour of one core for 1,200 pairs and 500 of each change, each by
itself and beside earlier runs of the same kind. Then rows of runs with and without a step, as ``history`` looks at them
after each run.
"""

import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

from stresstui.compare.earlier import Scatter, scatter_of
from stresstui.compare.judge import Change, Report, compare
from stresstui.compare.steps import steps_of
from tests.compare.noise import run

RUNS, VALUES = 5, 60
EARLIER, AGAIN = 30, 5
NOTHING: Mapping[str, Scatter] = {}
BESIDE = ", beside {} earlier runs"
CHANGES = {"rss": 1.02, "throughput": 0.95, "latency_ms_p99": 1.1}
BEFORE, BEHIND, SCATTER, LOOKS = (27, 48), 3, 1.5, 30


def pair(source: random.Random, earlier: Mapping[str, Scatter] = NOTHING, **changes: float) -> Report:
    base = [run(source, VALUES) for _ in range(RUNS)]
    return compare(base, [run(source, VALUES, **changes) for _ in range(RUNS)], earlier=earlier)


def histories(source: random.Random, runs: int) -> Iterator[Mapping[str, Scatter]]:
    """What so many earlier runs say, anew for every few pairs."""
    while True:
        rows = [run(source, VALUES).phases["soak"] for _ in range(runs)]
        found = scatter_of({name: [row[name].level for row in rows] for name in rows[0]}) if runs else NOTHING
        for _ in range(AGAIN):
            yield found


def called(report: Report) -> list[str]:
    return [one.metric for one in report.comparisons if one.change in (Change.WORSE, Change.BETTER)]


def equal(pairs: int, seed: int, runs: int = 0) -> None:
    known = histories(random.Random(seed + 7), runs)
    source, metrics, reports, compared = random.Random(seed), Counter[str](), 0, 0
    for _ in range(pairs):
        report = pair(source, next(known))
        found = called(report)
        metrics.update(found)
        reports += bool(found)
        compared += len(report.comparisons)
    share = metrics.total() / compared
    beside = BESIDE.format(runs) if runs else ""
    print(
        f"equal{beside}: {reports / pairs:.1%} of {pairs} reports, {share:.2%} of metrics: {dict(metrics)}", flush=True
    )


def changed(pairs: int, seed: int, runs: int = 0) -> None:
    for metric, change in CHANGES.items():
        source, known = random.Random(seed), histories(random.Random(seed + 7), runs)
        seen = sum(metric in called(pair(source, next(known), **{metric: change})) for _ in range(pairs))
        beside = BESIDE.format(runs) if runs else ""
        print(f"{metric} times {change}{beside}: seen in {seen / pairs:.0%} of {pairs}", flush=True)


def steps(rows: int, seed: int) -> None:
    seen = new = 0
    for number in range(rows):
        source = random.Random(seed + number)
        before = source.randrange(*BEFORE)
        row = [source.gauss(level, SCATTER) for level in [100.0] * before + [105.0] * BEHIND]
        seen += any(abs(step.at - before) <= 1 for step in steps_of(row))
        equals, known = [source.gauss(100.0, SCATTER) for _ in range(5)], set[int]()
        for _ in range(LOOKS):
            equals.append(source.gauss(100.0, SCATTER))
            places = {step.at for step in steps_of(equals) if not any(abs(step.at - one) <= 2 for one in known)}
            new += len(places)
            known |= places
    print(f"history: +5 % within {BEHIND} runs seen in {seen / rows:.0%} of {rows}, {new} false in {rows * LOOKS} runs")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    pairs, few, seed = (given + [1200, 500, 9101][len(given) :])[:3]
    equal(pairs, seed)
    changed(few, seed + 1)
    equal(pairs, seed, EARLIER)
    changed(few, seed + 1, EARLIER)
    steps(few, seed + 2)
