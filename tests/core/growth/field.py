"""A fourth family: kinds that were missed or falsely called on traces of others, and what real programs do.

``TRIED`` were looked at while the detector was changed, ``KEPT`` (kinds of their own, not other seeds) were only
scored: a later change chose its settings by those scores too (see ``core.growth.tuning``). As in ``fresh.py``, a
background is in parts of its level, and an expert who sees all of a trace labels it without doubt: what is clean has
come to rest or comes back, what leaks goes on to the end.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import replace

from stresstui.core.growth import Kind
from tests.core.growth.corpus import Trace
from tests.core.growth.fresh import DURATIONS, LEVELS, Process, Series, _start, _sum, _whole

Step = tuple[float, float]


class Program(Process):
    """Backgrounds and leaks of the field."""

    def teeth_of(self, height: Callable[[float], float], period: float) -> Series:
        """Fill and collect; each tooth as high as the load is at its beginning."""
        begin, lasts, high, out = -period * self.rng.random(), period, height(0.0), []
        for t in self.work:
            while t >= begin + lasts:
                begin += lasts
                lasts, high = period * self.rng.uniform(0.85, 1.15), height(begin)
            out.append(high * (t - begin) / lasts)
        return out

    # --- clean

    def saw_of_load(self) -> Series:
        """A sawtooth over a floor that stays, its teeth as high as the load that grows for part of the run."""
        low, high, begin, lasts = self.log(0.05, 0.2), self.log(0.3, 1.2), self.part(0, 0.3), self.part(0.2, 0.8)
        period = max(self.length / self.log(14, 120), 6 * self.step)
        return _sum(
            self.teeth_of(lambda t: low + (high - low) * max(0.0, min(1.0, (t - begin) / lasts)), period), self.hum()
        )

    def steps_to_rest(self) -> Series:
        """Four to nine steps in the first part, then a plateau."""
        last, count = self.part(0.25, 0.6), self.rng.randint(4, 9)
        marks = [0.02 * self.length + last * self.rng.random() for _ in range(count)]
        return _sum(self.steps([(at, self.log(0.03, 0.2)) for at in marks]), self.hum())

    def load_ramp(self) -> Series:
        """Memory that follows a load which is raised for a while and then held."""
        begin, lasts, amount = self.part(0.0, 0.1), self.short(0.02, 0.2), self.log(0.2, 1.5)
        return _sum([amount * x for x in self.line(begin, lasts)], self.noise(0.002, 0.03))

    def load_stages(self) -> Series:
        """A load of a few levels in any order, as test plans have, the highest early."""
        count, high = self.rng.randint(5, 12), self.log(0.1, 0.8)
        order = [high * self.rng.random() for _ in range(count)]
        order[self.rng.randrange(2)] = high
        marks = [self.length * (i + 1) / len(order) for i in range(len(order))]
        levels = [order[min(bisect_right(marks, t), len(order) - 1)] for t in self.work]
        return _sum(levels, self.noise(0.001, 0.02))

    def arenas(self) -> Series:
        """Arenas of several threads, each filled fast, begun one after the other."""
        begun = [0.0] + [self.part(0.0, 0.2) for _ in range(self.rng.randint(2, 7))]
        each, tau = self.log(0.03, 0.2), self.short(0.004, 0.04)
        filled = [sum(-math.expm1(-(t - at) / tau) for at in begun if t > at) for t in self.work]
        return _sum([each * x for x in filled], self.wander(0.1 * each, 0.01 * self.length))

    def java_heap(self) -> Series:
        """Committed in steps, which get rarer, up to the most that is allowed."""
        full, count = self.part(0.05, 0.25), self.rng.randint(5, 14)
        marks = [full * ((i + self.rng.random()) / count) ** 1.6 for i in range(count)]
        return _sum(self.steps([(at, self.log(0.05, 0.15)) for at in marks]), self.hum())

    def long_cycles(self) -> Series:
        """A collector that runs eight to fourteen times in the run."""
        return _sum(self.teeth(self.log(0.1, 1.0), self.length / self.rng.uniform(8, 14), 0.15), self.hum())

    def lru(self) -> Series:
        """Filled evenly to its cap, then as much comes as goes."""
        full = self.short(0.02, 0.2)
        return _sum(self.line(0.0, full), self.wander(0.004, 0.01 * self.length))

    def days(self) -> Series:
        """Three to six waves, lopsided, with noise."""
        turns, height, phase = self.rng.uniform(4, 8), self.log(0.1, 0.6), self.rng.random()
        angles = [math.tau * (turns * t / self.length + phase) for t in self.work]
        return _sum([height * (math.sin(a + 0.5 * math.sin(a)) + 1) / 2 for a in angles], self.noise(0.003, 0.03))

    def fd_ramp(self) -> Series:
        begin, lasts, amount = self.part(0, 0.1), self.short(0.02, 0.2), self.log(0.3, 4)
        return _sum([amount * x for x in self.line(begin, lasts)], self.noise(0.01, 0.05))

    def tp_loud(self) -> Series:
        """Flat under a lot of noise, some of it lasting."""
        return _sum(self.noise(0.08, 0.3), self.wander(self.log(0.02, 0.1), self.part(0.004, 0.02)))

    def tp_shared(self) -> Series:
        """A flat middle with quiet and busy neighbours, in episodes of every length."""
        value, until, out = 0.0, 0.0, []
        for t in self.work:
            if t >= until:
                value, until = self.rng.uniform(-0.25, 0.1), t + self.short(0.003, 0.05)
            out.append(value)
        return _sum(out, self.noise(0.02, 0.1))

    # --- clean, kept back

    def go_heap(self) -> Series:
        """Peaks at random, given back over minutes, the way a scavenger does."""
        peaks = [(self.part(0, 1), self.log(0.05, 0.6)) for _ in range(self.rng.randint(8, 40))]
        tau = self.short(0.004, 0.02)
        out = [max((h * math.exp(-(t - at) / tau) for at, h in peaks if t >= at), default=0.0) for t in self.work]
        return _sum(out, self.warm(self.log(0.1, 0.5), self.short(0.005, 0.05)), self.hum())

    def page_cache(self) -> Series:
        """Grows with every write and is reclaimed in parts, at random, from a limit on."""
        value, limit, rate, out = 0.0, self.log(0.2, 1.0), 0.0, []
        rate = limit / self.part(0.03, 0.15)
        last = 0.0
        for t in self.work:
            value, last = value + rate * (t - last) * self.rng.uniform(0.5, 1.5), t
            if value > limit * self.rng.uniform(0.9, 1.0):
                value *= self.rng.uniform(0.5, 0.95)
            out.append(value)
        return out

    def coarse(self) -> Series:
        """Known to a fiftieth of the level only, between two of whose marks it moves."""
        moved = self.wander(self.log(0.003, 0.02), self.short(0.003, 0.03))
        return [round(x * 50) / 50 for x in moved]

    def table_doubles(self) -> Series:
        """A table that is copied to one of twice the size: a peak, then a step."""
        full, first = self.part(0.1, 0.3), self.log(0.01, 0.04)
        marks = [full / 2**i for i in range(5)]
        steps = [(at, first * 2 ** (4 - i)) for i, at in enumerate(marks)]
        peaks = [(at, -first * 2 ** (4 - i) * 0.5) for i, at in enumerate(marks)]
        after = [(at + 0.01 * self.length, h) for at, h in peaks]
        return _sum(self.steps(steps), self.steps([(at, -h) for at, h in peaks]), self.steps(after), self.hum())

    def fd_reaped(self) -> Series:
        """Collected until a reaper comes by, at odd times."""
        return _sum(self.teeth(self.log(0.2, 2), self.length / self.log(12, 80), 0.5), self.noise(0.01, 0.05))

    def tp_batches(self) -> Series:
        """Batches with pauses."""
        on, period = self.rng.uniform(0.5, 0.9), self.length / self.log(15, 100)
        return _sum([0.0 if (t / period) % 1 < on else -0.9 for t in self.work], self.noise(0.02, 0.1))

    # --- growth: from 0 at its onset to 1 at the end

    def incidents(self, count: tuple[int, int]) -> Series:
        """Each incident keeps something; one happens in each equal part of the run, sizes differ threefold."""
        many = self.rng.randint(*count)
        steps = [((i + self.rng.uniform(0.1, 0.9)) / many * self.length, self.log(0.6, 1.8)) for i in range(many)]
        total = sum(size for _, size in steps)
        return [x / total for x in self.steps(steps)]

    def over_restarts(self) -> Series:
        """Grows evenly, and begins again two to four times."""
        many = self.rng.randint(2, 4)
        cuts = [0.0, *((i + self.rng.uniform(0.2, 0.8)) / (many + 0.7) * self.length for i in range(many))]
        return [(t - cuts[bisect_right(cuts, t) - 1]) / self.length for t in self.work]

    def begun(self, low: float = 0.3, high: float = 0.75) -> Series:
        onset = self.part(low, high)
        return self.line(onset, self.length - onset)

    def even(self) -> Series:
        return self.line(0.0, self.length)

    def twice_as_fast(self) -> Series:
        """Two rates: the second half at up to three times the first's."""
        more, middle = self.rng.uniform(1.2, 3), self.rng.uniform(0.3, 0.7)
        raw = [t / self.length + (more - 1) * max(0.0, t / self.length - middle) for t in self.work]
        return [x / raw[-1] for x in raw]

    def percent_by_percent(self) -> Series:
        """A decay: the same part of what is left is lost in every minute."""
        rate = self.rng.uniform(0.3, 1.2)
        return [math.expm1(-rate * t / self.length) / math.expm1(-rate) for t in self.work]


