"""Seeded, labelled traces to tune the growth detector on: backgrounds that do not leak, and leaks on top of them."""

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stresstui.core.growth import Kind
from tests.core.growth.backgrounds import CARRIERS, CLEAN, MB, Background, Setting, Values

SLOWEST_S = 1800.0
"""Long runs are of programs whose time constants fit a run of this length, at least."""
DURATIONS = (600.0, 1800.0, 3600.0, 14400.0, 86400.0)


@dataclass(frozen=True)
class Trace:
    """One labelled run: `leak` is judged at its end, `onset` is when the growth began, seconds."""

    name: str
    kind: Kind
    points: list[tuple[float, float]]
    leak: bool
    onset: float
    leaked: Values
    """What was added to the background at each point, in the metric's unit."""

    @property
    def planned(self) -> float:
        """How long the run was planned to be, seconds: the end of its name."""
        return float(self.name.rsplit("/", 1)[1])


Shape = Callable[[Setting], tuple[Values, float]]


# --- shapes of growth: 0 at the onset, 1 at the end of the run


def _grown(s: Setting, onset: float, curve: Callable[[float], float]) -> tuple[Values, float]:
    run = s.duration
    return [curve(max(0.0, (t / run - onset) / (1 - onset))) for t in s.times], onset * run


def linear(s: Setting) -> tuple[Values, float]:
    return _grown(s, 0, lambda x: x)


def late(s: Setting) -> tuple[Values, float]:
    return _grown(s, s.between(0.15, 0.55), lambda x: x)


def staircase(s: Setting) -> tuple[Values, float]:
    steps = s.chance.randint(9, 40)
    return _grown(s, 0, lambda x: math.floor(x * steps) / steps)


def accelerating(s: Setting) -> tuple[Values, float]:
    power = s.between(1.3, 2.2)
    return _grown(s, 0, lambda x: x**power)


def by_request(s: Setting) -> tuple[Values, float]:
    period, depth = s.duration / s.between(4, 12), s.between(0.3, 0.9)
    weights = [1 + depth * math.sin(2 * math.pi * t / period) + s.chance.random() for t in s.times]
    total, out, so_far = sum(weights), [], 0.0
    for weight in weights:
        so_far += weight
        out.append(so_far / total)
    return out, 0.0


def lumps(s: Setting) -> tuple[Values, float]:
    count = s.chance.randint(15, 60)
    at = sorted(s.chance.random() for _ in range(count))
    sizes = [s.chance.expovariate(1) + 0.3 for _ in at]
    total = sum(sizes)
    return _grown(s, 0, lambda x: sum(size for when, size in zip(at, sizes, strict=True) if when < x) / total)


def fading(s: Setting) -> tuple[Values, float]:
    keep = s.between(0.2, 0.7)
    return _grown(s, 0, lambda x: (1 - keep**x) / (1 - keep))


SHAPES: list[Shape] = [linear, late, staircase, accelerating, by_request, lumps]


def _spread(values: Values) -> float:
    ordered = sorted(values)
    return ordered[int(0.9 * len(ordered))] - ordered[int(0.1 * len(ordered))]


def _amount(s: Setting, kind: Kind, background: Values) -> float:
    """How much is lost over the whole run: a few times the practical floor and comparable with the background."""
    noise = _spread(background[len(background) // 4 :])
    if kind is Kind.FDS:
        return round(max(s.scaled(12, 80), noise * s.between(0.8, 3)))
    if kind is Kind.THROUGHPUT:
        return min(0.8 * s.level, max(s.level * s.between(0.12, 0.6), noise * s.between(0.8, 2)))
    return max(s.level * s.scaled(0.03, 1.0), s.scaled(4, 40) * MB, noise * s.between(0.8, 3))


def _setting(chance: random.Random, kind: Kind, duration: float, interval: float | None) -> Setting:
    steps = [step for step in (1, 2, 5, 10, 15, 30, 60) if duration / 20_000 <= step <= duration / 55]
    step = interval or chance.choice(steps)
    times = [i * step for i in range(int(duration / step) + 1)]
    low, high = {Kind.RSS: (8 * MB, 3e9), Kind.FDS: (8, 400), Kind.THROUGHPUT: (1e5, 2e9)}[kind]
    level = math.exp(chance.uniform(math.log(low), math.log(high)))
    pace = math.exp(chance.uniform(math.log(min(duration, SLOWEST_S)), math.log(duration)))
    return Setting(chance, times, level, pace)


def _gappy(chance: random.Random, trace: Trace) -> Trace:
    """Cut a hole in one trace in ten: the machine slept."""
    if chance.random() > 0.1:
        return trace
    begin = chance.randrange(len(trace.points) // 4, 3 * len(trace.points) // 4)
    pause = trace.points[-1][0] * chance.uniform(0.1, 0.5)
    points = [(t + pause * (i >= begin), v) for i, (t, v) in enumerate(trace.points)]
    onset = trace.onset + pause * (trace.onset > trace.points[begin][0])
    return Trace(trace.name, trace.kind, points, trace.leak, onset, trace.leaked)


def clean(kind: Kind, background: Background, duration: float, seed: int, interval: float | None = None) -> Trace:
    """A trace without growth."""
    chance = random.Random(f"clean {kind} {background.__name__} {duration} {seed}")
    s = _setting(chance, kind, duration, interval)
    points = list(zip(s.times, background(s), strict=True))
    return _gappy(chance, Trace(f"{background.__name__}/{duration:.0f}", kind, points, False, 0.0, []))


def leaking(  # noqa: PLR0917  # a point in the corpus
    kind: Kind, background: Background, shape: Shape, duration: float, seed: int, interval: float | None = None
) -> Trace:
    """A background with a growth on top (throughput: with a loss)."""
    chance = random.Random(f"leak {kind} {background.__name__} {shape.__name__} {duration} {seed}")
    s = _setting(chance, kind, duration, interval)
    under = background(s)
    grown, onset = shape(s)
    amount = _amount(s, kind, under)
    lost = [amount * part for part in grown]
    lost = [float(math.floor(value)) for value in lost] if kind is Kind.FDS else lost
    sign = -1 if kind is Kind.THROUGHPUT else 1
    values = [max(0.0, u + sign * g) for u, g in zip(under, lost, strict=True)]
    name = f"{background.__name__}+{shape.__name__}/{duration:.0f}"
    return _gappy(chance, Trace(name, kind, list(zip(s.times, values, strict=True)), True, onset, lost))


def tuning(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Every clean background, and every carrier with one or two shapes of growth, at every duration."""
    for seed in seeds:
        for duration in durations:
            for kind, backgrounds in CLEAN.items():
                yield from (clean(kind, background, duration, seed) for background in backgrounds)
            for kind, carriers in CARRIERS.items():
                for place, carrier in enumerate(carriers):
                    shape = SHAPES[1 + (place + seed + DURATIONS.index(duration)) % (len(SHAPES) - 1)]
                    yield leaking(kind, carrier, shape, duration, seed)
                    yield leaking(kind, carrier, linear, duration, seed)
