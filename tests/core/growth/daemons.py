"""An eighth family: runtimes and daemons by their own clocks, minutes and hours, whatever the length of the run.

Written, with the truth of each, before the detector was tried on any of it; all may be looked into. What is clean has
come to rest by four fifths of the run (a time constant that would be longer is cut to a part of it), or comes back;
what leaks goes on to the end.
"""

import math
from collections.abc import Iterator

from tests.core.growth.corpus import Trace
from tests.core.growth.mechanisms import (
    DURATIONS,
    Box,
    Load,
    Made,
    Values,
    bursty,
    by_the_clock,
    daily,
    family,
    since_a_deploy,
    staged,
    steady,
    taken_again,
    with_errors,
    with_work,
)

MINUTE, HOUR = 60.0, 3600.0


def _lasting(b: Box, low: float, high: float, part: float) -> float:
    """Draw a time in seconds, no more than this part of the run."""
    return min(b.log(low, high), part * b.length)


def jvm(b: Box) -> Values:
    """Pages are touched once, the heap is enlarged after some collections until it suits, classes are loaded."""
    soon, suits = _lasting(b, 30, 10 * MINUTE, 0.08), _lasting(b, 5 * MINUTE, 90 * MINUTE, 0.45)
    many, size, classes = b.rng.randint(3, 9), b.log(0.1, 1.0), b.log(0.03, 0.2)
    marks = sorted(suits * b.rng.random() ** 1.5 for _ in range(many))
    out = [size * sum(t > at for at in marks) / many + classes * -math.expm1(-t / soon) for t in b.times]
    return b.noisy([b.level * (1 + x) for x in out], 0.0002, 0.004)


def node(b: Box) -> Values:
    """New space is scavenged every few seconds, old space marked and swept every few minutes, at a goal that adapts."""
    goal, old, out = b.log(0.15, 0.5), 0.0, []
    rate, soon = goal / max(6 * b.step, _lasting(b, 40, 20 * MINUTE, 0.06)), _lasting(b, MINUTE, 15 * MINUTE, 0.1)
    for t, load in zip(b.times, b.load, strict=True):
        old += rate * load * b.step * b.rng.uniform(0.6, 1.4)
        if old > goal:
            old, goal = goal * b.rng.uniform(0.02, 0.12), goal * b.rng.uniform(0.95, 1.05)
        out.append(b.level * (1 + old + 0.06 * b.rng.random() + 0.3 * -math.expm1(-t / soon)))
    return out


def decayed(b: Box) -> Values:
    """Jemalloc: dirty pages of each burst decay over ten seconds, muzzy ones as slowly as they were told to."""
    need = [0.3 * load for load in b.load]
    dirty, muzzy = b.slowly(need, b.step, 10.0), b.slowly(need, b.step, _lasting(b, MINUTE, 20 * MINUTE, 0.03))
    part = b.rng.random()
    return b.noisy([b.level * (0.5 + part * x + (1 - part) * y) for x, y in zip(dirty, muzzy, strict=True)])


def pooled(b: Box) -> Values:
    """A pool with a least and a most: as many as are busy, and idle ones until their timeout."""
    least, most, idle = b.level * b.rng.uniform(0.2, 0.6), b.level * b.rng.uniform(1.2, 2.5), _lasting(b, 30, 900, 0.03)
    busy = [min(most, max(least, b.level * load * b.rng.gammavariate(30, 1 / 30))) for load in b.load]
    return [12 + x for x in b.slowly(busy, b.step, idle)]


def rotated_cache(b: Box) -> Values:
    """The page cache of a log that is rotated by the clock, compressed and dropped, no two of them as large."""
    period = b.rng.choice([p for p in (60.0, 300.0, 900.0, HOUR, 4 * HOUR) if p <= b.length / 6])
    rate, held, at, out = b.log(0.05, 0.8) / period, 0.0, 0, []
    for t, load in zip(b.times, b.load, strict=True):
        held += rate * load * b.step
        if int(t / period) != at:
            held, at = held * b.rng.uniform(0.0, 0.15), int(t / period)
        out.append(b.level * (1 + held))
    return b.noisy(out, 0.0003, 0.004)


