"""A second family of labelled traces, mechanisms instead of formulas: never searched on, looked at to choose."""

import math
import random
from collections.abc import Callable, Iterator

from stresstui.core.growth import Kind
from tests.core.growth.backgrounds import MB, Values
from tests.core.growth.corpus import DURATIONS, Trace

Grid = tuple[random.Random, Values]
Mechanism = Callable[[random.Random, Values], Values]


def _poisson(chance: random.Random, mean: float) -> int:
    if mean > 40:
        return max(0, round(chance.gauss(mean, math.sqrt(mean))))
    limit, count, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count


def _pace(chance: random.Random, times: Values) -> float:
    """A run's length that the program is made for; its own time constants are parts of it."""
    run = times[-1]
    return math.exp(chance.uniform(math.log(min(run, 2400.0)), math.log(run)))


def _connections(chance: random.Random, times: Values, mean: float, life: float, swing: float = 0.0) -> list[int]:
    """Open connections of a queue with unlimited servers, its arrivals optionally in a wave."""
    run, open_now, out, last = _pace(chance, times), round(mean), [], times[0]
    turns, phase = chance.uniform(3, 8), chance.uniform(0, 6.28)
    for t in times:
        leave = 1 - math.exp(-(t - last) / life)
        rate = mean * (1 + swing * math.sin(6.283 * turns * t / run + phase))
        open_now += _poisson(chance, rate * leave) - sum(chance.random() < leave for _ in range(open_now))
        last = t
        out.append(open_now)
    return out


def cache_fill(chance: random.Random, times: Values) -> Values:
    """Distinct keys seen of a skewed set, held up to a capacity: fills fast, then ever slower, then is full."""
    size, item = chance.uniform(20, 300) * MB, chance.uniform(0.05, 0.25)
    skew, speed = chance.uniform(0.3, 0.8), chance.uniform(30, 300) / _pace(chance, times)
    return [size * (1 + min(item * 4, item * 5 * (1 - (1 + speed * t) ** -skew))) for t in times]


def collected_heap(chance: random.Random, times: Values) -> Values:
    """Young objects collected often, promoted ones when the old space has doubled."""
    live, rate = chance.uniform(20, 400) * MB, 0.0
    rate = live * chance.uniform(8, 40) / _pace(chance, times)
    young = old = 0.0
    out, last = [], times[0]
    nursery = live * chance.uniform(0.05, 0.3)
    for t in times:
        young += rate * (t - last) * chance.uniform(0.5, 1.5)
        last = t
        if young > nursery:
            old, young = old + young * 0.1, 0.0
        if old > live * 0.3:
            old = 0.0
        out.append(live + young + old)
    return out


def served(chance: random.Random, times: Values) -> Values:
    """Memory that follows the number of open connections."""
    each, base = chance.uniform(0.05, 0.5) * MB, chance.uniform(10, 200) * MB
    mean, life = chance.uniform(20, 150), _pace(chance, times) * chance.uniform(0.002, 0.03)
    return [base + each * n for n in _connections(chance, times, mean, life)]


def served_in_waves(chance: random.Random, times: Values) -> Values:
    each, base = chance.uniform(0.05, 0.5) * MB, chance.uniform(10, 200) * MB
    life = _pace(chance, times) * chance.uniform(0.002, 0.02)
    open_now = _connections(chance, times, chance.uniform(20, 150), life, chance.uniform(0.3, 0.9))
    return [base + each * n for n in open_now]


def high_water(chance: random.Random, times: Values) -> Values:
    """An allocator that never gives back: the highest need so far."""
    need, most = served(chance, times), 0.0
    return [most := max(most, value) for value in need]


def trimmed(chance: random.Random, times: Values) -> Values:
    """High water that is trimmed now and then."""
    need, most, each = served(chance, times), 0.0, len(times) // chance.randint(12, 40)
    out = []
    for place, value in enumerate(need):
        most = value if place % max(1, each) == 0 else max(most, value)
        out.append(most)
    return out


