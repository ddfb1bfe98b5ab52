"""Which trailing window, if any, rises like a leak, and what speaks against the others."""

from bisect import bisect_left
from enum import StrEnum
from math import ceil, exp, log

import msgspec

from stresstui.core.growth.regression import Bend, bend, season, steps_residual, theil_sen, unseasoned
from stresstui.core.growth.tuning import TUNING
from stresstui.core.growth.window import Window, look
from stresstui.core.model.averages import median


class Objection(StrEnum):
    """Why a window does not rise like a leak."""

    SMALL = "small"
    """No rise that is both certain and worth a word."""
    ENVELOPE = "envelope"
    """The means rise but the minima or medians do not: peaks, not a level."""
    SLOWING = "slowing"
    """The later half rises more slowly."""
    STILL = "still"
    """It rose, and stands still now, for longer than ever while it rose."""
    RETURN = "return"
    """It only comes back to where it was before."""
    STEPS = "steps"
    """A few steps explain it better than a line."""
    SEASON = "season"
    """It repeats, and its floor does not rise."""


class WindowFinding(msgspec.Struct, frozen=True):
    """What one look at the history found."""

    window: Window | None
    """The window that rises, or of the latest calm ones the surest, or the whole history; None for too little."""
    begin: int
    """Index in the history of the first bin of what rises."""
    rising: bool
    """Whether that window rises like a leak."""
    objections: list[Objection]
    """One for each window looked at, the longest first."""
    late: bool = False
    """True where it is a short window at the end of a long calm, and leads where nothing was before."""
    beat: float = 0.0
    """So much of a rise may be what a season left, in the metric's unit."""

    @property
    def calm(self) -> bool:
        """Whether no window of any length rises at all."""
        return bool(self.objections) and set(self.objections) == {Objection.SMALL}


def find(
    times: list[float],
    means: list[float],
    lows: list[float],
    floor: float,
    *,
    over: bool = False,
    restarts: bool = False,
) -> WindowFinding:
    """Look for the longest trailing window that rises like a leak by more than `floor`; ``over``: nothing follows.

    ``restarts``: it may fall for a while because a program begins again.
    """
    whole: Window | None = None
    calm: list[Window] = []
    objections: list[Objection] = []
    raw = means
    times, means, lows, cut, beat = _without_season(times, means, lows, floor)
    for part in TUNING.fractions if len(times) >= TUNING.fewest else ():
        window = look(times, means, lows, _begin(times, part))
        if window is None or window.span < TUNING.shortest_s:
            break
        whole = whole or window
        objection = object_to(window, means, lows, floor, over=over)
        if objection is Objection.SLOWING and _at_its_rate(window, whole, times[0]):
            objection = _another_reading(window, means, lows)
        calm = [*calm, window] if objection is Objection.SMALL else []
        if objection is None and cut and restarts and not _lifted(raw[window.begin :], cut + 1, window.rise):
            objection = Objection.RETURN
        if objection is None and _slowed(look(times, means, lows, _begin(times, 2 * part)), floor):
            objection = Objection.SLOWING
        if objection is None:
            return WindowFinding(window, window.begin + (cut if window.begin else 0), True, objections, beat=beat)
        objections.append(objection)
    late = _broken_out(times, means, lows, floor)
    if late is not None:
        return WindowFinding(late, late.begin + cut, True, objections, late=True)
    surest = min(calm, key=lambda window: window.finest.error, default=whole)
    return WindowFinding(surest, 0, False, objections)


def _broken_out(times: list[float], means: list[float], lows: list[float], floor: float) -> Window | None:
    """Look for a rise that is short beside the history, and leaves everything behind that was before it."""
    start = int(TUNING.starting * len(means))
    for part in TUNING.late_fractions if len(times) >= TUNING.fewest else ():
        begin = _begin(times, part)
        before = means[start:begin]
        if len(before) < TUNING.late_before or lows[-1] <= max(before):
            continue  # told first, because it is cheap and mostly so
        window = look(times, means, lows, begin)
        if window is None or window.span < TUNING.late_shortest_s:
            return None
        new = window.rise >= _new(floor, max(before) - min(before)) and window.best.t >= TUNING.late_t
        if new and lasting(window) and object_to(window, means, lows, floor) is None:
            return window
    return None


def _new(floor: float, spread: float) -> float:
    """Return how far what begins late has to rise, after a calm of this `spread`: less where that was a true calm."""
    far = min(TUNING.late_floors * floor, TUNING.late_many * spread)
    return max(TUNING.late_least * floor, far, TUNING.late_spreads * spread)


