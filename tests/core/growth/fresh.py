"""An independent corpus of seeded, labelled synthetic runs, written without looking at the detector.

Every background is built in parts of its level (0.3 = 30 % above it) over the time that the process really ran, so
the same few shapes serve memory, descriptors and throughput. Every trace is one that an expert who sees all of it
would label without doubt: clean ones come to rest or come back, leaks stand well above their background.
"""

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stresstui.core.growth import Kind
from tests.core.growth.corpus import Trace

DURATIONS = (600.0, 1800.0, 3600.0, 14400.0, 86400.0)
INTERVALS = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0)
CRON = (60.0, 300.0, 600.0, 900.0, 3600.0)
LEVELS = {Kind.RSS: (10e6, 4e9), Kind.FDS: (8.0, 2000.0), Kind.THROUGHPUT: (1e5, 1e9)}
GRAIN = {Kind.RSS: 4096.0, Kind.FDS: 1.0}  # memory comes in pages, descriptors whole

Series = list[float]
Pair = tuple[float, float]


def _sum(*parts: Series) -> Series:
    return [math.fsum(values) for values in zip(*parts, strict=True)]


def _less(*parts: Series) -> Series:
    """Take the other parts away from the first."""
    return [first - math.fsum(rest) for first, *rest in zip(*parts, strict=True)]


@dataclass(frozen=True)
class Run:
    """How one run is sampled, and the parts that backgrounds are made of, in parts of the level."""

    rng: random.Random
    times: Series
    work: Series
    """The same clock without what was slept through."""
    step: float
    length: float
    level: float

    def log(self, low: float, high: float) -> float:
        """Draw a size evenly on a logarithmic scale."""
        return math.exp(self.rng.uniform(math.log(low), math.log(high)))

    def part(self, low: float, high: float) -> float:
        """Draw a time as a part of the run, in seconds."""
        return self.length * self.rng.uniform(low, high)

    def short(self, low: float, high: float) -> float:
        return self.length * self.log(low, high)

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    def line(self, begin: float, lasts: float) -> Series:
        """Rise from 0 to 1 and stay there."""
        return [max(0.0, min(1.0, (t - begin) / lasts)) for t in self.work]

    def noise(self, low: float, high: float) -> Series:
        size = self.log(low, high)
        return [self.rng.gauss(0.0, size) for _ in self.work]

    def hum(self) -> Series:
        """Give the little noise that nearly every real series has."""
        size = self.rng.choice((0.0, 0.0003, 0.001, 0.003))
        return [self.rng.gauss(0.0, size) for _ in self.work]

    def wander(self, size: float, memory: float) -> Series:
        """Wander and come back: an Ornstein-Uhlenbeck process that begins in its steady state."""
        out = [self.rng.gauss(0.0, size)]
        for a, b in zip(self.work, self.work[1:], strict=False):
            keep = math.exp((a - b) / memory)
            out.append(out[-1] * keep + self.rng.gauss(0.0, size * math.sqrt(1 - keep * keep)))
        return out

    def warm(self, amount: float, constant: float) -> Series:
        return [amount * -math.expm1(-t / constant) for t in self.work]

    def steps(self, steps: list[Pair]) -> Series:
        """Add each height from its time on."""
        return [math.fsum(height for at, height in steps if t >= at) for t in self.work]

    def teeth(self, height: float, period: float, spread: float) -> Series:
        """Fill up at a steady rate and collect; how long that takes varies by `spread` from tooth to tooth."""
        begin, lasts = -period * self.rng.random(), period
        out = []
        for t in self.work:
            while t >= begin + lasts:
                begin += lasts
                lasts = period * self.rng.uniform(1 - spread, 1 + spread)
            out.append(height * (t - begin) / period)
        return out

    def bumps(self, counts: tuple[int, int], height: Pair, width: Pair) -> Series:
        """Add plateaus and decaying pulses at random times; widths are in seconds."""
        out = [0.0] * len(self.work)
        for _ in range(self.rng.randint(*counts)):
            at, high, wide, fades = self.part(0.0, 1.0), self.log(*height), self.log(*width), self.chance(0.5)
            for i in range(bisect_left(self.work, at), bisect_right(self.work, at + wide * (4 if fades else 1))):
                out[i] += high * (math.exp((at - self.work[i]) / wide) if fades else 1)
        return out

    def episodes(self, low: float, high: float) -> Series:
        return self.bumps((6, 25), (low, high), (self.length * 0.002, self.length * 0.02))

    def period(self) -> float:
        """Choose a period that the run shows at least five times, some of them the clock's."""
        clock = [p for p in CRON if 5 * p <= self.length and p >= 4 * self.step]
        return self.rng.choice(clock) if clock and self.chance(0.35) else self.length / self.rng.uniform(5, 14)

    def wave(self, low: float, high: float) -> Series:
        """Swing between 0 and some height: a sine, a lopsided one or busy hours with flanks."""
        height, period, phase, form = self.log(low, high), self.period(), self.rng.random(), self.rng.randrange(3)
        angles = [math.tau * (t / period + phase) for t in self.work]
        if form == 2:
            return [height * (math.tanh(6 * (math.sin(a) + 0.2)) + 1) / 2 for a in angles]
        return [height * (math.sin(a + 0.6 * form * math.sin(a)) + 1) / 2 for a in angles]