def logistic_start(chance: random.Random, times: Values) -> Values:
    base, run = chance.uniform(10, 800) * MB, _pace(chance, times)
    middle, width, gain = chance.uniform(0.02, 0.15), chance.uniform(0.005, 0.03), chance.uniform(0.1, 1.5)
    return [base * (1 + gain / (1 + math.exp(-(t / run - middle) / width)) + chance.gauss(0, 0.002)) for t in times]


def two_warm_ups(chance: random.Random, times: Values) -> Values:
    base, run, second = chance.uniform(10, 800) * MB, _pace(chance, times), chance.uniform(0.1, 0.4)
    tau = chance.uniform(0.01, 0.05)

    def level(x: float) -> float:
        return 2 - math.exp(-x / tau) - 0.5 * math.exp(-max(0.0, x - second) / tau) * (x > second) - 0.5 * (x <= second)

    return [base * level(t / run) + chance.gauss(0, 0.003) * base for t in times]


def two_saws(chance: random.Random, times: Values) -> Values:
    base, run = chance.uniform(20, 900) * MB, _pace(chance, times)
    one, two = run / chance.uniform(9, 15), run / chance.uniform(30, 90)
    return [base * (1 + 0.3 * ((t / one) % 1) + 0.2 * ((t / two) % 1) + chance.gauss(0, 0.002)) for t in times]


def telegraph(chance: random.Random, times: Values) -> Values:
    base, mean = chance.uniform(20, 900) * MB, _pace(chance, times) * chance.uniform(0.01, 0.06)
    high, until, out = False, 0.0, []
    height = chance.uniform(0.05, 0.6)
    for t in times:
        if t >= until:
            high, until = not high, t + chance.expovariate(1 / mean)
        out.append(base * (1 + height * high) + chance.gauss(0, 0.001) * base)
    return out


def idle_then_load(chance: random.Random, times: Values) -> Values:
    base, run = chance.uniform(10, 300) * MB, _pace(chance, times)
    begin, length, gain = chance.uniform(0.02, 0.3), chance.uniform(0.005, 0.04), chance.uniform(0.3, 3)
    return [base * (1 + gain * min(1, max(0, (t / run - begin) / length)) + chance.gauss(0, 0.004)) for t in times]


def doubling(chance: random.Random, times: Values) -> Values:
    """A table that doubles a few times until it is large enough."""
    base, run = chance.uniform(20, 300) * MB, _pace(chance, times)
    at = [chance.uniform(0.005, 0.02) * 2.2**i for i in range(chance.randint(3, 5))]
    return [base + sum(MB * 2**i * 2 for i, when in enumerate(at) if t / run > when) for t in times]


def pink(chance: random.Random, times: Values) -> Values:
    base, step = chance.uniform(20, 900) * MB, max(1e-9, times[1] - times[0])
    memories = [step * 4**i for i in range(12) if step * 4**i < times[-1] / 12]
    values = [0.0] * len(memories)
    out = []
    for _ in times:
        for place, memory in enumerate(memories):
            keep = math.exp(-step / memory)
            values[place] = keep * values[place] + math.sqrt(1 - keep * keep) * chance.gauss(0, 1)
        out.append(base * (1 + 0.01 * sum(values)))
    return out


def deployed(chance: random.Random, times: Values) -> Values:
    """Restarted a few times; each process warms up again."""
    base, run = chance.uniform(50, 900) * MB, times[-1]
    at = sorted(chance.uniform(0.1, 0.9) for _ in range(chance.randint(1, 3)))
    out = []
    for t in times:
        begun = max((when for when in at if when <= t / run), default=0)
        out.append(base * (0.1 + 0.9 * (1 - math.exp(-(t / run - begun) / 0.01)) + chance.gauss(0, 0.002)))
    return out


def hourly_job(chance: random.Random, times: Values) -> Values:
    base, period = chance.uniform(20, 900) * MB, _pace(chance, times) / chance.uniform(6, 24)
    share, height = chance.uniform(0.05, 0.3), chance.uniform(0.1, 2)
    return [
        base * (1 + height * max(0, 1 - abs((t / period) % 1 - 0.5) / share) + chance.gauss(0, 0.003)) for t in times
    ]


def odd_readings(chance: random.Random, times: Values) -> Values:
    base = chance.uniform(20, 900) * MB
    return [0.0 if chance.random() < 0.004 else base * (1 + chance.gauss(0, 0.01)) for _ in times]