def in_steps(w: Window) -> bool:
    """Tell whether a few steps leave far less than a curve does: the rate is that of few events, and does not mount."""
    left = steps_residual(w.best.ys, TUNING.steps_counted)
    return left[-1] < TUNING.steps_left * bend(w.best.xs, w.best.ys).misfit


def lasting(w: Window) -> bool:
    """Tell whether what rises like a leak rises on: stricter than `find`, because an alarm can wait."""
    return w.means.keeps(TUNING.lately) and w.best.keeps(TUNING.lately_best)


def straight(found: WindowFinding, constant_s: float) -> bool:
    """Tell whether all there is rises as a line: a warm-up of a time constant up to this would have bent by now."""
    w = found.window
    if w is None or found.objections:
        return False
    return bend(w.best.xs, w.best.ys).kept(TUNING.even_sure) >= exp(-w.span / (2 * constant_s))


def fills(found: WindowFinding) -> bool:
    """Tell whether what rises may be filling up: it slowed down some time before, or bends still."""
    w = found.window
    slowed = Objection.SLOWING in found.objections and len(found.objections) > TUNING.filling_objections
    return w is None or slowed or bend(w.best.xs, w.best.ys).kept(TUNING.straight_sure) < TUNING.filling_kept


def weight(found: WindowFinding) -> float:
    """Return how much a moment of this rise counts as evidence: 1 for a usual one, more where it is straight.

    Less where it bends, where longer windows spoke against it and where it is hardly certain: all three are what starts
    and waves look like.
    """
    w = found.window
    if w is None:
        return 0.0
    kept = max(TUNING.weight_kept_least, min(1.0, bend(w.best.xs, w.best.ys).kept(TUNING.straight_sure)))
    worth: float = (kept / TUNING.weight_kept) ** TUNING.weight_power * TUNING.weight_objected ** len(found.objections)
    return min(TUNING.weight_most, max(TUNING.weight_least, worth * min(1.0, w.best.t / TUNING.weight_t)))


def _without_season(
    times: list[float], means: list[float], lows: list[float], floor: float
) -> tuple[list[float], list[float], list[float], int, float]:
    """Return the history without its season, how many bins that cost at the beginning, and what is left of the season.

    A period is no whole number of bins, so that moving means and minima over it beat slowly.
    """
    if len(times) >= TUNING.season_seen and max(means) - min(means) >= floor:
        lag, correlation = season(means)
        seen = correlation >= TUNING.seasonal and lag >= TUNING.season_bins and len(times) >= TUNING.seasons * lag
        whole = look(times, means, lows, 0) if seen else None
        if whole is not None and not _stepped(whole):  # steps repeat nothing, and a moving mean makes ramps of them
            beat = TUNING.season_beat * (max(means[-lag:]) - min(means[-lag:])) / lag
            return *unseasoned(times, means, lows, lag), lag - 1, beat
    return times, means, lows, 0, 0.0


def _lifted(means: list[float], lag: int, rise: float) -> bool:
    """Tell whether the peak of each season rises too: where restarts become rare, only moving means and floors do."""
    peaks = [max(means[i : i + lag]) for i in range(len(means) - lag + 1)]
    third = len(peaks) // 3
    return median(peaks[-third:]) - median(peaks[:third]) >= TUNING.lifted * rise


def latest(times: list[float], means: list[float], lows: list[float], part: float) -> Window | None:
    """Return the window of the latest `part` of the history; None where that is too little."""
    return look(times, means, lows, _begin(times, part)) if len(times) >= TUNING.fewest else None


def _begin(times: list[float], part: float) -> int:
    end, span = times[-1], times[-1] - times[0]
    return bisect_left(times, end - min(1.0, part) * span - 1e-6 * span)


def _slowed(twice: Window | None, floor: float) -> bool:
    """Tell whether a window of twice the length clearly slows down, of which the last part seems straight."""
    return (
        twice is not None
        and twice.rise > TUNING.rise_part * floor
        and _bent(bend(twice.best.xs, twice.best.ys), *TUNING.twice_bend)
    )


def object_to(
    w: Window, means: list[float], lows: list[float], floor: float, *, over: bool = False
) -> Objection | None:
    """Return what speaks against a leak in this window; None when nothing does."""
    rise = w.rise
    if rise < floor or w.best.t < TUNING.t_least:
        return Objection.SMALL
    xs = w.means.xs
    low_rise, middle_rise = theil_sen(xs, w.least) * w.span, theil_sen(xs, w.middles) * w.span
    if min(low_rise, middle_rise) < TUNING.rise_part * rise or low_rise < TUNING.low_floor * floor:
        return Objection.ENVELOPE
    if _still_low(lows[w.begin :], rise):
        return Objection.ENVELOPE
    if _stands_still(w, means, *TUNING.still) or (over and _stands_still(w, means, *TUNING.still_over)):
        return Objection.STILL
    return Objection.SLOWING if _slowing(w) else _another_reading(w, means, lows)


