"""A fifth family: programs simulated by what they do, request by request, instead of curves drawn by formula.

The load comes first (steady, in stages, in days, in bursts); memory, descriptors and throughput follow from what a
cache, a heap, an allocator, a log or a pool does under it, and a leak is what is lost with each unit of that work. The
kinds of `looked_at` were used while the detector was changed, those of `kept_back` were scored, never looked into.
"""

import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stresstui.core.growth import Kind
from tests.core.growth.corpus import Trace

DURATIONS = (600.0, 1800.0, 3600.0, 14400.0, 86400.0)
STEPS = (1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 300.0)
MB = 1e6
Values = list[float]


@dataclass
class Box:
    """One program under its load, seen at some times."""

    rng: random.Random
    times: Values
    level: float
    """A typical level, in the metric's unit."""
    load: Values
    """Requests a second at each time; 1 is usual."""

    @property
    def length(self) -> float:
        return self.times[-1]

    @property
    def step(self) -> float:
        return self.times[1]

    def log(self, low: float, high: float) -> float:
        return math.exp(self.rng.uniform(math.log(low), math.log(high)))

    def part(self, low: float, high: float) -> float:
        return self.length * self.rng.uniform(low, high)

    def noisy(self, values: Values, low: float = 0.0003, high: float = 0.01) -> Values:
        size = self.log(low, high)
        return [v * (1 + self.rng.gauss(0, size)) for v in values]

    def work(self) -> Values:
        """Return the requests done until each time, in all."""
        done, out = 0.0, [0.0]
        for rate in self.load[1:]:
            done += rate * self.step
            out.append(done)
        return out

    def slowly(self, target: Values, up: float, down: float) -> Values:
        """Follow a target with one time constant upwards and another downwards, seconds."""
        value, out = target[0], []
        for aim in target:
            value += (aim - value) * -math.expm1(-self.step / (up if aim > value else down))
            out.append(value)
        return out


# --- loads


def steady(rng: random.Random, times: Values) -> Values:
    size = rng.uniform(0.0, 0.2)
    return [max(0.05, 1 + rng.gauss(0, size)) for _ in times]


