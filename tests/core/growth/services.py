"""A seventh family: what services, their runtimes and the kernel beneath them hold in the course of a run.

Written, with the truth of each, before the detector was tried on any of it; all may be looked into. What is clean has
come to rest by four fifths of the run, or comes back; what leaks goes on to the end.
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
    daily,
    family,
    staged,
    steady,
    taken_again,
    with_work,
)


def purged(b: Box) -> Values:
    """An allocator that gives freed pages back some time after each wave of requests (jemalloc's decay)."""
    keep, wave, until, out = b.length * b.log(0.001, 0.01), 0.0, 0.0, []
    for t in b.times:
        if t >= until:
            wave, until = b.log(0.05, 0.8), t + b.length * b.log(0.002, 0.04)
        out.append(b.level * (1 + wave))
    return b.noisy(b.slowly(out, b.step, keep), 0.0003, 0.004)


def _collected(b: Box, live: Values, teeth: float) -> Values:
    """A heap that is collected when it is twice what lived after the last time, given back slowly (GOGC=100)."""
    heap, goal, out = live[0], 2 * live[0], []
    rate = live[0] * teeth / b.length
    for lives, load in zip(live, b.load, strict=True):
        heap += rate * load * b.step
        if heap > goal:
            heap, goal = lives, 2 * lives
        out.append(max(heap, lives))
    return b.noisy(b.slowly(out, b.step, 0.005 * b.length), 0.0003, 0.004)


def go_to_bound(b: Box) -> Values:
    """The live heap of a Go program grows to the bound of its cache, and its goal with it."""
    most, full = b.rng.uniform(1.3, 3.0), b.part(0.1, 0.75)
    return _collected(b, [b.level * (1 + (most - 1) * min(1.0, t / full)) for t in b.times], b.log(30, 300))


def old_generation(b: Box) -> Values:
    """The old generation, collected a few times in the run: slow teeth over a floor that stays."""
    period, high, phase = b.length / b.rng.uniform(3, 9), b.log(0.2, 1.5), b.rng.random()
    return b.noisy([b.level * (1 + high * ((t / period + phase) % 1)) for t in b.times], 0.002, 0.02)


def lru(b: Box) -> Values:
    """Distinct keys of a skewed set until the cache is full."""
    full, unit, size = b.part(0.05, 0.8), b.length * b.log(0.005, 0.2), b.log(0.1, 3.0)
    top = math.log1p(full / unit)
    return b.noisy([b.level * (1 + size * math.log1p(min(t, full) / unit) / top) for t in b.times], 0.0003, 0.004)


def rotated_files(b: Box) -> Values:
    """Logs in memory of which so many are kept: up to that it rises by one after the other, then the oldest goes."""
    size, keep, period = b.log(0.02, 0.2), b.rng.randint(2, 6), b.length / b.rng.uniform(12, 40)
    return b.noisy([b.level * (1 + size * (min(keep, t // period) + (t / period) % 1)) for t in b.times], 0.0003, 0.004)


def page_cache(b: Box) -> Values:
    """A control group's memory with the files that it reads and writes, up to its limit, then taken back in pieces."""
    room, work, held, out = b.log(0.5, 5.0), b.work(), 0.0, []
    piece, rate = room * b.log(0.005, 0.05), room / b.rng.uniform(0.05, 0.65) / work[-1]
    for load in b.load:
        held += rate * load * b.step
        held = room - piece if held > room else held
        out.append(b.level * (1 + held))
    return b.noisy(out, 0.0002, 0.003)


def slab(b: Box) -> Values:
    """Entries of names: many at first, ever fewer new ones, and a part goes when the kernel looks through them."""
    names, looks, size = b.length * b.log(0.02, 0.1), b.part(0.05, 0.15), b.log(0.05, 1.0)
    return taken_again(b, names, looks, (0.4, 0.9), size)


def half_root(b: Box) -> Values:
    """Rises as the root of time and is full at half of the run."""
    size, full = b.log(0.1, 1.5), b.part(0.4, 0.6)
    return b.noisy([b.level * (1 + size * math.sqrt(min(1.0, t / full))) for t in b.times], 0.0003, 0.01)


def sessions(b: Box) -> Values:
    """Sessions that are forgotten after their time to live: a rise for that long, then as many go as come."""
    lives, size = b.part(0.03, 0.6), b.log(0.05, 1.0)
    return b.noisy([b.level * (1 + size * min(1.0, t / lives)) for t in b.times], 0.001, 0.015)


def ramped_pool(b: Box) -> Values:
    """Connections of a load that is raised in stages for a part of the run and then held."""
    up, stages, most = b.part(0.05, 0.4), b.rng.randint(3, 10), b.log(1, 6)
    held = [b.level * most * (1 + min(stages, t / up * stages // 1)) / stages for t in b.times]
    return [10 + x + b.rng.gauss(0, math.sqrt(0.1 * x + 0.3)) for x in held]


def ephemeral(b: Box) -> Values:
    """Short connections in waves."""
    turns, phase, size = b.rng.uniform(6, 20), b.rng.random(), b.log(0.3, 2)
    wave = [b.level * (0.2 + size * (1 + math.sin(math.tau * (turns * t / b.length + phase))) / 2) for t in b.times]
    return [8 + max(0.0, x + b.rng.gauss(0, math.sqrt(x))) for x in wave]


def rewrites(b: Box) -> Values:
    """A child that rewrites a file by the clock: what changes meanwhile is held twice until it is done."""
    slot, share, high = b.length / b.rng.randint(5, 30), b.rng.uniform(0.1, 0.5), b.log(0.05, 0.9)
    return b.noisy(
        [b.level * (1 + high * min(1.0, (t % slot) / slot / share) * (t % slot < share * slot)) for t in b.times]
    )


def slows(b: Box) -> Values:
    """A disk whose cache fills: fast at first, then as fast as the disk is for the rest."""
    full, slow = b.part(0.03, 0.5), b.rng.uniform(0.3, 0.8)
    return [b.level * (1.0 if t < full else slow) * b.rng.gammavariate(80, 1 / 80) for t in b.times]


# --- what is lost, as parts of the whole loss


def under_load(b: Box) -> Values:
    """Lost only while the load is high: in a few phases, with rest between them."""
    turns, share = b.rng.randint(4, 12), b.rng.uniform(0.2, 0.6)
    done, out = 0.0, [0.0]
    for t in b.times[1:]:
        done += (turns * t / b.length) % 1 < share
        out.append(done)
    return [x / done for x in out]


def after_most(b: Box) -> Values:
    """From three fifths of the run on."""
    onset = b.rng.uniform(0.55, 0.7)
    return [max(0.0, t / b.length - onset) / (1 - onset) for t in b.times]


def at_restarts(b: Box) -> Values:
    """A segment of shared memory is left behind by each worker that is replaced."""
    many = b.rng.randint(8, 30)
    return [math.floor(t / b.length * many + 0.5) / many for t in b.times]


def compound(b: Box) -> Values:
    """What is kept is copied: the more there is, the more is added."""
    rate = b.rng.uniform(1, 3)
    return [math.expm1(rate * t / b.length) / math.expm1(rate) for t in b.times]


CLEAN: dict[str, tuple[Load, Made]] = {
    "purged": (steady, purged), "go-to-bound": (bursty, go_to_bound), "old-generation": (steady, old_generation),
    "lru": (steady, lru), "rotated-files": (steady, rotated_files), "page-cache": (bursty, page_cache),
    "slab": (bursty, slab), "half-root": (steady, half_root), "sessions": (steady, sessions),
    "rewrites": (steady, rewrites), "fd-ramped": (steady, ramped_pool), "fd-ephemeral": (steady, ephemeral),
    "tp-slows": (steady, slows),
}  # fmt: skip
LEAKS: dict[str, tuple[Load, Made, Made]] = {
    "leak-purged": (steady, purged, with_work), "leak-lru": (steady, lru, under_load),
    "leak-rotated": (steady, rotated_files, compound), "leak-page-cache": (bursty, page_cache, with_work),
    "leak-slab": (staged, slab, at_restarts), "leak-late": (steady, purged, after_most),
    "leak-sessions": (daily, sessions, with_work), "leak-rewrites": (steady, rewrites, at_restarts),
    "leak-phases": (steady, slab, under_load), "fd-under-waves": (steady, ephemeral, with_work),
    "fd-late": (steady, ephemeral, after_most), "fd-phases": (steady, ramped_pool, under_load),
    "tp-late": (steady, slows, after_most),
    "leak-go": (bursty, go_to_bound, with_work), "leak-old-generation": (steady, old_generation, with_work),
}  # fmt: skip


def looked_at(seeds: range, durations: tuple[float, ...] = DURATIONS) -> Iterator[Trace]:
    """Yield one trace of each kind for each seed and duration."""
    return family(CLEAN, LEAKS, seeds, durations)