def _stands_still(w: Window, means: list[float], least: float, as_long: float) -> bool:
    """Tell whether it ended as a full cache or a stopped leak does: in a pause of at least this part of the window.

    No pause of before was this part of it ``as_long``.
    """
    seen, band, count = means[w.begin :], TUNING.still_band * w.rise, 0
    top = low = seen[-1]
    for level in reversed(seen):
        top, low = max(top, level), min(low, level)
        if top - low > band:
            break
        count += 1
    if count < max(TUNING.still_fewest, least * len(seen)):
        return False
    rose, pause = seen[:-count], ceil(count * as_long)
    return not any(max(part := rose[i : i + pause]) - min(part) <= band for i in range(len(rose) - pause + 1))


def _still_low(lows: list[float], rise: float) -> bool:
    """Tell whether the last third still comes down nearly to where the first third was; one odd reading is left out."""
    third = len(lows) // 3
    if third < TUNING.third_fewest:
        return False
    return sorted(lows[-third:])[1] - sorted(lows[:third])[1] < TUNING.third_rise * rise


def _at_its_rate(w: Window, whole: Window, start: float) -> bool:
    """Tell whether a warm-up has come down to a rate at which it goes on.

    Seen over all of the time, an exponential warm-up that slows as little as this window does would have slowed little;
    one that slows like a logarithm since the start would slow more in this window.
    """
    now, ever = bend(w.best.xs, w.best.ys), bend(whole.best.xs, whole.best.ys)
    begin, end = w.means.xs[0] - start, w.means.xs[-1] - start
    if not w.begin or min(now.early, ever.early) <= 0:
        return False
    middle, kept = (begin + end) / 2, now.late / now.early
    logarithm: float = (log(end / middle) / log(middle / begin)) ** TUNING.rate_log
    if kept < logarithm:
        return False
    exponential: float = kept ** (whole.span / w.span)
    return ever.late / ever.early < TUNING.rate_bent * exponential


def _another_reading(w: Window, means: list[float], lows: list[float]) -> Objection | None:
    """Return another reading of a certain rise that goes on, the cheapest test first."""
    if w.begin and _returning(w, means):
        return Objection.RETURN
    if _stepped(w):
        return Objection.STEPS
    return Objection.SEASON if _seasonal(w, means, lows) else None


def _slowing(w: Window) -> bool:
    best = bend(w.best.xs, w.best.ys)
    if any(_bent(best, still, sure) for still, sure in TUNING.bends):
        return True
    if _bent(bend(w.means.xs, w.middles), *TUNING.median_bend) or _bent(bend(w.means.xs, w.least), *TUNING.low_bend):
        return True
    early, late = w.best.halves()
    middle_early, middle_late = w.medians.halves()
    low_early, low_late = w.lows.halves()
    return (
        late < TUNING.still_halves * early
        or (middle_early > 0 and middle_late < TUNING.falling_halves * middle_early)
        or (low_early > 0 and low_late < 0)
    )


def _bent(found: Bend, still: float, sure: float) -> bool:
    return found.late < still * found.early and found.slowing > sure


def _returning(w: Window, means: list[float]) -> bool:
    now = w.means.ys[-1]
    if now < _part(means[: w.begin], TUNING.most):
        return True
    settled = means[int(TUNING.starting * len(means)) : w.begin]
    higher = sum(level > now - TUNING.return_over * w.rise for level in settled)
    return higher > TUNING.return_share * (len(means) - w.begin)


def _part(values: list[float], part: float) -> float:
    return sorted(values)[int(part * (len(values) - 1))]


def _stepped(w: Window) -> bool:
    """Compare a line with a few steps by the Bayesian information criterion."""
    n = len(w.best.ys)
    best, line = steps_residual(w.best.ys, TUNING.most_steps), w.best.misfit()
    price = TUNING.step_price * log(n) / n
    return any(best[k] < line * exp(-(2 * k - 1) * price) for k in range(1, TUNING.most_steps + 1))


def _seasonal(w: Window, means: list[float], lows: list[float]) -> bool:
    lag, correlation = season(means[w.begin :])
    if correlation <= TUNING.repeated:
        return False
    count = len(lows) - w.begin
    if lag > TUNING.season_least * count:
        return True
    floor = [min(lows[i : i + lag]) for i in range(w.begin, len(lows) - lag + 1)]
    return floor[-1] - floor[0] < TUNING.season_floor * w.rise * (count - lag) / count
