"""The verdict if a run ended now: what of an alarm, or of a rise without one, is a leak."""

from enum import Enum, auto

import msgspec

from stresstui.core.growth.kind import Kind
from stresstui.core.growth.moment import Moment
from stresstui.core.growth.tuning import TUNING
from stresstui.core.growth.window import Window
from stresstui.core.growth.window_tests import Objection, WindowFinding, fills, lasting, latest
from stresstui.core.model.averages import median

Seen = tuple[list[float], list[float], list[float]]
"""Active times, means and minima, upwards bad."""


class Ending(Enum):
    """What the end of a run would make of what was seen."""

    LEAK = auto()
    NOTHING = auto()
    """Nothing has risen for long enough."""
    YOUNG = auto()
    """It has, but what fills up rises as straight for so long."""
    BACK = auto()
    """Half of what was called is gone."""
    RESTS = auto()
    """What was called goes on far more slowly now, if at all."""


class Alarm(msgspec.Struct, frozen=True):
    """What has led to an alarm, or has not yet."""

    sounds: bool
    held: float
    """For so many seconds a rise was seen."""
    lasted: float
    """So many of them were evidence."""
    risen_to: float
    """Below this level half of what was called is gone."""
    pace: float
    """How fast it rose when last it was called, per second."""


def ending(now: Moment, alarm: Alarm, seen: Seen, found: WindowFinding, floor: float, *, over: bool) -> Ending:
    """Return the verdict; with ``over`` nothing follows, by plan."""
    if alarm.sounds:
        if _given_back(now, alarm, seen, found):
            return Ending.BACK
        last = over or (now.kind.settling and now.patience.planned_s is None)
        if last and not found.rising and _rests(alarm, seen, found, floor):
            return Ending.RESTS
    elif found.window is None or not found.rising or not _called(now, alarm, found, found.window, floor, over=over):
        return Ending.NOTHING
    return Ending.YOUNG if now.kind.settling and now.elapsed < TUNING.straight_fill_s else Ending.LEAK


def _given_back(now: Moment, alarm: Alarm, seen: Seen, found: WindowFinding) -> bool:
    """Tell whether half of what was called is gone now, and nothing rises: a minute later it may be back.

    Not of throughput, which stalls and comes back.
    """
    rises_on = found.rising or found.objections[:1] in ([Objection.SLOWING], [Objection.STEPS])
    means = seen[1]
    if rises_on or not means or now.kind is Kind.THROUGHPUT:
        return False
    return median(means[-max(1, len(means) // TUNING.back_now_share) :]) < alarm.risen_to


def _rests(alarm: Alarm, seen: Seen, found: WindowFinding, floor: float) -> bool:
    """Tell whether what was called has come to rest: no window rises, or one of the latest parts stands."""
    windows = [latest(*seen, part) for part in TUNING.rest_parts]
    return found.calm or any(_stands(window, alarm.pace, floor) for window in windows if window is not None)


def _stands(w: Window, pace: float, floor: float) -> bool:
    """Tell whether it surely rises by far more slowly than what was called, if at all."""
    rises = w.finest.slope > w.finest.reach and w.finest.slope * w.span > floor
    return not rises and w.finest.slope + w.finest.reach < TUNING.rest_pace * pace


def _called(now: Moment, alarm: Alarm, found: WindowFinding, rising: Window, floor: float, *, over: bool) -> bool:
    """Tell whether a rise without an alarm is called at an end."""
    return _holds(now, alarm, found, rising, floor) or (over and _outlasted(now, rising, floor))


def _holds(now: Moment, alarm: Alarm, found: WindowFinding, rising: Window, floor: float) -> bool:
    """Tell whether it has held for long enough."""
    if now.tail_left(rising) or rising.rise < now.least_called(found, floor) or _doubtful(now, alarm, found, rising):
        return False
    counts = now.patience.counts(now.active, outgrown=now.outgrown(rising), late=found.late)
    return counts and alarm.held >= max(TUNING.end_s, TUNING.end_part * now.active)


def _doubtful(now: Moment, alarm: Alarm, found: WindowFinding, rising: Window) -> bool:
    """Tell whether it proves nothing: what had time for an alarm, or memory that may only fill."""
    settles = bool(now.kind.settling)
    if settles and rising.rise < TUNING.little_level * now.level and not (alarm.lasted and lasting(rising)):
        return True
    if now.active > TUNING.over_s:
        return now.patience.planned_s is not None and not alarm.lasted
    return settles and now.active < TUNING.filling_s and fills(found)


def _outlasted(now: Moment, rising: Window, floor: float) -> bool:
    """Tell whether a short test that is over rose to its end, by far more than matters; memory may only fill."""
    if now.active > TUNING.over_s or not lasting(rising):
        return False
    if now.kind.settling and now.active < TUNING.filling_s:
        return False
    level = 0.0 if now.kind is Kind.THROUGHPUT else now.level
    great = rising.rise >= max(TUNING.over_floors * floor, TUNING.over_level * level)
    return great and now.patience.counts(now.active, outgrown=now.outgrown(rising))
