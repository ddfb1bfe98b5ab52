"""A recorded trace judged as if it were live."""

from collections import deque
from collections.abc import Iterable
from math import isfinite

import msgspec

from stresstui.core.growth.detector import GrowthDetector
from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.judgement import Judgement, State
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.restart import RestartWatch
from stresstui.core.model.averages import median

GAP_TIMES = 10.0
"""A pause this many times the usual spacing was not observed."""
GAP_S = 120.0
_WHOLE = 0.95
"""Part of its plan from which on a trace is taken for that of a test that is over."""
SPACINGS = 31
"""So many spacings say what is usual."""


class Replay(msgspec.Struct, frozen=True):
    """The verdict on a whole trace; times in seconds on its own clock, slopes in the metric's unit per hour."""

    leak: bool
    """The verdict at the end."""
    first_alarm_t: float | None
    """When the first alarm was raised; None without one."""
    alarms: list[tuple[float, float | None]]
    """When each alarm was raised and ended; None if it sounds to the end."""
    evals: int
    """How many times the trace was evaluated."""
    state: State
    """The state at the end."""
    slope_per_hour: float | None
    """Slope of the deciding window at the end."""
    ci: tuple[float, float] | None
    """Its 95 % confidence interval."""
    resolvable_per_hour: float | None
    """The smallest growth that the trace could have shown."""
    reason: str
    """One sentence, with numbers."""


def replay(points: Iterable[tuple[float, float]], kind: Kind, planned_s: float | None = None) -> Replay:
    """Judge a trace in order, evaluating every minute of its time and at its end, never looking ahead.

    `planned_s` is how long the run was planned to be before it began, seconds; its start is then looked at more often.
    """
    live = _Live(kind, planned_s)
    for t, value in points:
        if isfinite(value):
            live.observe(t, value)
    return live.finish()


class _Live:
    """A detector fed from a bare trace: gaps and restarts are found in the values."""

    def __init__(self, kind: Kind, planned_s: float | None) -> None:
        self._patience = Patience(planned_s)
        self._detector = GrowthDetector(kind, self._patience)
        self._restarts = RestartWatch() if kind.sign > 0 else None
        self._spacings: deque[float] = deque(maxlen=SPACINGS)
        self._planned_s = planned_s
        self._first = 0.0
        self._last: float | None = None
        self._due = 0.0
        self._evals = 0
        self._judgement: Judgement | None = None
        self._judged = 0.0
        self._alarms: list[tuple[float, float | None]] = []

    def observe(self, t: float, value: float) -> None:
        """Take in one value, and evaluate when it is time."""
        if self._last is None:
            self._first, self._due = t, t + self._patience.every_s(0.0)
        else:
            self._step(t, t - self._last)
        self._detector.add(t, value)
        if self._restarts is not None:
            self._restart(self._restarts.see(t, value, self._detector.level))
        self._last = t
        if t >= self._due:
            self._evaluate(t)
            every = self._patience.every_s(t - self._first)
            self._due += every * ((t - self._due) // every + 1)

    def finish(self) -> Replay:
        """Evaluate at the end."""
        last = self._judgement
        end = self._last or 0.0
        over = self._planned_s is not None and end - self._first >= _WHOLE * self._planned_s
        if last is None or self._judged != self._last or over:
            last = self._evaluate(end, over=over)
        return Replay(
            leak=last.leak,
            first_alarm_t=self._alarms[0][0] if self._alarms else None,
            alarms=self._alarms,
            evals=self._evals,
            state=_end_state(last),
            slope_per_hour=last.slope_per_hour,
            ci=last.ci,
            resolvable_per_hour=last.resolvable_per_hour,
            reason=last.reason,
        )

    def _step(self, t: float, step: float) -> None:
        if step > GAP_S and self._spacings:
            usual = median(self._spacings)
            if step > GAP_TIMES * usual:
                self._detector.gap(t - usual)
                self._due = max(self._due, t)
        if step > 0:
            self._spacings.append(step)

    def _restart(self, first: list[tuple[float, float]]) -> None:
        if first:
            self._detector.segment(first[0][0])
            for t, value in first:
                self._detector.add(t, value)

    def _evaluate(self, t: float, *, over: bool = False) -> Judgement:
        judgement = self._judgement = self._detector.evaluate(over=over)
        self._judged = t
        self._evals += 1
        on = judgement.state is State.LEAKING
        sounding = bool(self._alarms) and self._alarms[-1][1] is None
        if on and not sounding:
            self._alarms.append((t, None))
        elif sounding and not on:
            self._alarms[-1] = (self._alarms[-1][0], t)
        return judgement


def _end_state(last: Judgement) -> State:
    """Return what is told of the whole: an alarm has come to nothing by the end, or is not settled yet."""
    if last.leak:
        return State.LEAKING
    came_to = State.SETTLING if last.settles_in_s is None else State.GROWING
    return came_to if last.state is State.LEAKING else last.state
