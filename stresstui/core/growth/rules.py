"""Which trailing window, if any, rises like a leak, and what speaks against the others."""

from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from math import exp, log

from stresstui.core.growth.lines import season, steps_residual
from stresstui.core.growth.window import FEWEST, Window, look

FRACTIONS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
"""Trailing windows looked at, as parts of the active time."""
SHORTEST_S = 100.0
"""A shorter window is not judged."""
T_LEAST = 4.5
"""Least t value of the slope."""
LOW_PART = 0.5
"""The minima and the medians rise at least this part of what the means rise."""
STILL = 0.7
"""The later half rises at least this part as fast as the earlier half."""
STILL_NOISY = 0.5
"""The same where the halves cannot be told apart anyway."""
CERTAIN = 2.0
"""From this many standard errors on, two halves differ."""
MOST_STEPS = 3
"""A rise that so few steps explain is no leak."""
SEASONAL = 0.6
"""From this autocorrelation on, a repeated pattern is a season."""


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
        if window is None or window.span < SHORTEST_S * 0.8:
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
    if min(low_rise, middle_rise) < LOW_PART * rise or low_rise < LOW_PART * floor:
        return Objection.ENVELOPE
    return _doubt(w, means, lows, rise)


def _doubt(w: Window, means: list[float], lows: list[float], rise: float) -> Objection | None:
    """Return another reading of a certain rise, the cheapest test first."""
    if _slowing(w):
        return Objection.SLOWING
    if _returning(w, means):
        return Objection.RETURN
    if _stepped(w):
        return Objection.STEPS
    return Objection.SEASON if _seasonal(w, means, lows, rise) else None


def _slowing(w: Window) -> bool:
    early, late = w.halves(w.medians)
    early_low, late_low = w.halves(w.lows)
    certain = (early - late) > CERTAIN * 4 * w.best.error
    part = STILL if certain else STILL_NOISY
    return late < part * early or late_low < 0.5 * part * early_low


def _returning(w: Window, means: list[float]) -> bool:
    before = sorted(means[: w.begin])
    return bool(before) and before[int(0.95 * (len(before) - 1))] > w.means[-1]


def _stepped(w: Window) -> bool:
    """Compare a line with few steps by the Bayesian information criterion."""
    n = len(w.xs)
    my, mx = sum(w.medians) / n, sum(w.xs) / n
    line = sum((y - my - w.line.slope * (x - mx)) ** 2 for x, y in zip(w.xs, w.medians, strict=True))
    best = steps_residual(w.medians, MOST_STEPS)
    return any(best[k] < line * exp(-(2 * k - 1) * log(n) / n) for k in range(1, MOST_STEPS + 1))


def _seasonal(w: Window, means: list[float], lows: list[float], rise: float) -> bool:
    lag, r = season(means[w.begin :])
    if r < SEASONAL:
        return False
    count = len(lows) - w.begin
    if count < 1.5 * lag:
        return True
    floor = [min(lows[i : i + lag]) for i in range(w.begin, len(lows) - lag + 1)]
    return floor[-1] - floor[0] < LOW_PART * rise * (count - lag) / count
