"""The scores of the growth detector beside simpler rules: `python -m tests.bench.growth_scores [SEEDS [alone]]`."""

import itertools
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from statistics import fmean, median

import pymannkendall
from scipy import stats

from stresstui.core.growth import GrowthDetector, Kind
from tests.core.growth import backgrounds, corpus, daemons, field, fresh, habits, holdout, mechanisms, services
from tests.core.growth.corpus import Trace
from tests.core.growth.scorer import HEADINGS, Called, Judge, Points, Score, bare, planned

SHORT = (600.0, 1800.0, 3600.0)
LONG = (14400.0,)
LONGEST = (86400.0,)
MOST = 200
Rule = Callable[[list[float], list[float], Kind], bool]


def live(rule: Rule) -> Judge:
    """Ask a rule at every minute (later at every 2 % of the time), on at most 200 means of the points so far."""

    def judge(points: Points, kind: Kind, _: float) -> Called:
        alarms: list[tuple[float, float | None]] = []
        due, said = 60.0, False
        for count, (t, _) in enumerate(points, 1):
            if t < due and count < len(points):
                continue
            due = t + max(60.0, t / 50)
            was, said = said, count >= 10 and rule(*_thinned(points[:count], kind), kind)
            if said and not was:
                alarms.append((t, None))
            elif was and not said:
                alarms[-1] = (alarms[-1][0], t)
        return Called(said, alarms)

    return judge


def _thinned(points: Points, kind: Kind) -> tuple[list[float], list[float]]:
    count = min(MOST, len(points))
    cuts = [len(points) * i // count for i in range(count + 1)]
    pieces = [points[a:b] for a, b in itertools.pairwise(cuts)]
    xs = [piece[0][0] for piece in pieces]
    return xs, [kind.sign * fmean(v for _, v in piece) for piece in pieces]


def naive(_: list[float], ys: list[float], kind: Kind) -> bool:
    early, late = fmean(ys[:10]), fmean(ys[-10:])
    return late > 1.5 * early if kind.sign > 0 else late > early / 1.5


def least_squares(xs: list[float], ys: list[float], kind: Kind) -> bool:
    line = stats.linregress(xs, ys)
    return bool(line.slope > 0 and line.pvalue < 0.01 and line.slope * (xs[-1] - xs[0]) > kind.floor(fmean(ys)))


def mann_kendall(xs: list[float], ys: list[float], kind: Kind) -> bool:
    found = pymannkendall.original_test(ys, alpha=0.01)
    return bool(found.trend == "increasing" and found.slope * (len(xs) - 1) > kind.floor(fmean(ys)))


def theil_sen_of_minima(xs: list[float], ys: list[float], kind: Kind) -> bool:
    cuts = [len(ys) * i // 20 for i in range(21)]
    lows = [min(ys[a:b]) for a, b in itertools.pairwise(cuts) if b > a]
    at = [xs[a] for a, b in itertools.pairwise(cuts) if b > a]
    slope, _, low, _ = stats.theilslopes(lows, at, 0.99)
    return bool(low > 0 and slope * (xs[-1] - xs[0]) > kind.floor(median(ys)))


RIVALS: dict[str, Rule] = {
    "last 10 > 1.5 x first 10": naive,
    "OLS p < .01 + floor": least_squares,
    "Mann-Kendall p < .01 + floor": mann_kendall,
    "Theil-Sen of minima, 99 %": theil_sen_of_minima,
}


def costs() -> str:
    """Processor time of an add and of an evaluation, and memory, on 24 h of samples at 1 Hz."""
    trace = corpus.leaking(Kind.RSS, backgrounds.saw_slow, corpus.linear, 86400.0, 1, 1.0)
    tracemalloc.start()
    kept = GrowthDetector(Kind.RSS)
    for t, value in trace.points:
        kept.add(t, value)
    kept.evaluate()
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    live_one, adding, judging, evals = GrowthDetector(Kind.RSS), 0.0, 0.0, 0
    for start in range(0, len(trace.points), 60):
        begin = time.process_time()
        for t, value in trace.points[start : start + 60]:
            live_one.add(t, value)
        middle = time.process_time()
        live_one.evaluate()
        evals += 1
        adding, judging = adding + middle - begin, judging + time.process_time() - middle
    each = adding / len(trace.points)
    return f"add {each * 1e6:.2f} us, evaluation {judging / evals * 1e3:.2f} ms, memory {held / 1024:.0f} KiB"


def one(trace: Trace) -> tuple[Trace, dict[str, Called]]:
    judges: dict[str, Judge] = {"this detector": bare, "... told the plan": planned}
    judges |= {} if "alone" in sys.argv else {name: live(rule) for name, rule in RIVALS.items()}
    return trace, {name: judge(trace.points, trace.kind, trace.planned) for name, judge in judges.items()}


def table(answers: list[tuple[Trace, dict[str, Called]]]) -> Iterator[str]:
    scores: dict[str, Score] = {}
    for trace, called in answers:
        for name, said in called.items():
            scores.setdefault(name, Score()).add(trace, said)
    return (f"{name:31}{found.row()}" for name, found in scores.items())


def main() -> None:
    seeds = range(100, 100 + int(sys.argv[1]) if len(sys.argv) > 1 else 101)
    families = {"tuning kinds": corpus.tuning, "held-out kinds": holdout.holdout, "fresh kinds": fresh.fresh}
    families |= {"kinds of the field": field.tried, "kinds of the field, kept back": field.kept}
    families |= {"simulated programs": mechanisms.looked_at, "simulated programs, kept back": mechanisms.kept_back}
    families |= {"habits": habits.looked_at, "habits, kept back": habits.kept_back, "services": services.looked_at}
    families |= {"daemons": daemons.looked_at}
    for family, make in families.items():
        every: list[tuple[Trace, dict[str, Called]]] = []
        for label, durations in (("10 min to 1 h", SHORT), ("4 h", LONG), ("24 h", LONGEST), ("all", ())):
            with ProcessPoolExecutor() as pool:
                answers = list(pool.map(one, make(seeds, durations), chunksize=2)) if durations else every
            every += answers if durations else []
            leaks = sum(trace.leak for trace, _ in answers)
            print(f"\n{family}, {label}: {len(answers) - leaks} clean, {leaks} leaking\n{'':32}{HEADINGS}")
            print(*table(answers), sep="\n", flush=True)
    print(f"\n{costs()}")


if __name__ == "__main__":
    main()
