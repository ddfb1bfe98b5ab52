"""A sixth family: what runtimes, pools, allocators, kernels and timers keep for a while.

All kinds were written before the detector was tried on any of them. Those of `looked_at` may be looked into when the
detector is changed; those of `kept_back` are scored only.
"""

import math
from collections.abc import Iterator
from itertools import accumulate

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
    with_errors,
    with_work,
)


def code_cache(b: Box) -> Values:
    """Methods are compiled once they were called often enough, twice for those called most, up to the cache's size."""
    many, often = 400, b.log(0.02, 0.3) * b.length / 400
    marks = sorted((rank**0.9) * often * tier for rank in range(1, many) for tier in (1.0, 6.0))
    size, cap, made, out = b.log(0.1, 0.6), b.rng.uniform(0.4, 1.0) * len(marks), 0, []
    for done in b.work():
        while made < min(cap, len(marks)) and marks[made] < min(done, 0.3 * b.length):
            made += 1
        out.append(b.level * (1 + size * made / len(marks)))
    return b.noisy(out, 0.0002, 0.004)


def pool(b: Box) -> Values:
    """A pool of connections as large as the most that were ever used at once, up to its limit."""
    limit = b.level * b.rng.uniform(1.1, 1.7)
    used = [b.level * load * b.rng.gammavariate(40, 1 / 40) for load in b.load]
    return [8 + min(limit, most) for most in accumulate(used, max)]


def answers(b: Box) -> Values:
    """Answers are kept for their time to live; how many are held follows the load of that time."""
    lives, size = b.length * b.log(0.01, 0.08), b.log(0.1, 0.7)
    held = b.slowly([0.0, *b.load[1:]], lives, lives)
    return b.noisy([b.level * (1 + size * x) for x in held])


def tables(b: Box) -> Values:
    """A table in memory is filled and written out; now and then several files are merged, with buffers of their own."""
    fill, size, merges = b.length / b.log(30, 200), b.log(0.05, 0.3), b.log(0.1, 0.4)
    held, until, count, cache, out = 0.0, 0.0, 0, 0.0, []
    for t, load in zip(b.times, b.load, strict=True):
        held += size * load * b.step / fill
        cache += (0.3 - cache) * -math.expm1(-b.step * load / (0.03 * b.length))
        if held > size:
            held, count = 0.0, count + 1
            if count % 6 == 0:
                until = t + 2 * fill
        out.append(b.level * (1 + held + cache + merges * (t < until)))
    return b.noisy(out, 0.0002, 0.004)


def retained(b: Box) -> Values:
    """Memory follows the load, some of it much later."""
    quick, late = b.length * b.log(0.002, 0.01), b.length * b.log(0.02, 0.06)
    fast, slow = b.slowly(b.load, b.step, quick), b.slowly(b.load, b.step, late)
    part = b.rng.uniform(0.2, 0.7)
    return b.noisy([b.level * (0.4 + part * x + (1 - part) * y) for x, y in zip(fast, slow, strict=True)])


def timed_dips(b: Box) -> Values:
    """A job by the clock takes its share of the link for as long as it has data, which differs."""
    slot, out, until, at = b.length / b.rng.randint(6, 24), [], 0.0, -1
    share = b.rng.uniform(0.1, 0.4)
    for t in b.times:
        if int(t / slot) != at:
            at, until = int(t / slot), t + slot * b.rng.uniform(0.1, 0.5)
        out.append(b.level * (1 - share * (t < until)) * b.rng.gammavariate(80, 1 / 80))
    return out


# --- kept back


def entries(b: Box) -> Values:
    """Names looked up are kept by the kernel until memory is short, then a part of them goes."""
    short, rate, held, out = b.log(0.3, 1.5), b.length * b.log(0.02, 0.12), 0.0, []
    limit = short
    for load in b.load:
        held += short * load * b.step / rate
        if held > limit:
            held, limit = held * b.rng.uniform(0.1, 0.7), short * b.rng.uniform(0.85, 1.0)
        out.append(b.level * (1 + held))
    return b.noisy(out, 0.0002, 0.004)


def pinned_top(b: Box) -> Values:
    """Only the top of a heap goes back to the system, when nothing that lives lies above: peaks stay for a while."""
    out, top, lives = [], 0.0, b.length * b.log(0.01, 0.05)
    for load in b.load:
        need = 0.3 * load * b.rng.gammavariate(8, 1 / 8)
        top = max(top, need)
        if b.rng.random() < b.step / lives:
            top = need
        out.append(b.level * (1 + top))
    return b.noisy(out, 0.0001, 0.002)


