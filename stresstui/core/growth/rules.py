"""Which trailing window, if any, rises like a leak, and what speaks against the others.

The numbers were found by search on the kinds of `tests/growth/corpus.py`; those in `holdout.py` had no part in it.
"""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

from stresstui.core.growth.lines import Bend, bend, season, steps_residual
from stresstui.core.growth.window import FEWEST, Window, look

FRACTIONS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
"""Trailing windows looked at, as parts of the active time."""
SHORTEST_S = 80.0
"""A shorter window is not judged."""
T_LEAST = 3.2
"""Least t value of the slope, of the means or of the minima; it has to hold for long besides."""
LOW_PART = 0.3
"""The minima and the medians rise at least this part of what the means rise."""
LOW_FLOOR = 0.5
"""The minima rise at least this part of the practical floor."""
STILL_HALVES = 0.28
"""The later half rises at least this part as fast as the earlier one (Theil-Sen, robust but uncertain)."""
STILL_BEND = 0.68
"""The same by the parabola, which is less uncertain."""
STILL_SURE = 0.9
SURE = 6.0
"""The same where the parabola's bend is this many standard errors."""
STILL_LOW = 0.8
SURE_LOW = 0.7
"""The same for the minima."""
FALLING_LOW = -0.5
"""The later half of the minima does not fall by more than this part of the earlier half's rise."""
RETURN_OVER = 0.22
"""A rise goes beyond what was before by this part of itself ..."""
RETURN_SHARE = 0.29
"""... unless less than this part of the window's length was spent above the present level before."""
RETURN_UNDER = -0.7
"""In any case three quarters of what was before are not higher by more than this part of the rise."""
MOST_STEPS = 3
"""A rise that so few steps explain is no leak."""
STEP_PRICE = 3.0
"""What a step has to explain, in units of the Bayesian information criterion."""
SEASONAL = 0.7
"""From this autocorrelation on, a repeated pattern is a season."""
SEASON_FLOOR = 0.3
"""The floor under a season rises at least this part of what the means rise."""
SEASON_LEAST = 0.66
"""A season longer than this part of the window is not one."""


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
    """The window that rises, or the whole history; None when there is too little."""
    rising: bool
    """Whether that window rises like a leak."""
    objections: list[Objection]
    """One for each window looked at, the longest first."""


def find(times: list[float], means: list[float], lows: list[float], floor: float) -> Finding:
    """Look for the longest trailing window that rises like a leak by more than `floor`."""
    whole: Window | None = None
    objections: list[Objection] = []
    for begin in _begins(times):
        window = look(times, means, lows, begin)
        if window is None or window.span < SHORTEST_S:
            break
        whole = whole or window
        objection = object_to(window, means, lows, floor)
        if objection is None:
            return Finding(window, True, objections)
        objections.append(objection)
    return Finding(whole, False, objections)


def _begins(times: list[float]) -> list[int]:
    if len(times) < FEWEST:
        return []
    end, span = times[-1], times[-1] - times[0]
    return sorted({bisect_left(times, end - part * span - 1e-6 * span) for part in FRACTIONS})


def object_to(w: Window, means: list[float], lows: list[float], floor: float) -> Objection | None:
    """Return what speaks against a leak in this window; None when nothing does."""
    rise = w.line.slope * w.span
    if rise < floor or max(w.line.t, w.low_line.t) < T_LEAST:
        return Objection.SMALL
    low_rise, middle_rise = w.slope(w.lows) * w.span, w.slope(w.medians) * w.span
    if min(low_rise, middle_rise) < LOW_PART * rise or low_rise < LOW_FLOOR * floor:
        return Objection.ENVELOPE
    return _doubt(w, means, lows, rise)


def _doubt(w: Window, means: list[float], lows: list[float], rise: float) -> Objection | None:
    """Return another reading of a certain rise, the cheapest test first."""
    if _slowing(w):
        return Objection.SLOWING
    if w.begin and _returning(w, means, rise):
        return Objection.RETURN
    if _stepped(w):
        return Objection.STEPS
    return Objection.SEASON if _seasonal(w, means, lows, rise) else None


def _slowing(w: Window) -> bool:
    middle, low = bend(w.xs, w.medians), bend(w.xs, w.lows)
    if _bent(middle, STILL_BEND, 0.0) or _bent(middle, STILL_SURE, SURE) or _bent(low, STILL_LOW, SURE_LOW):
        return True
    early, late = w.halves(w.medians)
    early_low, late_low = w.halves(w.lows)
    return late < STILL_HALVES * early or late_low < FALLING_LOW * max(early_low, 0.0)


def _bent(found: Bend, still: float, sure: float) -> bool:
    return found.late < still * found.early and found.slowing > sure


def _returning(w: Window, means: list[float], rise: float) -> bool:
    before = sorted(means[: w.begin])
    most, much = before[int(0.95 * (len(before) - 1))], before[int(0.75 * (len(before) - 1))]
    now = w.means[-1]
    if now - much < RETURN_UNDER * rise:
        return True
    present = (w.means[-1] + w.means[-2]) / 2
    above = len(before) - bisect_left(before, present)
    return now - most < RETURN_OVER * rise and above >= RETURN_SHARE * (len(means) - w.begin)


def _stepped(w: Window) -> bool:
    """Compare a line with a few steps by the Bayesian information criterion."""
    n = len(w.xs)
    best = steps_residual(w.medians, MOST_STEPS)
    line = w.misfit(w.medians)
    price = STEP_PRICE * log(n) / n
    return any(best[k] < line * exp(-(2 * k - 1) * price) for k in range(1, MOST_STEPS + 1))


def _seasonal(w: Window, means: list[float], lows: list[float], rise: float) -> bool:
    lag, correlation = season(means[w.begin :])
    if correlation <= SEASONAL:
        return False
    count = len(lows) - w.begin
    if lag > SEASON_LEAST * count:
        return True
    floor = [min(lows[i : i + lag]) for i in range(w.begin, len(lows) - lag + 1)]
    return floor[-1] - floor[0] < SEASON_FLOOR * rise * (count - lag) / count