def skewed_lru(b: Box) -> Values:
    """Misses of a skewed set fill a cache ever more slowly until its cap, then every miss throws one out."""
    cap, size, scale = _lasting(b, 5 * MINUTE, 5 * HOUR, 0.6), b.log(0.1, 2.0), b.rng.uniform(0.35, 0.8)
    return b.noisy([b.level * (1 + size * min(1.0, t / cap) ** scale) for t in b.times], 0.0003, 0.004)


def mapped_index(b: Box) -> Values:
    """Pages of a mapped index come in as they are touched; a merge replaces some segments, to be touched again."""
    soon, period = _lasting(b, MINUTE, HOUR, 0.12), b.length / b.rng.uniform(4, 20)
    return taken_again(b, soon, period, (0.3, 0.95), b.log(0.2, 3.0))


def cron(b: Box) -> Values:
    """Jobs by the clock beside an idle service: a frequent one that takes little, a rare one that takes much."""
    slots = [s for s in (60.0, 300.0, 900.0, HOUR, 3 * HOUR) if b.length / 150 <= s <= b.length / 5 and s > 3 * b.step]
    often, rarely = slots[0], slots[-1]
    small, great, share = b.log(0.02, 0.1), b.log(0.1, 1.0), b.rng.uniform(0.05, 0.5)
    held = [
        small * (t % often < 0.3 * often)
        + great * min(1.0, 3 * (t % rarely) / rarely / share) * (t % rarely < share * rarely)
        for t in b.times
    ]
    return b.noisy([b.level * (1 + x) for x in held], 0.0003, 0.006)


def high_water(b: Box) -> Values:
    """An allocator that gives nothing back: the most that requests of bounded size ever needed at once."""
    most, out, bound = 0.0, [], b.log(0.1, 0.8)
    every = b.length / b.log(300, 3000)
    due = 0.0
    for t, load in zip(b.times, b.load, strict=True):
        while t >= due:
            most, due = max(most, min(1.0, load) * b.rng.betavariate(4, 2)), due + every
        out.append(b.level * (1 + bound * most))
    return b.noisy(out, 0.0001, 0.002)


def head_block(b: Box) -> Values:
    """A database of series: its head grows until it is compacted, part of it mapped, one after the other."""
    period, keep = b.length / b.rng.uniform(5, 14), b.rng.uniform(0.2, 0.5)
    size, soon = b.log(0.2, 1.0), _lasting(b, 2 * MINUTE, 20 * MINUTE, 0.05)
    phase = b.rng.random()
    head = [size * (keep + (1 - keep) * ((t / period + phase) % 1)) for t in b.times]
    return b.noisy(
        [b.level * (1 + x * -math.expm1(-t / soon)) for t, x in zip(b.times, head, strict=True)], 0.0003, 0.01
    )


def clients(b: Box) -> Values:
    """Clients that come and go; half of them reconnect at once when a balancer's node is taken out, and drift back."""
    lives, value, out, until = _lasting(b, 10, 600, 0.02), b.level, [], b.part(0.1, 0.9)
    shed = b.rng.uniform(0.2, 0.5)
    for t, load in zip(b.times, b.load, strict=True):
        aim = b.level * load * (1 - shed * math.exp(-(t - until) / (0.05 * b.length)) * (t >= until))
        value += (aim - value) * -math.expm1(-b.step / lives)
        out.append(10 + max(0.0, value + b.rng.gauss(0, math.sqrt(0.3 * value + 0.3))))
    return out


def turbo(b: Box) -> Values:
    """A processor that runs faster until it is warm, then as fast as its cooling lets it."""
    warm, more = _lasting(b, 20, 10 * MINUTE, 0.1), b.rng.uniform(0.05, 0.3)
    return [b.level * (1 + more * math.exp(-t / warm)) * b.rng.gammavariate(150, 1 / 150) for t in b.times]