def staged(rng: random.Random, times: Values) -> Values:
    """A test plan of four to nine stages that ends about where it began."""
    count = rng.randint(4, 9)
    levels = [rng.uniform(0.4, 1.6) for _ in range(count)]
    levels[rng.randrange(max(1, count // 3))], levels[-1] = 1.7, rng.uniform(0.5, 1.1)
    return [levels[min(count - 1, int(t / times[-1] * count))] * max(0.2, 1 + rng.gauss(0, 0.05)) for t in times]


def daily(rng: random.Random, times: Values) -> Values:
    """Four to eight cycles, lopsided, no two alike."""
    turns, phase = rng.uniform(4, 8), rng.random()
    heights = [rng.uniform(0.6, 1.0) for _ in range(12)]
    out = []
    for t in times:
        at = turns * t / times[-1] + phase
        angle = math.tau * at
        high = heights[int(at)]
        out.append(0.3 + high * (1 - math.cos(angle + 0.4 * math.sin(angle))) / 2 + abs(rng.gauss(0, 0.05)))
    return out


def bursty(rng: random.Random, times: Values) -> Values:
    rate, until, out = 1.0, 0.0, []
    for t in times:
        if t >= until:
            rate, until = rng.choice((0.3, 0.8, 1.0, 1.0, 1.2, 2.5)), t + times[-1] * rng.uniform(0.002, 0.03)
        out.append(rate * max(0.1, 1 + rng.gauss(0, 0.1)))
    return out


# --- what programs hold


def zipf_cache(b: Box) -> Values:
    """Keys of very different popularity, kept from first use until the cache is full or all were seen."""
    classes = [(2.0**i, 1.0 / 2.0**i) for i in range(12)]
    amount, full = b.log(0.1, 1.5), b.part(0.06, 0.3)
    work, scale = b.work(), b.log(0.01, 0.2) * b.length
    held = [sum(n * -math.expm1(-w * p / scale * 12) for n, p in classes) for w in work]
    cap = held[bisect_right(b.times, full)]
    return b.noisy([b.level * (1 + amount * min(x, cap) / cap) for x in held])


def go_heap(b: Box) -> Values:
    """Collected when twice the live heap is reached; what is free goes back to the system over minutes."""
    live, goal = b.log(0.2, 0.6), b.log(1.6, 2.2)
    rate = live / max(4 * b.step, b.length / b.log(20, 200))
    heap, out = live, []
    for load in b.load:
        heap += rate * load * b.step * b.rng.uniform(0.8, 1.2)
        if heap > goal * live:
            heap = live * b.rng.uniform(0.97, 1.03)
        out.append(heap)
    mapped = b.slowly(out, b.step, b.length * b.log(0.004, 0.02))
    return [b.level * (1 - live + x) for x in mapped]


def slabs(b: Box) -> Values:
    """Slabs are mapped for the most requests at once so far, each class half as large again, and kept."""
    classes, most, out = [b.log(0.02, 0.06) * 1.5**i for i in range(6)], 0.0, []
    for load in b.load:
        most = max(most, load * b.rng.gammavariate(30, 1 / 30))
        out.append(b.level * (1 + sum(size for i, size in enumerate(classes) if most > 0.5 + 0.25 * i)))
    return b.noisy(out, 0.0002, 0.003)


def rotated(b: Box) -> Values:
    """A buffer that fills with the load and is flushed by size, by the clock, or both."""
    flush, slot = b.log(0.1, 0.9), b.length / b.rng.randint(7, 30)
    rate, held, last, out = flush / (slot * b.rng.uniform(0.7, 2.5)), 0.0, 0, []
    for t, load in zip(b.times, b.load, strict=True):
        held += rate * load * b.step
        if held > flush or int(t / slot) != last:
            held, last = 0.0, int(t / slot)
        out.append(b.level * (1 + held))
    return b.noisy(out)


def jvm(b: Box) -> Values:
    """The young generation is touched page by page, grown a few times, and never given back."""
    sizes, at, out, touched = sorted(b.log(0.1, 0.9) for _ in range(b.rng.randint(1, 4))), 0, [], 0.05
    speed = sizes[-1] / b.part(0.02, 0.2)
    for load in b.load:
        touched = min(sizes[at], touched + speed * load * b.step)
        if touched >= sizes[at] and at < len(sizes) - 1 and b.rng.random() < b.step / (0.02 * b.length):
            at += 1
        out.append(b.level * (0.5 + touched))
    return b.noisy(out, 0.0002, 0.002)


def coarse(b: Box) -> Values:
    """A level that wanders a little, told in hundredths of it."""
    size, memory, value, out = b.log(0.003, 0.02), b.part(0.005, 0.03), 0.0, []
    keep = math.exp(-b.step / memory)
    for _ in b.times:
        value = value * keep + b.rng.gauss(0, size * math.sqrt(1 - keep * keep))
        out.append(round(100 * (1 + value)) / 100 * b.level)
    return out


def connections(b: Box) -> Values:
    """Descriptors that follow the connections, which stay for a time of their own."""
    stay = max(2 * b.step, b.length * b.log(0.002, 0.03))
    open_now = b.slowly([b.level * load for load in b.load], stay, stay)
    return [8 + x + b.rng.gauss(0, math.sqrt(x + 0.5)) for x in open_now]


def link(b: Box) -> Values:
    """A link shared with others: its share moves, in episodes, and so does what is asked of it."""
    share, until, out = 1.0, 0.0, []
    for t in b.times:
        if t >= until:
            share, until = b.rng.uniform(0.75, 1.05), t + b.length * b.log(0.002, 0.04)
        out.append(b.level * share * max(0.02, b.rng.gammavariate(60, 1 / 60)))
    return out


# --- what programs hold, kept back


def lru(b: Box) -> Values:
    """Filled at the rate of the load to its cap, then as much goes as comes, in sizes of its own."""
    cap, work = b.log(0.1, 2.0), b.work()
    full = work[-1] * b.rng.uniform(0.03, 0.2)
    return b.noisy([b.level * (1 + cap * min(1.0, w / full)) for w in work], 0.001, 0.01)


def workers(b: Box) -> Values:
    """Threads begun when all are busy, up to as many as are allowed; each keeps its stack and arena."""
    most, begun, out = b.rng.randint(6, 40), 1, []
    each, full = b.log(0.01, 0.06), b.part(0.05, 0.3)
    for t, load in zip(b.times, b.load, strict=True):
        busy = 1 + (most - 1) * min(1.0, t / full * (1.5 - t / full / 2))
        begun = max(begun, min(most, round(busy + b.rng.gauss(0, 1) * (load > 1))))
        out.append(b.level * (1 + each * begun))
    return b.noisy(out, 0.0002, 0.004)


def follows(b: Box) -> Values:
    """Memory that rises with the load at once and is given back slowly."""
    reach = b.log(0.1, 0.8)
    return b.noisy([b.level * (1 + reach * x) for x in b.slowly(b.load, b.length / 400, b.length * b.log(0.005, 0.03))])


def hourly(b: Box) -> Values:
    """A job by the clock that takes a lot and gives it back; the first ones leave a little behind."""
    slot, share, high = b.length / b.rng.randint(8, 24), b.rng.uniform(0.1, 0.5), b.log(0.1, 1.0)
    return b.noisy(
        [
            b.level * (1 + high * ((t % slot) < share * slot) * b.rng.uniform(0.9, 1.0) + 0.04 * min(2, int(t / slot)))
            for t in b.times
        ]
    )


def compacted(b: Box) -> Values:
    """Tables merged small into large: teeth on the backs of teeth."""
    small, each = b.length / b.rng.randint(60, 200), b.log(0.02, 0.1)
    many = b.rng.randint(5, 12)
    return b.noisy([b.level * (1 + each * ((t / small) % 1) + each * (int(t / small) % many)) for t in b.times])


def pressed(b: Box) -> Values:
    """Pushed out by a neighbour that needs memory, and touched again bit by bit, back to what it was."""
    marks = sorted(b.part(0.1, 0.85) for _ in range(b.rng.randint(1, 3)))
    value, out, back = 1.0, [], b.part(0.01, 0.05)
    for t in b.times:
        if marks and t >= marks[0]:
            marks.pop(0)
            value = b.rng.uniform(0.3, 0.8)
        value = min(1.0, value + (1 - value) * b.step / back)
        out.append(b.level * value)
    return b.noisy(out, 0.0003, 0.004)


def deployed(b: Box) -> Values:
    """Three to six versions, one after the other, each with its own warm-up and level."""
    cuts = [0.0, *sorted(b.part(0.1, 0.9) for _ in range(b.rng.randint(2, 5)))]
    levels = [b.rng.uniform(0.9, 1.1) for _ in cuts]
    tau, out = b.length * b.log(0.003, 0.015), []
    for t in b.times:
        life = bisect_right(cuts, t) - 1
        out.append(b.level * levels[life] * (1 - 0.7 * math.exp(-(t - cuts[life]) / tau)))
    return b.noisy(out, 0.001, 0.01)


def kept_alive(b: Box) -> Values:
    """Idle connections, closed after a time-out of theirs, opened as the load needs them."""
    held = b.slowly([b.level * load for load in b.load], 2 * b.step, b.length * b.log(0.005, 0.03))
    return [6.0 + math.ceil(x) for x in held]


def throttled(b: Box) -> Values:
    """Slowed now and then by heat, the more often the more is done, and as fast as ever afterwards."""
    heat, slow, out = 0.0, False, []
    for load in b.load:
        heat += (load * (0.6 if slow else 1.0) - heat) * b.step / (0.01 * b.length)
        slow = heat > (0.8 if slow else 1.05)
        out.append(b.level * (0.65 if slow else 1.0) * max(0.02, b.rng.gauss(1, 0.04)))
    return out


# --- what is lost, as parts of the whole loss


def with_work(b: Box) -> Values:
    work = b.work()
    return [w / work[-1] for w in work]


def with_errors(b: Box) -> Values:
    """Rare events, each of which keeps something of a size of its own for ever."""
    many = b.rng.randint(9, 30)
    marks = [(i + b.rng.random()) / many * b.length for i in range(many)]
    sizes = [b.log(0.5, 2.0) for _ in marks]
    kept = [sum(size for at, size in zip(marks, sizes, strict=True) if at <= t) for t in b.times]
    return [x / sum(sizes) for x in kept]


def since_a_deploy(b: Box) -> Values:
    onset, work = b.rng.uniform(0.2, 0.7), b.work()
    begin = work[int(onset * (len(work) - 1))]
    return [max(0.0, w - begin) / (work[-1] - begin) for w in work]


def by_the_clock(b: Box) -> Values:
    many = b.rng.randint(10, 40)
    return [math.floor(t / b.length * many) / many for t in b.times]


def by_scans(b: Box) -> Values:
    """What is kept is looked through each time, so that more and more is kept."""
    power = b.rng.uniform(1.3, 2.0)
    return [x**power for x in with_work(b)]


def until_killed(b: Box) -> Values:
    """Lost evenly; killed at odd times and begun again, three to five lives."""
    many = b.rng.randint(3, 5)
    cuts = [0.0, *((i + b.rng.uniform(0.6, 1.2)) / many * b.length for i in range(many - 1))]
    return [(t - cuts[bisect_right(cuts, t) - 1]) / b.length for t in b.times]


def idle_life(b: Box) -> Values:
    """A small program, for what is lost until it is killed."""
    return b.noisy([max(5.0, 0.1 * b.level)] * len(b.times))


Load = Callable[[random.Random, Values], Values]
Made = Callable[[Box], Values]
CLEAN: dict[str, tuple[Load, Made]] = {
    "zipf-cache": (steady, zipf_cache), "zipf-cache-staged": (staged, zipf_cache), "go-staged": (staged, go_heap),
    "go-bursty": (bursty, go_heap), "slabs": (bursty, slabs), "rotated": (steady, rotated),
    "rotated-daily": (daily, rotated), "jvm": (steady, jvm), "coarse": (steady, coarse),
    "fd-staged": (staged, connections), "fd-daily": (daily, connections), "tp-link": (steady, link),
}  # fmt: skip
LEAKS: dict[str, tuple[Load, Made, Made]] = {
    "leak-go": (staged, go_heap, with_work), "leak-zipf": (steady, zipf_cache, with_work),
    "leak-errors": (bursty, slabs, with_errors), "leak-deploy": (steady, coarse, since_a_deploy),
    "leak-rotated": (daily, rotated, with_work), "leak-jvm": (steady, jvm, since_a_deploy),
    "leak-killed": (steady, idle_life, until_killed), "fd-errors": (bursty, connections, with_errors),
    "fd-work": (staged, connections, with_work), "fd-deploy": (daily, connections, since_a_deploy),
    "tp-work": (steady, link, with_work), "tp-deploy": (steady, link, since_a_deploy),
}  # fmt: skip
CLEAN_KEPT: dict[str, tuple[Load, Made]] = {
    "lru": (bursty, lru), "workers": (steady, workers), "follows-daily": (daily, follows),
    "follows-staged": (staged, follows), "hourly": (steady, hourly), "compacted": (steady, compacted),
    "pressed": (steady, pressed), "deployed": (steady, deployed), "fd-kept-alive": (bursty, kept_alive),
    "fd-kept-alive-staged": (staged, kept_alive), "fd-workers": (steady, workers), "tp-throttled": (bursty, throttled),
}  # fmt: skip
LEAKS_KEPT: dict[str, tuple[Load, Made, Made]] = {
    "leak-lru": (bursty, lru, with_work), "leak-workers": (steady, workers, by_scans),
    "leak-follows": (daily, follows, with_work), "leak-hourly": (steady, hourly, by_the_clock),
    "leak-compacted": (steady, compacted, with_work), "leak-pressed": (steady, pressed, by_scans),
    "leak-late": (bursty, lru, since_a_deploy), "fd-clock": (steady, kept_alive, by_the_clock),
    "fd-late": (bursty, kept_alive, since_a_deploy), "fd-killed": (steady, idle_life, until_killed),
    "tp-throttled-work": (steady, throttled, with_work), "tp-throttled-late": (steady, throttled, since_a_deploy),
}  # fmt: skip
LEVELS = {Kind.RSS: (12 * MB, 2e9), Kind.FDS: (12.0, 1500.0), Kind.THROUGHPUT: (1e5, 5e8)}


def _trace(name: str, parts: tuple[Load, Made, Made | None], length: float, seed: int) -> Trace:
    load, made, lost = parts
    rng = random.Random(f"mechanism {name} {length} {seed}")
    kind = Kind.FDS if name.startswith("fd-") else Kind.THROUGHPUT if name.startswith("tp-") else Kind.RSS
    step = rng.choice([s for s in STEPS if length / 9000 <= s <= length / 100])
    times = [i * step for i in range(int(length / step) + 1)]
    low, high = LEVELS[kind]
    box = Box(rng, times, math.exp(rng.uniform(math.log(low), math.log(high))), load(rng, times))
    values, leaked = made(box), list[float]()
    if lost is not None:
        total = _total(box, kind, values)
        leaked = [_grain(kind, total * x) for x in lost(box)]
        values = [v - x if kind is Kind.THROUGHPUT else v + x for v, x in zip(values, leaked, strict=True)]
    onset = times[next((i for i, x in enumerate(leaked) if x > 0), 1) - 1]
    points = [(t, max(0.0, _grain(kind, v))) for t, v in zip(times, values, strict=True)]
    return _recorded(rng, Trace(f"{name}/{length:.0f}", kind, points, lost is not None, onset, leaked))


def _total(b: Box, kind: Kind, values: Values) -> float:
    if kind is Kind.THROUGHPUT:
        return b.level * b.rng.uniform(0.2, 0.7)
    if max(values) < 0.2 * b.level:
        return max(60.0, b.level) * b.log(1.2, 4)  # many times what a small program needs, in each life
    ordered = sorted(values[len(values) // 3 :])
    spread = ordered[len(ordered) * 9 // 10] - ordered[len(ordered) // 10]
    return max(0.06 * b.level, 20 if kind is Kind.FDS else 6 * MB, 1.2 * spread) * b.log(1, 6)


def _grain(kind: Kind, value: float) -> float:
    """Whole descriptors, whole pages."""
    return (
        value if kind is Kind.THROUGHPUT else float(round(value)) if kind is Kind.FDS else 4096.0 * round(value / 4096)
    )


def _recorded(rng: random.Random, trace: Trace) -> Trace:
    """What a recorder makes of it: lost readings, a pause and a resumption, times that jitter."""
    how, last = rng.random(), len(trace.points) - 1
    if how < 0.2:
        part = rng.uniform(0.05, 0.4)
        kept = [i for i in range(last + 1) if i in {0, last} or rng.random() > part]
        leaked = [trace.leaked[i] for i in kept] if trace.leak else []
        return Trace(trace.name, trace.kind, [trace.points[i] for i in kept], trace.leak, trace.onset, leaked)
    if how < 0.32:
        at, pause = rng.randrange(last // 4, 3 * last // 4), trace.planned * rng.uniform(0.3, 3)
        points = [(t + pause * (i > at), v) for i, (t, v) in enumerate(trace.points)]
        onset = trace.onset + pause * (trace.onset >= trace.points[at][0])
        return Trace(trace.name, trace.kind, points, trace.leak, onset, trace.leaked)
    if how < 0.45:
        most = 0.4 * trace.points[1][0]
        points = [(t + rng.uniform(0, most), v) for t, v in trace.points]
        return Trace(trace.name, trace.kind, points, trace.leak, trace.onset, trace.leaked)
    return trace


def taken_again(b: Box, soon: float, period: float, kept: tuple[float, float], size: float) -> Values:
    """Fills within `soon` seconds of usual load, up to `size` times the level; a period leaves the part `kept`."""
    held, at, out = 0.0, 0, []
    for t, load in zip(b.times, b.load, strict=True):
        held += (1 - held) * -math.expm1(-b.step * load / soon)
        if int(t / period) != at:
            held, at = held * b.rng.uniform(*kept), int(t / period)
        out.append(b.level * (1 + size * held))
    return b.noisy(out, 0.0002, 0.003)


def family(
    clean: dict[str, tuple[Load, Made]],
    leaks: dict[str, tuple[Load, Made, Made]],
    seeds: range,
    durations: tuple[float, ...],
) -> Iterator[Trace]:
    kinds: dict[str, tuple[Load, Made, Made | None]] = {
        **{name: (load, made, None) for name, (load, made) in clean.items()},
        **leaks,
    }
    return (_trace(name, kinds[name], length, seed) for seed in seeds for length in durations for name in kinds)


def looked_at(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind that was looked at, for each seed and duration."""
    return family(CLEAN, LEAKS, seeds, durations)


def kept_back(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind that was kept back."""
    return family(CLEAN_KEPT, LEAKS_KEPT, seeds, durations)