class Process(Run):
    """Backgrounds, then growth, as a process shows them."""

    def flat_noise(self) -> Series:
        """Give no noise at all up to a lot of it."""
        return self.hum() if self.chance(0.3) else self.noise(0.003, 0.08)

    def heavy(self) -> Series:
        """Draw from Student's t with few degrees of freedom, or a base line with Pareto excursions."""
        size, freedom = self.log(0.001, 0.015), self.rng.choice((2.0, 2.5, 3.0))
        if self.chance(0.4):
            return [min(1.5, size * (self.rng.paretovariate(1.5) - 1)) for _ in self.work]
        draws = (self.rng.gauss(0, 1) / math.sqrt(self.rng.gammavariate(freedom / 2, 2) / freedom) for _ in self.work)
        return [max(-0.5, min(1.5, size * x)) for x in draws]

    def ar1(self) -> Series:
        return self.wander(self.log(0.002, 0.05), min(self.step * self.log(1.5, 15), 0.025 * self.length))

    def near_root(self) -> Series:
        return _sum(self.wander(self.log(0.006, 0.06), self.part(0.01, 0.04)), self.hum())

    def warm_short(self) -> Series:
        return _sum(self.warm(self.log(0.05, 2.0), self.short(0.003, 0.04)), self.noise(0.0003, 0.03))

    def warm_long(self) -> Series:
        return _sum(self.warm(self.log(0.08, 1.5), self.part(0.06, 0.2)), self.noise(0.0003, 0.03))

    def log_cache(self) -> Series:
        """Fill a cache with ever fewer misses until its cap is reached."""
        unit, full, amount = self.short(0.002, 0.03), self.part(0.2, 0.6), self.log(0.1, 2.0)
        scale = amount / math.log1p(full / unit)
        return _sum([scale * math.log1p(min(t, full) / unit) for t in self.work], self.hum())

    def ramp(self) -> Series:
        """Load data for a while, at once or after a pause, and stay."""
        begin, lasts, amount = max(0.0, self.part(-0.1, 0.1)), self.part(0.03, 0.2), self.log(0.1, 2.5)
        return _sum([amount * x for x in self.line(begin, lasts)], self.hum())

    def steps_up(self) -> Series:
        """Take one to four steps and then stay on the last for at least two fifths of the run."""
        count = self.rng.choice((1, 1, 2, 3, 4))
        return _sum(self.steps([(self.part(0.04, 0.6), self.log(0.03, 0.5)) for _ in range(count)]), self.hum())

    def steps_both(self) -> Series:
        """Jump between levels around the same middle; one of the early levels is the highest."""
        size, count = self.log(0.04, 0.4), self.rng.randint(4, 12)
        levels = [size * self.rng.random() for _ in range(count)] + [size * self.rng.uniform(0.1, 0.5)]
        levels[self.rng.randrange(count // 2)] = size
        marks = sorted(self.part(0.03, 0.97) for _ in range(count))
        return _sum([levels[bisect_right(marks, t)] for t in self.work], self.hum())

    def sawtooth(self) -> Series:
        """Collect every few seconds or minutes, or slowly, ten to thirty times in the run."""
        period = min(self.log(5, 120), self.length / 12) if self.chance(0.5) else self.length / self.rng.uniform(10, 30)
        return _sum(self.teeth(self.log(0.05, 0.8), period, self.rng.uniform(0.03, 0.15)), self.hum())

    def sawtooth_random(self) -> Series:
        period = max(5.0, self.length / self.log(16, 200))
        return _sum(self.teeth(self.log(0.05, 0.5), period, self.rng.uniform(0.4, 0.8)), self.hum())

    def warm_sawtooth(self) -> Series:
        return _sum(self.sawtooth(), self.warm(self.log(0.1, 1.0), self.short(0.01, 0.12)))

    def load(self) -> Series:
        return _sum(self.wave(0.04, 0.6), self.noise(0.001, 0.02))

    def bursts(self) -> Series:
        return _sum(self.episodes(0.05, 0.8), self.hum())

    def spikes(self) -> Series:
        return _sum(self.bumps((5, 40), (0.1, 2.0), (0.6 * self.step, 2.5 * self.step)), self.hum())

    def restarts(self) -> Series:
        """Begin again from the bottom two to five times."""
        cuts = [0.0, *sorted(self.part(0.1, 0.9) for _ in range(self.rng.randint(2, 5)))]
        constant, amount = self.short(0.003, 0.03), self.log(0.15, 1.5)
        since = [t - cuts[bisect_right(cuts, t) - 1] for t in self.work]
        return _sum([amount * -math.expm1(-t / constant) for t in since], self.hum())

    def high_water(self) -> Series:
        """Keep most of what the largest request so far has needed; requests have an upper size."""
        kept, count = self.log(0.1, 0.8), self.rng.randint(12, 40)
        water, ats = [0.0], sorted(self.part(0.0, 1.0) for _ in range(count))
        for _ in ats:
            water.append(max(water[-1], kept * (1 - self.rng.random() ** 1.5)))
        return _sum([water[bisect_right(ats, t)] for t in self.work], self.hum())

    def drop(self) -> Series:
        """Give memory back, along a line or ever more slowly."""
        begin, lasts, amount = self.part(0.0, 0.4), self.part(0.2, 0.6), self.log(0.05, 0.5)
        if self.chance(0.5):
            return _less(self.hum(), [amount * x for x in self.line(begin, lasts)])
        return _less(self.hum(), [amount * -math.expm1(-2 * max(0.0, t - begin) / lasts) for t in self.work])

    def constant(self) -> Series:
        return [0.0] * len(self.work)

    def churn(self) -> Series:
        return self.wander(self.log(0.02, 0.15), min(self.log(2, 120), 0.02 * self.length))

    def pool(self) -> Series:
        """Open connections as they are needed, until the pool is full."""
        size, count, full = self.log(0.5, 4.0), self.rng.randint(5, 60), self.part(0.05, 0.35)
        opened = sorted(full * self.rng.random() ** 1.5 for _ in range(count))
        return [size * bisect_right(opened, t) / count for t in self.work]

    def fd_wave(self) -> Series:
        return _sum(self.wave(0.2, 1.5), self.noise(0.005, 0.04))

    def fd_bursts(self) -> Series:
        return _sum(self.episodes(0.2, 3.0), self.hum())

    def tp_noise(self) -> Series:
        return self.noise(0.008, 0.09)

    def tp_wave(self) -> Series:
        return _sum(self.wave(0.1, 0.5), self.noise(0.005, 0.04))

    def tp_dips(self) -> Series:
        dips = self.bumps((4, 20), (0.2, 0.9), (0.002 * self.length, 0.015 * self.length))
        return _less(self.noise(0.005, 0.04), [min(0.95, x) for x in dips])

    def tp_start(self) -> Series:
        missing, constant = self.rng.uniform(0.4, 1.0), self.short(0.004, 0.06)
        return _less(self.noise(0.008, 0.06), [missing * math.exp(-t / constant) for t in self.work])

    def tp_settles(self) -> Series:
        """Run faster until buffers are full or a burst allowance is used up, within the first tenth."""
        more, until, fades = self.rng.uniform(0.12, 0.8), self.part(0.02, 0.1), self.chance(0.5)
        early = [more * (math.exp(-3 * t / until) if fades else float(t < until)) for t in self.work]
        return _sum(early, self.noise(0.005, 0.05))

    def tp_wander(self) -> Series:
        return _sum(self.wander(self.log(0.01, 0.08), self.part(0.008, 0.035)), self.hum())

    # growth: from 0 at its onset to 1 at the end of the run

    def linear(self, load: Series) -> Series:
        return self.line(0.0, self.length)

    def late(self, load: Series) -> Series:
        onset = self.part(0.1, 0.6)
        return self.line(onset, self.length - onset)

    def staircase(self, load: Series) -> Series:
        count = self.rng.randint(12, 50)
        marks = [(i + self.rng.random()) * self.length / count for i in range(count)]  # one in every stretch
        return [bisect_right(marks, t) / count for t in self.work]

    def lumps(self, load: Series) -> Series:
        """Lose lumps of very different sizes, now and then, all through the run."""
        count = self.rng.randint(10, 30)
        sizes = [self.rng.gammavariate(1.5, 1.0) for _ in range(count)]
        unit, total = self.length / count, sum(sizes)
        return self.steps([((i + self.rng.random()) * unit, x / total) for i, x in enumerate(sizes)])

    def accelerating(self, load: Series) -> Series:
        power = self.rng.uniform(1.5, 2.5)
        return [x**power for x in self.line(0.0, self.length)]

    def compounding(self, load: Series) -> Series:
        rate = self.rng.uniform(1.5, 4.0)
        return [math.expm1(rate * x) / math.expm1(rate) for x in self.line(0.0, self.length)]

    def per_request(self, load: Series) -> Series:
        """Lose a little with every request: the background is taken for the load."""
        low, high, done = min(load), max(load), [0.0]
        for a, b, x in zip(self.work, self.work[1:], load, strict=False):
            done.append(done[-1] + (b - a) * (0.15 + (x - low) / (high - low)))
        return [x / done[-1] for x in done]


P = Process
Shape = Callable[[P], Series]
Growth = Callable[[P, Series], Series]

CLEAN: dict[str, Shape] = {"flat-noise": P.flat_noise, "heavy-tail": P.heavy, "ar1": P.ar1, "drop": P.drop}
CLEAN |= {"near-unit-root": P.near_root, "warm-up-short": P.warm_short, "warm-up-long": P.warm_long}
CLEAN |= {"log-cache": P.log_cache, "ramp-plateau": P.ramp, "steps-up": P.steps_up, "steps-up-down": P.steps_both}
CLEAN |= {"sawtooth": P.sawtooth, "sawtooth-random": P.sawtooth_random, "warm-up-sawtooth": P.warm_sawtooth}
CLEAN |= {"load-waves": P.load, "restarts": P.restarts, "high-water": P.high_water}
CLEAN |= {"bursts-spikes": lambda r: r.bursts() if r.chance(0.5) else r.spikes()}
CLEAN |= {"fd-constant": P.constant, "fd-churn": P.churn, "fd-pool": P.pool, "fd-waves": P.fd_wave}
CLEAN |= {"fd-bursts": P.fd_bursts, "tp-noise": P.tp_noise, "tp-waves": P.tp_wave, "tp-dips": P.tp_dips}
CLEAN |= {"tp-start-up": P.tp_start, "tp-settles": P.tp_settles, "tp-wandering": P.tp_wander}

Size = tuple[Pair, Pair, float]
"""How large the growth is at the end: spreads of the background, parts of its level, at least so many units."""
Sizes = tuple[Size, ...]
SLOW: Sizes = (((4, 8), (0.03, 0.15), 3e6),)
FAST: Sizes = (((8, 16), (0.4, 5.0), 10e6),)
ANY = SLOW + FAST
HANDLES: Sizes = (((4, 8), (0.05, 2.0), 14),)
DECAY: Sizes = (((3, 6), (0.12, 0.6), 0),)

PACED: dict[str, Shape] = {"noisy": P.flat_noise, "sawtooth": P.sawtooth, "waves": P.load, "near-root": P.near_root}
EITHER: dict[str, Shape] = {"flat": P.hum, "bursts": P.bursts, "warm-up": P.warm_short, "spikes": P.spikes}
FD_WAYS = (P.linear, P.linear, P.late, P.lumps)
TP_WAYS = (P.linear, P.linear, P.late, P.accelerating)
FDS: dict[str, Shape] = {"fd-constant": P.constant, "fd-churn": P.churn, "fd-waves": P.fd_wave}
TPS: dict[str, Shape] = {"tp-noise": P.tp_noise, "tp-waves": P.tp_wave, "tp-dips": P.tp_dips}

LEAKS: dict[str, tuple[Shape, tuple[Growth, ...], Sizes]] = {
    **{f"leak-{name}-slow": (shape, (P.linear,), SLOW) for name, shape in PACED.items()},
    **{f"leak-{name}-fast": (shape, (P.linear,), FAST) for name, shape in PACED.items()},
    **{f"leak-{name}": (shape, (P.linear,), ANY) for name, shape in EITHER.items()},
    "leak-late": (P.flat_noise, (P.late,), ANY),
    "leak-staircase": (P.hum, (P.staircase,), ANY),
    "leak-lumps": (P.flat_noise, (P.lumps,), ANY),
    "leak-accelerating": (P.flat_noise, (P.accelerating,), ANY),
    "leak-compounding": (P.ar1, (P.compounding,), ANY),
    "leak-per-request": (P.load, (P.per_request,), ANY),
    **{f"leak-{name}": (shape, FD_WAYS, HANDLES) for name, shape in FDS.items()},
    **{f"leak-{name}": (shape, TP_WAYS, DECAY) for name, shape in TPS.items()},
}


def _start(rng: random.Random, duration: float, kind: Kind) -> Process:
    hole = duration * rng.uniform(0.03, 0.25) if rng.random() < 1 / 12 else 0.0
    length = duration - hole
    step = rng.choice([i for i in INTERVALS if 59 <= length // i < 9000])
    jitter = step * rng.uniform(0.05, 0.4) if rng.random() < 1 / 3 else 0.0
    work = [0.0, *(i * step + rng.uniform(-jitter, jitter) for i in range(1, int(length // step) + 1))]
    asleep = length * rng.uniform(0.15, 0.85)
    times = [t + hole if t > asleep else t for t in work]
    low, high = LEVELS[kind]
    return Process(rng, times, work, step, length, float(round(low * (high / low) ** rng.random())))


def _whole(kind: Kind, values: Iterator[float]) -> Series:
    grain = GRAIN.get(kind)
    return [grain * math.floor(x / grain + 1e-9) for x in values] if grain else list(values)


def _total(r: Process, kind: Kind, background: Series, size: Size) -> float:
    """Choose how much has grown at the end, in the metric's unit."""
    spreads, parts, least = size
    ordered = sorted(background)
    spread = (ordered[len(ordered) * 9 // 10] - ordered[len(ordered) // 10]) / 2.56
    total = max(spread * r.rng.uniform(*spreads), r.log(*parts)) * r.level
    return min(total, 0.8 * r.level) if kind is Kind.THROUGHPUT else max(total, least * r.log(1, 3))


def _trace(name: str, duration: float, seed: int) -> Trace:
    kind = Kind.FDS if "fd-" in name else Kind.THROUGHPUT if "tp-" in name else Kind.RSS
    full, r = f"{name}/{duration:.0f}", _start(random.Random(f"fresh {name} {duration} {seed}"), duration, kind)
    shape, growths, sizes = LEAKS.get(name) or (CLEAN[name], (), ())
    parts = shape(r)
    values = _whole(kind, (max(0.0, r.level * (1 + x)) for x in parts))
    if not growths:
        return Trace(full, kind, list(zip(r.times, values, strict=True)), leak=False, onset=0.0, leaked=[])
    curve = r.rng.choice(growths)(r, parts)
    total = _total(r, kind, parts, r.rng.choice(sizes))
    leaked = _whole(kind, (total * x for x in curve))
    sign = -1 if kind is Kind.THROUGHPUT else 1
    points = [(t, max(0.0, v + sign * x)) for t, v, x in zip(r.times, values, leaked, strict=True)]
    onset = r.times[bisect_right(curve, 0.0) - 1]
    return Trace(full, kind, points, leak=True, onset=onset, leaked=leaked)


def fresh(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind, 29 clean and 24 leaking, for each seed and duration."""
    return (_trace(name, duration, seed) for seed in seeds for duration in durations for name in (*CLEAN, *LEAKS))