def few_pages(chance: random.Random, times: Values) -> Values:
    """Exactly the same, but for a page now and then."""
    pages, out = chance.randint(3000, 50000), []
    for t in times:
        pages += chance.random() < 40 / len(times) * (t < times[-1] / 2)
        out.append(pages * 4096.0)
    return out


def fd_queue(chance: random.Random, times: Values) -> Values:
    return [12.0 + n for n in _connections(chance, times, chance.uniform(4, 120), _pace(chance, times) * 0.005)]


def fd_queue_in_waves(chance: random.Random, times: Values) -> Values:
    return [12.0 + n for n in _connections(chance, times, chance.uniform(10, 120), _pace(chance, times) * 0.005, 0.6)]


def fd_pool_grown(chance: random.Random, times: Values) -> Values:
    at = [_pace(chance, times) * chance.uniform(0.003, 0.01) * 2.5**i for i in range(4)]
    return [10.0 + sum(2.0**i for i, when in enumerate(at) if t > when) + chance.randint(0, 1) for t in times]


def fd_idle(chance: random.Random, times: Values) -> Values:
    return [7.0 + (chance.random() < 0.1) for _ in times]


def flow_additive(chance: random.Random, times: Values) -> Values:
    """Additive increase, multiplicative decrease."""
    top, out, rate = chance.uniform(1, 900) * MB, [], 0.6
    for _ in times:
        rate = rate * 0.6 if rate > 1 or chance.random() < 0.01 else rate + 0.02
        out.append(top * rate)
    return out


def flow_stalls(chance: random.Random, times: Values) -> Values:
    top = chance.uniform(1, 900) * MB
    return [0.0 if chance.random() < 0.03 else top * (1 + chance.gauss(0, 0.05)) for _ in times]


def flow_shared(chance: random.Random, times: Values) -> Values:
    """A share of a link that others use in waves."""
    top, others = chance.uniform(1, 900) * MB, _connections(chance, times, 20, _pace(chance, times) * 0.01, 0.5)
    return [top * 20 / (20 + n) * (1 + chance.gauss(0, 0.03)) for n in others]


def flow_grows(chance: random.Random, times: Values) -> Values:
    top, tau = chance.uniform(1, 900) * MB, _pace(chance, times) * chance.uniform(0.01, 0.1)
    return [top * (1 - 0.6 * math.exp(-t / tau)) * (1 + chance.gauss(0, 0.04)) for t in times]


def flow_lognormal(chance: random.Random, times: Values) -> Values:
    top, width = chance.uniform(1, 900) * MB, chance.uniform(0.05, 0.3)
    return [top * chance.lognormvariate(0, width) for _ in times]


CLEAN: dict[Kind, list[Mechanism]] = {
    Kind.RSS: [
        cache_fill, collected_heap, served, served_in_waves, high_water, trimmed, logistic_start, two_warm_ups,
        two_saws, telegraph, idle_then_load, doubling, pink, deployed, hourly_job, odd_readings, few_pages,
    ],
    Kind.FDS: [fd_queue, fd_queue_in_waves, fd_pool_grown, fd_idle],
    Kind.THROUGHPUT: [flow_additive, flow_stalls, flow_shared, flow_grows, flow_lognormal],
}  # fmt: skip


# --- mechanisms of growth: parts of the final amount, and the onset as a part of the run


def steady(_: random.Random, xs: Values) -> tuple[Values, float]:
    return list(xs), 0.0


def per_request(chance: random.Random, xs: Values) -> tuple[Values, float]:
    """A lost object in some requests; requests come in a wave."""
    turns, phase, mean = chance.uniform(3, 9), chance.uniform(0, 6.28), chance.uniform(60, 2000) / len(xs)
    total, out = 0, []
    for x in xs:
        total += _poisson(chance, mean * (1 + 0.7 * math.sin(6.28 * turns * x + phase)))
        out.append(float(total))
    return [value / max(1, total) for value in out], 0.0


def in_arenas(chance: random.Random, xs: Values) -> tuple[Values, float]:
    """Lost evenly, seen when another arena is mapped."""
    count = chance.randint(10, 60)
    return [math.floor(x * count) / count for x in xs], 0.0