def hours(b: Box) -> Values:
    """Throughput that follows the load of each hour."""
    return [b.level * min(1.2, 0.5 + 0.5 * load) * b.rng.gammavariate(80, 1 / 80) for load in b.load]


def small_and_still(b: Box) -> Values:
    """A service that holds next to nothing but what it began with."""
    return b.noisy([b.level] * len(b.times), 0.0002, 0.004)


def few_sockets(b: Box) -> Values:
    return [max(3.0, b.level + b.rng.gauss(0, 0.02 * b.level)) for _ in b.times]


# --- what is lost, as parts of the whole loss


def one_worker(b: Box) -> Values:
    """One of several workers loses with each request that it gets; its share of them wanders."""
    share, done, out = 1.0, 0.0, [0.0]
    for load in b.load[1:]:
        share = min(3.0, max(0.2, share * math.exp(b.rng.gauss(0, 0.05 * math.sqrt(b.step / b.length * 500)))))
        done += share * load * b.step
        out.append(done)
    return [x / done for x in out]


def doubling(b: Box) -> Values:
    """Entries of a table that are never removed, and the table itself, which is enlarged by a quarter when full."""
    work, held, out = b.work(), 0.05, list[float]()
    for done in work:
        x = done / work[-1]
        while held < x:
            held *= 1.25
        out.append(0.6 * x + 0.4 * held - 0.02)
    return [x / out[-1] for x in out]


def steps(b: Box) -> Values:
    """A buffer of one size for each session that is not ended, in a run with ten to thirty of these."""
    many = b.rng.randint(10, 30)
    marks = [(i + b.rng.uniform(0.15, 0.85)) / many * b.length for i in range(many)]
    return [sum(t >= at for at in marks) / many for t in b.times]


def follows(b: Box) -> Values:
    """Lost with the square of the load: hardly anything in quiet hours, and there are at least four busy ones."""
    done, out = 0.0, [0.0]
    for load in b.load[1:]:
        done += load * load * b.step
        out.append(done)
    return [x / done for x in out]


def late(b: Box) -> Values:
    """From somewhere in the middle on, after a change of configuration."""
    onset = b.rng.uniform(0.25, 0.6)
    return [max(0.0, t / b.length - onset) / (1 - onset) for t in b.times]


CLEAN: dict[str, tuple[Load, Made]] = {
    "jvm": (bursty, jvm), "node": (bursty, node), "decayed": (bursty, decayed), "decayed-daily": (daily, decayed),
    "rotated-cache": (daily, rotated_cache), "skewed-lru": (steady, skewed_lru), "mapped-index": (bursty, mapped_index),
    "cron": (steady, cron), "high-water": (bursty, high_water), "head-block": (steady, head_block),
    "still": (steady, small_and_still), "fd-pooled": (bursty, pooled), "fd-pooled-daily": (daily, pooled),
    "fd-clients": (staged, clients), "fd-few": (steady, few_sockets), "tp-turbo": (steady, turbo),
    "tp-hours": (daily, hours),
}  # fmt: skip
LEAKS: dict[str, tuple[Load, Made, Made]] = {
    "leak-worker": (bursty, node, one_worker), "leak-table": (steady, small_and_still, doubling),
    "leak-steps": (steady, jvm, steps), "leak-follows": (daily, decayed, follows), "leak-late": (bursty, node, late),
    "leak-cron": (steady, cron, by_the_clock), "leak-index": (bursty, mapped_index, with_work),
    "leak-lru": (steady, skewed_lru, with_work), "leak-head": (steady, head_block, with_work),
    "leak-errors": (bursty, jvm, with_errors), "fd-worker": (bursty, pooled, one_worker),
    "fd-steps": (steady, few_sockets, steps), "fd-late": (steady, few_sockets, late),
    "fd-follows": (daily, pooled, follows), "fd-deploy": (staged, clients, since_a_deploy),
    "tp-table": (steady, turbo, with_work), "tp-late": (daily, hours, late),
}  # fmt: skip


def looked_at(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind for each seed and duration."""
    return family(CLEAN, LEAKS, seeds, durations)
