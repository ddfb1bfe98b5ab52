"""Two sides, each of one run or several: what changed, by how much, how surely, and what would have been seen.

The unit is the run: two runs of the same thing differ by more than their own noise (memory layout, neighbours, order),
so means of runs are compared, by Welch's t; with three runs a side or more by a moderated t, whose variance borrows
from the other metrics and from earlier runs of the same kind. With one run on a side its own noise, by the block
bootstrap, is joined by what runs usually differ by: from the other side where that has several runs, from earlier ones
where there are any, else an assumption that is said. Times are compared by their logarithms: one stall makes a mean of
them what it is, and runs of times differ by factors. Over all metrics the error is held by ``family``.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import msgspec

from stresstui.compare import fit
from stresstui.compare.earlier import Scatter, pooled, times_noisier
from stresstui.compare.family import ALPHA, ASKED, MOST, called, weights_of
from stresstui.compare.found import SEVERAL, SOAK, Change, Comparison, Report
from stresstui.compare.moderate import BORROWED_MAX, prior_of, shrunk
from stresstui.compare.numbers import Numbers, Values
from stresstui.compare.reach import runs_for, seen_from
from stresstui.compare.remarks import remarks_of
from stresstui.compare.spread import Mean, mean_of
from stresstui.compare.student import quantile, two_sided
from stresstui.core.derive.strain import TIMES

__all__ = ["SEVERAL", "Change", "Comparison", "Report", "compare"]

SURE: Final = 0.05
"""Probability with which a difference lies outside its interval."""
ASSUMED: Final = {"bytes": 0.02, "bytes/s": 0.03, "ms": 0.3, "s": 0.3, "%": 0.1, "count/s": 0.03}
"""What runs of the same thing are taken to differ by, of their mean, where nothing tells; by unit."""
_ASSUMED_ELSE: Final = 0.05
_NONE: Final[Mapping[str, Scatter]] = MappingProxyType({})
_BORROWED: Final = 3.0
"""Degrees of freedom that what is assumed is worth beside those of two runs."""
_FINEST: Final = 0.1
"""Part of what is assumed that runs differ by at least, however alike some of them are ..."""
_FINEST_TIMES: Final = 0.05
"""... and of times, of which more is assumed."""
DAY: Final = 2.0
"""Times the variance of earlier runs that is believed of a day of which one or two runs tell nothing."""
_ONE: Final = 0.25
"""Variance of what is one more in half of the runs."""
_HUGE: Final = 300.0
"""Logarithm beyond which a number is only large."""
_MANY: Final = 1e6
"""Degrees of freedom of what is taken for known."""
_TAILS: Final = {"_p99": 0.5, "_p999": 0.6}


class _Tested(msgspec.Struct):
    phase: str
    metric: str
    of: Values
    logs: bool
    """Whether what follows is of logarithms."""
    before: float
    after: float
    error: float
    freedom: float
    p: float
    ratio: float | None = None
    """What the runs of both sides differ by over what they would by their own noise, squared; None where not known."""
    noise: float = 0.0
    """That noise: the variance of a run's mean within the run."""
    floor: float = 0.0
    """The least that is believed of what they differ by, as a variance: what is borrowed goes no lower either."""

    @property
    def scale(self) -> float:
        """What a share is one of."""
        return 1.0 if self.logs else abs(self.before)


def compare(
    base: Sequence[Numbers],
    other: Sequence[Numbers],
    at_least: float = 0.01,
    *,
    every: bool = False,
    earlier: Mapping[str, Scatter] = _NONE,
) -> Report:
    """Compare two sides in the main metrics and those that are judged, or in ``every`` one.

    A change of less than ``at_least`` of the base's mean is called too small to matter. ``earlier`` is what runs of the
    same kind differed by in their soaks before.
    """
    found = _compared_all(base, other, at_least, every=every, earlier=earlier)
    names = [[run.run for run in side] for side in (base, other)]
    opened, noted = _not_compared([*base, *other], every=every)
    opened += _only_in_strained(base, other, found, at_least, every=every)
    remarks = [
        *remarks_of(base, other, found, earlier),
        *fit.notes(base, other, cpu=_cpu(found)),
        *noted,
    ]
    return Report(names[0], names[1], found, remarks, fit.unlike([*base, *other]), opened)


def _compared_all(
    base: Sequence[Numbers],
    other: Sequence[Numbers],
    at_least: float,
    *,
    every: bool,
    earlier: Mapping[str, Scatter] = _NONE,
) -> list[Comparison]:
    tested = [
        _test(phase, metric, [run.phases[phase][metric] for run in base], [run.phases[phase][metric] for run in other])
        for phase in (base[0].phases if base else ())
        for metric in sorted(fit.common_of(phase, [*base, *other], every=every))
    ]
    for phase in {one.phase for one in tested}:
        _moderate([one for one in tested if one.phase == phase], len(base), len(other))
    known = [one for one in tested if one.phase == SOAK and one.metric in earlier and one.error and one.scale]
    parts = 1 / len(base) + 1 / len(other)
    if max(len(base), len(other)) >= SEVERAL:
        _borrow(known, earlier, parts, 1.0 if min(len(base), len(other)) >= SEVERAL else DAY)
    else:
        _take(known, earlier, parts)
    weights = weights_of([one.metric for one in tested])
    verdicts = called([one.p for one in tested], weights)
    found = [
        _compared(one, is_called, min(MOST, ALPHA * weight), (len(base), len(other)), at_least)
        for one, is_called, weight in zip(tested, verdicts, weights, strict=True)
    ]
    order = list(Change)
    found.sort(key=lambda one: (order.index(one.change), one.p, one.metric))
    return found