def buffers(b: Box) -> Values:
    """Three logs, each with a buffer that is written out when full or by the clock, none as long as another."""
    whole = [0.0] * len(b.times)
    for _ in range(3):
        slot, size, phase = b.length / b.log(9, 60), b.log(0.03, 0.3), b.rng.random()
        whole = [x + size * ((t / slot + phase) % 1) for x, t in zip(whole, b.times, strict=True)]
    return b.noisy([b.level * (1 + x) for x in whole], 0.0002, 0.004)


def batches(b: Box) -> Values:
    """A batch by the clock, never of the same size; what it used goes back slowly."""
    slot, at, size, out = b.length / b.rng.randint(6, 24), -1, 0.0, []
    takes = b.rng.uniform(0.1, 0.4) * slot
    for t in b.times:
        if int(t / slot) != at:
            at, size = int(t / slot), b.log(0.1, 0.6)
        out.append(size if t - at * slot < takes else 0.0)
    freed = b.slowly(out, 0.1 * takes, slot * b.rng.uniform(0.1, 0.6))
    return b.noisy([b.level * (1 + x) for x in freed], 0.0002, 0.006)


def generations(b: Box) -> Values:
    """Small collections leave a little, which a great one takes; the heap is never given back, but used again."""
    small, great = b.length / b.log(80, 300), b.length / b.rng.uniform(5, 15)
    young, old, out = 0.0, 0.0, []
    for load in b.load:
        young += 0.15 * load * b.step / small
        old += 0.5 * load * b.step / great
        young = 0.0 if young > 0.15 else young
        old = 0.02 * b.rng.random() if old > 0.5 else old
        out.append(b.level * (1 + young + old))
    return b.noisy(out, 0.0002, 0.004)


def idle_closed(b: Box) -> Values:
    """Connections opened when none is free, and closed when idle for long."""
    quiet = b.length * b.log(0.01, 0.1)
    held = b.slowly([b.level * load for load in b.load], b.step, quiet)
    return [10 + x + b.rng.gauss(0, math.sqrt(0.2 * x + 0.5)) for x in held]


def warmed(b: Box) -> Values:
    """Slow until its caches are warm, then as fast as the load of each hour lets it."""
    soon, depth = b.length * b.log(0.005, 0.04), b.rng.uniform(0.2, 0.7)
    fast = [1 - depth * math.exp(-t / soon) for t in b.times]
    return [
        b.level * x * min(1.0, 0.7 + 0.3 * load) * b.rng.gammavariate(60, 1 / 60)
        for x, load in zip(fast, b.load, strict=True)
    ]


CLEAN: dict[str, tuple[Load, Made]] = {
    "code-cache": (steady, code_cache), "answers": (steady, answers), "answers-daily": (daily, answers),
    "tables": (bursty, tables), "day-and-night": (daily, retained), "retained-staged": (staged, retained),
    "fd-pool": (bursty, pool), "fd-pool-daily": (daily, pool), "tp-timed": (steady, timed_dips),
}  # fmt: skip
LEAKS: dict[str, tuple[Load, Made, Made]] = {
    "leak-code-cache": (steady, code_cache, with_work), "leak-answers": (daily, answers, with_work),
    "leak-tables": (bursty, tables, with_work), "leak-retained": (daily, retained, since_a_deploy),
    "leak-errors": (staged, retained, with_errors), "fd-pool-leaks": (bursty, pool, with_work),
    "fd-pool-late": (daily, pool, since_a_deploy), "tp-timed-worse": (steady, timed_dips, with_work),
}  # fmt: skip
CLEAN_KEPT: dict[str, tuple[Load, Made]] = {
    "entries": (steady, entries), "entries-bursty": (bursty, entries), "pinned-top": (bursty, pinned_top),
    "buffers": (steady, buffers), "batches": (steady, batches), "generations": (bursty, generations),
    "fd-idle": (daily, idle_closed), "fd-idle-staged": (staged, idle_closed), "tp-warmed": (bursty, warmed),
}  # fmt: skip
LEAKS_KEPT: dict[str, tuple[Load, Made, Made]] = {
    "leak-entries": (steady, entries, with_work), "leak-pinned": (bursty, pinned_top, with_work),
    "leak-buffers": (steady, buffers, since_a_deploy), "leak-batches": (steady, batches, by_the_clock),
    "leak-generations": (bursty, generations, with_work), "fd-idle-leaks": (daily, idle_closed, with_work),
    "fd-idle-late": (staged, idle_closed, since_a_deploy), "tp-warmed-worse": (bursty, warmed, with_work),
}  # fmt: skip


def looked_at(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind that may be looked at, for each seed and duration."""
    return family(CLEAN, LEAKS, seeds, durations)


def kept_back(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind that was kept back."""
    return family(CLEAN_KEPT, LEAKS_KEPT, seeds, durations)