def after_event(chance: random.Random, xs: Values) -> tuple[Values, float]:
    begin = chance.uniform(0.1, 0.5)
    return [max(0.0, x - begin) / (1 - begin) for x in xs], begin


def at_peaks(chance: random.Random, xs: Values) -> tuple[Values, float]:
    """Lost only while the load is high."""
    turns, total, out = chance.uniform(8, 20), 0.0, []
    for x in xs:
        total += max(0.0, math.sin(6.28 * turns * x))
        out.append(total)
    return [value / total for value in out], 0.0


def compounding(chance: random.Random, xs: Values) -> tuple[Values, float]:
    rate = chance.uniform(0.5, 2)
    return [math.expm1(rate * x) / math.expm1(rate) for x in xs], 0.0


LEAKS = [steady, per_request, in_arenas, after_event, at_peaks, compounding]
CARRIERS: dict[Kind, list[Mechanism]] = {
    Kind.RSS: [
        cache_fill, collected_heap, served, served_in_waves, trimmed, logistic_start, two_saws, telegraph,
        pink, hourly_job, odd_readings, few_pages, doubling,
    ],
    Kind.FDS: [fd_queue, fd_queue_in_waves, fd_idle, fd_pool_grown],
    Kind.THROUGHPUT: [flow_additive, flow_stalls, flow_shared, flow_grows, flow_lognormal],
}  # fmt: skip


def _grid(label: str, duration: float) -> Grid:
    chance = random.Random(label)
    step = chance.choice([s for s in (1, 2, 5, 10, 20, 30, 60) if duration / 9000 <= s <= duration / 60])
    jitter = chance.choice([0, 0, 0.02, 0.2])
    return chance, [i * step + (chance.uniform(0, jitter) * step if i else 0) for i in range(int(duration / step) + 1)]


def clean(kind: Kind, mechanism: Mechanism, duration: float, seed: int) -> Trace:
    chance, times = _grid(f"held out {mechanism.__name__} {duration} {seed}", duration)
    points = list(zip(times, mechanism(chance, times), strict=True))
    return Trace(f"{mechanism.__name__}/{duration:.0f}", kind, points, False, 0.0, [])


def leaking(kind: Kind, mechanism: Mechanism, leak: int, duration: float, seed: int) -> Trace:
    how = LEAKS[leak % len(LEAKS)]
    chance, times = _grid(f"held out {mechanism.__name__} {how.__name__} {duration} {seed}", duration)
    under = mechanism(chance, times)
    parts, onset = how(chance, [t / times[-1] for t in times])
    ordered = sorted(under[len(under) // 3 :])
    spread, level = ordered[int(0.9 * len(ordered))] - ordered[int(0.1 * len(ordered))], ordered[len(ordered) // 2]
    weight = math.exp(chance.uniform(0, 1.6))
    if kind is Kind.FDS:
        lost = [float(math.floor(max(15.0, spread) * weight * part)) for part in parts]
    elif kind is Kind.THROUGHPUT:
        lost = [value * min(0.75, 0.15 * weight) * part for value, part in zip(under, parts, strict=True)]
    else:
        lost = [max(5 * MB, 0.05 * level, spread) * weight * part for part in parts]
    sign = -1 if kind is Kind.THROUGHPUT else 1
    points = [(t, max(0.0, u + sign * g)) for t, u, g in zip(times, under, lost, strict=True)]
    name = f"{mechanism.__name__}+{how.__name__}/{duration:.0f}"
    return Trace(name, kind, points, True, onset * times[-1], lost)


def holdout(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Every mechanism without a leak, and every carrier with two kinds of leak, at every duration."""
    for seed in seeds:
        for duration in durations:
            for kind, mechanisms in CLEAN.items():
                yield from (clean(kind, mechanism, duration, seed) for mechanism in mechanisms)
            for kind, carriers in CARRIERS.items():
                for place, carrier in enumerate(carriers):
                    first = place + seed + DURATIONS.index(duration)
                    yield leaking(kind, carrier, first, duration, seed)
                    yield leaking(kind, carrier, first + 2, duration, seed)