def _not_compared(runs: Sequence[Numbers], *, every: bool) -> tuple[list[str], list[str]]:
    """What cannot be compared, of what is asked for or judged, and of the rest: a sentence for each reason."""
    needed = {*ASKED, *(name for run in runs for name in run.judged)}
    opened: dict[str, list[str]] = {}
    noted: dict[str, list[str]] = {}
    for phase in runs[0].phases:
        for name, why in fit.not_compared(phase, runs, every=every):
            (opened if name in needed else noted).setdefault(why, []).append(name)
    said = [
        [f"{', '.join(names)} cannot be compared: {why}" for why, names in kind.items()] for kind in (opened, noted)
    ]
    return said[0], said[1]


def _only_in_strained(
    base: Sequence[Numbers], other: Sequence[Numbers], found: list[Comparison], at_least: float, *, every: bool
) -> list[str]:
    """What is worse only with the seconds in which the host was saturated: the change itself may have made it so."""
    if not fit.has_strained([*base, *other]):
        return []
    known = {(one.phase, one.metric) for one in found if one.change is Change.WORSE}
    whole = _compared_all(fit.with_strained(base), fit.with_strained(other), at_least, every=every)
    return [
        f"{one.metric} is worse with the seconds in which the host was saturated and cannot be called so without them:"
        " that may be its own doing"
        for one in whole
        if one.change is Change.WORSE and (one.phase, one.metric) not in known
    ]


def _cpu(found: list[Comparison]) -> str:
    """Whether what is compared may itself be what made the machine busy, in words."""
    one = next((one for one in found if one.metric == "cpu" and one.difference > 0), None)
    share = one.share(one.difference) if one is not None else None
    if one is None or share is None:
        return ""
    sure = "is" if one.change is Change.WORSE else "is, within what chance allows,"
    return f"its CPU {sure} {100 * share:+.0f} %: it may itself be what saturated the host"


def _test(phase: str, metric: str, base: list[Values], other: list[Values]) -> _Tested:
    logs = base[0].unit in TIMES and all(min(one.values) > 0 for one in (*base, *other))
    sides = [
        [mean_of(list(map(math.log, one.values)) if logs else one.values) for one in side] for side in (base, other)
    ]
    usual, counts = _usual(metric, base[0].unit), base[0].unit == "count"
    (before, v1, f1), (after, v2, f2) = (
        _side(side, apart, usual, logs=logs, counts=counts) for side, apart in zip(sides, reversed(sides), strict=True)
    )
    error = math.sqrt(v1 + v2)
    difference = after - before
    if not error:
        p = 1.0 if abs(difference) <= 1e-9 * abs(before) else 0.0
        return _Tested(phase, metric, base[0], logs, before, after, 0.0, 1.0, p)
    freedom = (v1 + v2) ** 2 / (v1 * v1 / f1 + v2 * v2 / f2)  # Welch and Satterthwaite
    p = two_sided(difference / error, freedom)
    ratio, noise = _ratio(sides)
    floor = _floor((usual if logs else usual * before) ** 2, logs=logs, counts=counts)
    return _Tested(phase, metric, base[0], logs, before, after, error, freedom, p, ratio, noise, floor)


def _ratio(sides: list[list[Mean]]) -> tuple[float | None, float]:
    """What several runs a side differ by over their own noise, squared, and that noise."""
    noise = statistics.fmean(run.error**2 for side in sides for run in side)
    if min(map(len, sides)) < SEVERAL:
        return None, noise
    parts = [(len(side) - 1, statistics.variance([run.value for run in side])) for side in sides]
    pooled = sum(freedom * found for freedom, found in parts) / sum(freedom for freedom, _ in parts)
    return (pooled / noise, noise) if noise and pooled else (None, noise)


def _moderate(tested: list[_Tested], base: int, other: int) -> None:
    """Test again with what each metric may borrow from the others about how much runs differ."""
    freedom = base + other - 2.0
    known = [one for one in tested if one.ratio is not None]
    prior = prior_of([one.ratio for one in known if one.ratio], freedom)
    if not prior[0]:
        return
    for one in known:
        ratio, one.freedom = shrunk(one.ratio or 0.0, freedom, prior)
        one.error = math.sqrt(max(ratio * one.noise, one.floor) * (1 / base + 1 / other))
        one.p = two_sided((one.after - one.before) / one.error, one.freedom)