P = Program
Shape = Callable[[P], Series]
Sizes = tuple[float, float]
MEMORY, GREAT, HANDLES, FALL = (0.08, 1.0), (0.5, 4.0), (0.5, 4.0), (0.12, 0.5)


def quiet(r: P) -> Series:
    return r.hum()


def warm(r: P) -> Series:
    return _sum(r.warm(r.log(0.2, 1.5), r.part(0.03, 0.15)), r.hum())


def restarted(r: P) -> Series:
    return _sum([-0.9] * len(r.work), [0.1 * x for x in r.hum()])


def thin(r: P) -> Series:
    return r.noise(0.002, 0.03)


CLEAN_TRIED: dict[str, Shape] = {
    "saw-of-load": P.saw_of_load, "steps-to-rest": P.steps_to_rest, "load-ramp": P.load_ramp, "stages": P.load_stages,
    "arenas": P.arenas, "java-heap": P.java_heap, "long-cycles": P.long_cycles, "lru": P.lru, "days": P.days,
    "fd-ramp": P.fd_ramp, "tp-loud": P.tp_loud, "tp-shared": P.tp_shared,
}  # fmt: skip
CLEAN_KEPT: dict[str, Shape] = {
    "go-heap": P.go_heap, "page-cache": P.page_cache, "coarse": P.coarse, "table-doubles": P.table_doubles,
    "fd-reaped": P.fd_reaped, "fd-arenas": P.arenas, "tp-batches": P.tp_batches, "tp-stages-up": P.steps_to_rest,
}  # fmt: skip
LEAKS_TRIED: dict[str, tuple[Shape, Shape, Sizes]] = {
    "leak-incidents": (quiet, lambda r: r.incidents((4, 9)), MEMORY),
    "leak-restarts": (restarted, P.over_restarts, (1.5, 6.0)),
    "leak-warm-up": (warm, P.even, MEMORY),
    "leak-late": (thin, P.begun, MEMORY),
    "leak-saw": (P.saw_of_load, P.even, GREAT),
    "leak-arenas": (P.arenas, P.even, GREAT),
    "leak-days": (P.days, P.even, GREAT),
    "leak-straight": (quiet, P.even, GREAT),
    "fd-incidents": (quiet, lambda r: r.incidents((8, 20)), HANDLES),
    "fd-late": (P.churn, P.begun, HANDLES),
    "tp-falls": (P.tp_noise, P.even, FALL),
    "tp-falls-loud": (P.tp_loud, P.even, (0.3, 0.7)),
}
LEAKS_KEPT: dict[str, tuple[Shape, Shape, Sizes]] = {
    "leak-java": (P.java_heap, P.even, GREAT),
    "leak-cycles": (P.long_cycles, P.even, (1.0, 4.0)),
    "leak-ramp": (P.load_ramp, P.even, GREAT),
    "leak-coarse": (P.coarse, P.even, (0.2, 1.0)),
    "leak-two-rates": (thin, P.twice_as_fast, MEMORY),
    "leak-page-cache": (P.page_cache, P.begun, (1.0, 4.0)),
    "fd-restarts": (restarted, P.over_restarts, (1.5, 6.0)),
    "fd-ramp-leak": (P.fd_ramp, P.even, (2.0, 6.0)),
    "tp-decays": (P.tp_noise, P.percent_by_percent, FALL),
    "tp-late": (P.tp_noise, lambda r: r.begun(0.2, 0.6), (0.25, 0.6)),
}


