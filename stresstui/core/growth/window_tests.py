"""Which trailing window, if any, rises like a leak, and what speaks against the others.

The numbers were found by search on the kinds of `tests/growth/corpus.py`; among settings equally good there, the one
was taken that did better on the kinds of `tests/growth/holdout.py`, which are built otherwise.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

from stresstui.core.growth.regression import Bend, bend, season, steps_residual, theil_sen, unseasoned
from stresstui.core.growth.window import FEWEST, Window, look

FRACTIONS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
"""Trailing windows looked at, as parts of the active time."""
SHORTEST_S = 80.0
"""A shorter window is not judged."""
T_LEAST = 3.3
"""Least t value of the slope of the best carrier; it has to hold for long besides."""
RISE_PART = 0.3
"""The minima and the medians rise at least this part of what the means rise."""
LOW_FLOOR = 0.5
"""The minima rise at least this part of the practical floor."""
STILL_HALVES = 0.28
"""The later half rises at least this part as fast as the earlier one (Theil-Sen: robust, but uncertain)."""
FALLING_HALVES = -0.5
"""The same for the medians when they are not the best carrier."""
BENDS = ((0.68, 0.4), (0.9, 5.0), (0.96, 1.5))
"""By the parabola: slower than this part, and so many standard errors from straight, is slowing."""
MEDIAN_BEND = (0.3, 2.0)
LOW_BEND = (0.5, 0.8)
"""The same for medians and minima when they are not the best carrier."""
TWICE_BEND = (0.7, 3.0)
"""The same for a window of twice the length."""
LATELY, LATELY_BEST = 0.7, 0.4
"""The latest third of the means, and of the best carrier, rises more than this part as fast as the whole."""
MOST = 0.75
"""A rise goes beyond most of what was before ..."""
RETURN_OVER, RETURN_SHARE = 0.2, 0.15
"""... and, but for this part of itself, was not there before for longer than this part of the window, ..."""
STARTING = 0.12
"""... this part of the history at its beginning not counted."""
MOST_STEPS = 3
"""A rise that so few steps explain is no leak."""
STEP_PRICE = 3.0
"""What a step has to explain, in units of the Bayesian information criterion."""
SEASONAL = 0.45
"""From this autocorrelation on, the history is seen through moving means and minima over one season."""
SEASON_SEEN = 12
SEASON_BINS = 3
"""A season has at least this many bins, and is looked for in at least `SEASON_SEEN`."""
SEASONS = 2.2
"""So many seasons have to be seen first."""
REPEATED = 0.69
"""From this autocorrelation on, what is left is a season too."""
SEASON_FLOOR = 0.34
"""The floor under it rises at least this part of what the means rise."""
SEASON_LEAST = 0.66
"""A season longer than this part of the window has not been seen whole."""


class Objection(StrEnum):
    """Why a window does not rise like a leak."""

    SMALL = "small"
    """No rise that is both certain and worth a word."""
    ENVELOPE = "envelope"
    """The means rise but the minima or medians do not: peaks, not a level."""
    SLOWING = "slowing"
    """The later half rises more slowly."""
    RETURN = "return"
    """It only comes back to where it was before."""
    STEPS = "steps"
    """A few steps explain it better than a line."""
    SEASON = "season"
    """It repeats, and its floor does not rise."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at the history found."""

    window: Window | None
    """The window that rises, or of the latest calm ones the surest, or the whole history; None for too little."""
    begin: int
    """Index in the history of the first bin of what rises."""
    rising: bool
    """Whether that window rises like a leak."""
    objections: list[Objection]
    """One for each window looked at, the longest first."""


def find(times: list[float], means: list[float], lows: list[float], floor: float) -> Finding:
    """Look for the longest trailing window that rises like a leak by more than `floor`."""
    whole: Window | None = None
    calm: list[Window] = []
    objections: list[Objection] = []
    times, means, lows, cut = _without_season(times, means, lows, floor)
    for part in FRACTIONS if len(times) >= FEWEST else ():
        window = look(times, means, lows, _begin(times, part))
        if window is None or window.span < SHORTEST_S:
            break
        whole = whole or window
        objection = object_to(window, means, lows, floor)
        calm = [*calm, window] if objection is Objection.SMALL else []
        if objection is None and _slowed(look(times, means, lows, _begin(times, 2 * part)), floor):
            objection = Objection.SLOWING
        if objection is None:
            return Finding(window, window.begin + (cut if window.begin else 0), True, objections)
        objections.append(objection)
    surest = min(calm, key=lambda window: window.finest.error, default=whole)
    return Finding(surest, 0, False, objections)