def _borrow(known: list[_Tested], earlier: Mapping[str, Scatter], parts: float, day: float) -> None:
    """Test again with what earlier runs of the same kind differed by, at least ``day`` times that variance."""
    shares = [one.error**2 / parts / one.scale**2 for one in known]
    seen = [(share, one.freedom, earlier[one.metric]) for one, share in zip(known, shares, strict=True)]
    times = max(day, times_noisier(seen))
    for one, (share, freedom, before) in zip(known, seen, strict=True):
        variance, one.freedom = pooled(share, freedom, before, times)
        one.error = math.sqrt(max(variance * one.scale**2, one.floor) * parts)
        one.p = two_sided((one.after - one.before) / one.error, one.freedom)


def _take(known: list[_Tested], earlier: Mapping[str, Scatter], parts: float) -> None:
    """Test again with what earlier runs differed by instead of what is assumed, where too few today tell it."""
    for one in known:
        before = earlier[one.metric]
        one.freedom = before.freedom
        one.error = math.sqrt(max(DAY * before.variance * one.scale**2, one.noise, one.floor) * parts)
        one.p = two_sided((one.after - one.before) / one.error, one.freedom)


def _usual(metric: str, unit: str) -> float:
    tail = next((share for suffix, share in _TAILS.items() if metric.endswith(suffix)), None)
    return tail or ASSUMED.get(unit, _ASSUMED_ELSE)


def _side(runs: list[Mean], apart: list[Mean], usual: float, *, logs: bool, counts: bool) -> tuple[float, float, float]:
    """Mean of a side, the variance of that mean, and its degrees of freedom."""
    mean = statistics.fmean(run.value for run in runs)
    within = statistics.fmean(run.error**2 for run in runs)
    assumed = (usual if logs else usual * mean) ** 2
    if len(runs) > 1:
        variance, freedom = _between([run.value for run in runs], assumed, logs=logs, counts=counts)
        return mean, variance / len(runs), freedom
    if len(apart) >= SEVERAL:
        between = max(statistics.variance([run.value for run in apart]), within)
        return mean, between, len(apart) - 1.0
    # Few of anything scatter by their root, as counts do (Poisson), whatever their mean.
    apart_by = assumed + (abs(mean) if counts else 0.0)
    # Only the part that was measured is uncertain itself: what is assumed has no degrees of freedom to lose.
    measured = within * within / max(1.0, runs[0].blocks - 1.0)
    return mean, within + apart_by, (within + apart_by) ** 2 / measured if measured else _MANY


def _between(means: list[float], assumed: float, *, logs: bool, counts: bool) -> tuple[float, float]:
    """What runs of one side differ by, squared, and its degrees of freedom.

    Two that happen to be alike say little, so few borrow from what runs usually differ by; and no number of runs is
    finer than what they are counted in.
    """
    found, freedom = statistics.variance(means), len(means) - 1.0
    if len(means) < SEVERAL:
        found = (freedom * found + _BORROWED * assumed) / (freedom + _BORROWED)
        freedom += _BORROWED
    return max(found, _floor(assumed, logs=logs, counts=counts)), freedom


def _floor(assumed: float, *, logs: bool, counts: bool) -> float:
    """The least variance between runs, whatever was found."""
    finest = _FINEST_TIMES if logs else _FINEST
    return finest * finest * assumed + (_ONE if counts else 0.0)


def _compared(one: _Tested, is_called: bool, chance: float, runs: tuple[int, int], at_least: float) -> Comparison:  # noqa: FBT001 - from family
    reach = quantile(SURE, one.freedom) * one.error
    seen = seen_from(one.error, one.freedom, chance)
    before, after, low, high, least = (
        math.exp(min(_HUGE, value)) if one.logs else value
        for value in (one.before, one.after, one.after - reach, one.after + reach, one.before + seen)
    )
    change = Change.NONE
    if is_called and after != before:
        small = before and abs(after - before) < at_least * abs(before)
        worse = after < before if one.of.falls else after > before
        change = Change.SMALL if small else Change.WORSE if worse else Change.BETTER
    return Comparison(
        one.phase, one.metric, one.of.title, one.of.unit, before, after, low - before, high - before, one.p, change,
        least - before, _runs(one, seen, chance, runs),
    )  # fmt: skip


def _runs(one: _Tested, seen: float, chance: float, runs: tuple[int, int]) -> int | None:
    """Runs a side that would have seen what is asked of a metric; None where these did, or nothing is asked.

    Of fewer than three what runs differ by is assumed: how many more of them would see anything is not known.
    """
    share = ASKED.get(one.metric, 0.0)
    asked = math.log1p(share) if one.logs else share * abs(one.before)
    if not asked or seen <= asked or min(runs) < SEVERAL:
        return None
    spread = one.error / math.sqrt(1 / runs[0] + 1 / runs[1])
    return runs_for(asked, spread, max(0.0, min(BORROWED_MAX, one.freedom - (sum(runs) - 2))), chance)
