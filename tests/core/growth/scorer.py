"""Scores a judge of traces: at the end, live, and in delay against an oracle that knows when growth began."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median

from stresstui.core.growth import Kind, replay
from stresstui.core.growth.regression import fit
from tests.core.growth.corpus import Trace

Points = list[tuple[float, float]]
ORACLE_T = 4.0
ORACLE_BLOCKS = 20
DAY = 86400.0


@dataclass(frozen=True)
class Called:
    """What a judge said of one trace."""

    leak: bool
    alarms: list[tuple[float, float | None]]


Judge = Callable[[Points, Kind, float], Called]
"""Judges points of a kind; the third is how long the run was planned to be, seconds."""


def bare(points: Points, kind: Kind, _: float) -> Called:
    """This program's detector, which is not told the plan."""
    found = replay(points, kind)
    return Called(found.leak, found.alarms)


def planned(points: Points, kind: Kind, plan: float) -> Called:
    """The same, told the plan."""
    found = replay(points, kind, plan)
    return Called(found.leak, found.alarms)


@dataclass
class Score:
    """Counts over a corpus."""

    clean: int = 0
    leaks: int = 0
    false_ends: Counter[str] = field(default_factory=Counter)
    missed_ends: Counter[str] = field(default_factory=Counter)
    false_alarms: Counter[str] = field(default_factory=Counter)
    missed_live: Counter[str] = field(default_factory=Counter)
    hidden: int = 0
    """Leaks that were not called and that the oracle does not see either: below the floor, or never certain."""
    alarms: int = 0
    clean_s: float = 0.0
    delays: list[float] = field(default_factory=list)

    @property
    def f1(self) -> float:
        right = self.leaks - self.missed_ends.total()
        return 2 * right / max(1, 2 * right + self.false_ends.total() + self.missed_ends.total())

    @property
    def false_positive_rate(self) -> float:
        return self.false_ends.total() / max(1, self.clean)

    @property
    def live_recall(self) -> float:
        return 1 - self.missed_live.total() / max(1, self.leaks)

    @property
    def recall_of_seen(self) -> float:
        """The same, of what the oracle sees or was called."""
        return 1 - (self.missed_live.total() - self.hidden) / max(1, self.leaks - self.hidden)

    @property
    def alarmed_clean_rate(self) -> float:
        return self.false_alarms.total() / max(1, self.clean)

    @property
    def alarms_per_day(self) -> float:
        return self.alarms / max(1.0, self.clean_s) * DAY

    @property
    def delay(self) -> float:
        return median(self.delays) if self.delays else float("nan")

    def add(self, trace: Trace, called: Called) -> None:
        if trace.leak:
            self._add_leak(trace, called)
            return
        self.clean += 1
        self.clean_s += trace.points[-1][0]
        self.false_ends[trace.name] += called.leak
        self.false_alarms[trace.name] += bool(called.alarms)
        self.alarms += len(called.alarms)

    def _add_leak(self, trace: Trace, called: Called) -> None:
        self.leaks += 1
        self.missed_ends[trace.name] += not called.leak
        heard = [max(on, trace.onset) for on, off in called.alarms if off is None or off > trace.onset]
        self.missed_live[trace.name] += not heard
        oracle = oracle_t(trace)
        self.hidden += oracle is None and not heard
        if oracle is not None and heard:
            self.delays.append((heard[0] - trace.onset) / (oracle - trace.onset))

    def row(self) -> str:
        return (
            f"{self.f1:6.3f} {self.false_positive_rate:6.1%} {self.live_recall:6.3f} {self.recall_of_seen:6.3f}"
            f" {self.alarmed_clean_rate:6.1%} {self.alarms_per_day:7.2f} {self.delay:6.2f}"
        )


HEADINGS = "end F1  endFP  recall  seen alarmed per24h  delay"


def score(traces: Iterable[Trace], judge: Judge) -> Score:
    total = Score()
    for trace in traces:
        total.add(trace, judge(trace.points, trace.kind, trace.planned))
    return total


def oracle_t(trace: Trace) -> float | None:
    """When growth from its known onset first is certain (t value) and matters (floor): no shape has to be excluded."""
    points = [(t, v) for t, v in trace.points if t >= trace.onset]
    sign = trace.kind.sign
    level = sum(v for _, v in points) / len(points)
    skipped = len(trace.points) - len(points)
    due = trace.onset + 60
    for count, (t, _) in enumerate(points, 1):
        if t < due or count < ORACLE_BLOCKS // 2:
            continue
        due = t + max(60.0, (t - trace.onset) / 100)
        if trace.leaked[skipped + count - 1] >= trace.kind.floor(level) and _certain(points[:count], sign):
            return t
    return None


def _certain(points: Points, sign: int) -> bool:
    blocks = min(ORACLE_BLOCKS, len(points))
    cuts = [len(points) * i // blocks for i in range(blocks + 1)]
    pieces = [points[a:b] for a, b in itertools.pairwise(cuts)]
    xs = [sum(t for t, _ in piece) / len(piece) for piece in pieces]
    ys = [sign * sum(v for _, v in piece) / len(piece) for piece in pieces]
    return fit(xs, ys).t >= ORACLE_T