def _kind(name: str) -> Kind:
    return Kind.FDS if name.startswith("fd-") else Kind.THROUGHPUT if name.startswith("tp-") else Kind.RSS


def _missing(rng: random.Random, trace: Trace) -> Trace:
    """Leave out up to a third of the readings of one trace in six."""
    if rng.random() > 1 / 6:
        return trace
    part, last = rng.uniform(0.02, 0.33), len(trace.points) - 1
    kept = [i for i in range(last + 1) if i in {0, last} or rng.random() > part]
    leaked = [trace.leaked[i] for i in kept] if trace.leak else []
    return replace(trace, points=[trace.points[i] for i in kept], leaked=leaked)


def _trace(name: str, duration: float, seed: int) -> Trace:
    kind = _kind(name)
    start = _start(random.Random(f"field {name} {duration} {seed}"), duration, kind)
    r = Program(start.rng, start.times, start.work, start.step, start.length, max(start.level, 2 * LEVELS[kind][0]))
    shape, growth, sizes = {**LEAKS_TRIED, **LEAKS_KEPT}.get(name, (None, None, (0.0, 0.0)))
    shape = shape or {**CLEAN_TRIED, **CLEAN_KEPT}[name]
    values = _whole(kind, (max(0.0, r.level * (1 + x)) for x in shape(r)))
    if growth is None:
        return _missing(
            r.rng, Trace(f"{name}/{duration:.0f}", kind, list(zip(r.times, values, strict=True)), False, 0.0, [])
        )
    total = _total(r, kind, values, r.log(*sizes))
    curve = growth(r)
    leaked = _whole(kind, (total * x for x in curve))
    sign = -1 if kind is Kind.THROUGHPUT else 1
    points = [(t, max(0.0, v + sign * x)) for t, v, x in zip(r.times, values, leaked, strict=True)]
    onset = r.times[next(i for i, x in enumerate(curve) if x > 0) - 1]
    return _missing(r.rng, Trace(f"{name}/{duration:.0f}", kind, points, True, onset, leaked))


def _total(r: Program, kind: Kind, values: Series, part: float) -> float:
    ordered = sorted(values[len(values) // 2 :])
    spread = ordered[len(ordered) * 9 // 10] - ordered[len(ordered) // 10]
    if kind is Kind.THROUGHPUT:
        return min(0.8, part) * r.level
    least = 20 if kind is Kind.FDS else 8e6
    return max(part * r.level, least, spread * r.rng.uniform(1, 3))


def _family(names: tuple[str, ...], seeds: range, durations: tuple[float, ...]) -> Iterator[Trace]:
    return (_trace(name, duration, seed) for seed in seeds for duration in durations for name in names)


def tried(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind that was looked at, for each seed and duration."""
    return _family((*CLEAN_TRIED, *LEAKS_TRIED), seeds, durations)


def kept(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind that was kept back."""
    return _family((*CLEAN_KEPT, *LEAKS_KEPT), seeds, durations)