def lasting(w: Window) -> bool:
    """Tell whether what rises like a leak rises on: stricter than `find`, because an alarm can wait."""
    return w.means.keeps(LATELY) and w.best.keeps(LATELY_BEST)


def _without_season(
    times: list[float], means: list[float], lows: list[float], floor: float
) -> tuple[list[float], list[float], list[float], int]:
    """Return the history without its season, and how many bins that cost at the beginning."""
    if len(times) >= SEASON_SEEN and max(means) - min(means) >= floor:
        lag, correlation = season(means)
        if correlation >= SEASONAL and lag >= SEASON_BINS and len(times) >= SEASONS * lag:
            return *unseasoned(times, means, lows, lag), lag - 1
    return times, means, lows, 0


def _begin(times: list[float], part: float) -> int:
    end, span = times[-1], times[-1] - times[0]
    return bisect_left(times, end - min(1.0, part) * span - 1e-6 * span)


def _slowed(twice: Window | None, floor: float) -> bool:
    """Tell whether a window of twice the length clearly slows down, of which the last part seems straight."""
    return (
        twice is not None and twice.rise > RISE_PART * floor and _bent(bend(twice.best.xs, twice.best.ys), *TWICE_BEND)
    )


def object_to(w: Window, means: list[float], lows: list[float], floor: float) -> Objection | None:
    """Return what speaks against a leak in this window; None when nothing does."""
    rise = w.rise
    if rise < floor or w.best.t < T_LEAST:
        return Objection.SMALL
    xs = w.means.xs
    low_rise, middle_rise = theil_sen(xs, w.least) * w.span, theil_sen(xs, w.middles) * w.span
    if min(low_rise, middle_rise) < RISE_PART * rise or low_rise < LOW_FLOOR * floor:
        return Objection.ENVELOPE
    return _doubt(w, means, lows)


def _doubt(w: Window, means: list[float], lows: list[float]) -> Objection | None:
    """Return another reading of a certain rise, the cheapest test first."""
    if _slowing(w):
        return Objection.SLOWING
    if w.begin and _returning(w, means):
        return Objection.RETURN
    if _stepped(w):
        return Objection.STEPS
    return Objection.SEASON if _seasonal(w, means, lows) else None


def _slowing(w: Window) -> bool:
    best = bend(w.best.xs, w.best.ys)
    if any(_bent(best, still, sure) for still, sure in BENDS):
        return True
    if _bent(bend(w.means.xs, w.middles), *MEDIAN_BEND) or _bent(bend(w.means.xs, w.least), *LOW_BEND):
        return True
    early, late = w.best.halves()
    middle_early, middle_late = w.medians.halves()
    low_early, low_late = w.lows.halves()
    return (
        late < STILL_HALVES * early
        or (middle_early > 0 and middle_late < FALLING_HALVES * middle_early)
        or (low_early > 0 and low_late < 0)
    )


def _bent(found: Bend, still: float, sure: float) -> bool:
    return found.late < still * found.early and found.slowing > sure


def _returning(w: Window, means: list[float]) -> bool:
    now = w.means.ys[-1]
    if now < _part(means[: w.begin], MOST):
        return True
    settled = means[int(STARTING * len(means)) : w.begin]
    higher = sum(level > now - RETURN_OVER * w.rise for level in settled)
    return higher > RETURN_SHARE * (len(means) - w.begin)


def _part(values: list[float], part: float) -> float:
    return sorted(values)[int(part * (len(values) - 1))]


def _stepped(w: Window) -> bool:
    """Compare a line with a few steps by the Bayesian information criterion."""
    n = len(w.best.ys)
    best, line = steps_residual(w.best.ys, MOST_STEPS), w.best.misfit()
    price = STEP_PRICE * log(n) / n
    return any(best[k] < line * exp(-(2 * k - 1) * price) for k in range(1, MOST_STEPS + 1))


def _seasonal(w: Window, means: list[float], lows: list[float]) -> bool:
    lag, correlation = season(means[w.begin :])
    if correlation <= REPEATED:
        return False
    count = len(lows) - w.begin
    if lag > SEASON_LEAST * count:
        return True
    floor = [min(lows[i : i + lag]) for i in range(w.begin, len(lows) - lag + 1)]
    return floor[-1] - floor[0] < SEASON_FLOOR * w.rise * (count - lag) / count
