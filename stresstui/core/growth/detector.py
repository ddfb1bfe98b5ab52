"""The live detector: history, trailing windows, and an alarm with persistence and hysteresis."""

from math import isnan

from stresstui.core.growth.explain import explain
from stresstui.core.growth.history import History
from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.judgement import Judgement, State
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.seen import floor_of, seen
from stresstui.core.growth.tuning import TUNING
from stresstui.core.growth.window import Window
from stresstui.core.growth.window_tests import (
    Objection,
    WindowFinding,
    fills,
    find,
    in_steps,
    lasting,
    latest,
    straight,
    weight,
)
from stresstui.core.model.averages import median

HOUR = 3600.0
NOTHING = WindowFinding(None, 0, False, [])
NOWHERE = float("-inf")


class GrowthDetector:
    """Decides whether one metric grows (or, for throughput, degrades), in fixed memory."""

    def __init__(self, kind: Kind, patience: Patience | None = None, unit: str = "") -> None:
        """Begin without a past; where nothing is known of the run's length, `patience` is left out.

        `unit` is the base unit of a gauge, to say its slope in.
        """
        self._kind, self._unit = kind, unit
        self._patience = (patience or Patience()).with_kind(kind)
        self._sign = kind.sign
        self._history = History()
        self._take = self._history.add
        self._held = 0.0
        self._lasted = 0.0
        self._absent = 0.0
        self._alarm = False
        self._risen = 0.0
        """From its first tenth to its last."""
        self._risen_to = NOWHERE
        self._pace = 0.0
        self._evaluated = 0.0
        self._earlier = 0.0

    def add(self, t: float, value: float) -> None:
        """Take in a value at `t` seconds; times never go back, and NaN is ignored."""
        if not isnan(value):
            self._take(t, value * self._sign)

    def gap(self, t: float) -> None:
        """Nothing was observed from the last value to `t` (suspended): active time stands still."""
        self._history.gap(t)

    def segment(self, t: float) -> None:  # noqa: ARG002  # `t` is the contract; nothing before it is kept
        """Another process begins at `t`: what came before is neither a drop nor a jump of it.

        That the one before it rose to its end is remembered: one that leaks does so again.
        """
        self._earlier += self._history.active_s
        self._history = History()
        self._take = self._history.add
        self._evaluated = 0.0
        self._risen_to = NOWHERE
        if self._absent:
            self._held = self._lasted = 0.0

    def level(self) -> float:
        """Return the median of what was seen since the last segment began, in the metric's unit."""
        return self._history.level()

    def evaluate(self, *, over: bool = False) -> Judgement:
        """Judge what was seen so far and advance the alarm; call it about once a minute.

        With ``over`` nothing follows: a short test is judged by all it showed, since no more can be waited for.
        """
        times, means, lows = seen(self._history, self._kind)
        floor = floor_of(self._kind, means)
        tenth = max(1, len(means) // TUNING.back_share)
        self._risen = median(means[-tenth:]) - median(means[:tenth]) if means else 0.0
        finding = (
            find(times, means, lows, floor, over=over, restarts=self._sign > 0)
            if self._history.active_s >= TUNING.shortest_history_s
            else NOTHING
        )
        great = finding.window is not None and finding.window.rise >= TUNING.over_floors * floor
        young = self._history.active_s < self._patience.young_s(great=great)
        found = finding if finding.rising and not (young and self._patience.planned_s is None) else None
        rests = over and self._alarm and found is None and self._come_to_rest(times, means, lows, finding, floor)
        clears = self._clears_in(finding, means, rests=rests)
        self._advance(found, len(times) - finding.begin, floor, clears, young=young)
        return self._judge(finding, floor, means, over=over)

    def looked_at(self) -> list[tuple[float, Objection | None]]:
        """Look again, for people: the trailing windows in seconds, the longest first, and what spoke against each.

        None = it rises like a leak. The alarm stays as it is.
        """
        times, means, lows = seen(self._history, self._kind)
        if self._history.active_s < TUNING.shortest_history_s or not times:
            return []
        found = find(times, means, lows, floor_of(self._kind, means), restarts=self._sign > 0)
        span = times[-1] - times[0]
        looked: list[tuple[float, Objection | None]] = [
            (part * span, objection) for part, objection in zip(TUNING.fractions, found.objections, strict=False)
        ]
        return [*looked, (found.window.span, None)] if found.rising and found.window is not None else looked

    def _come_to_rest(
        self, times: list[float], means: list[float], lows: list[float], finding: WindowFinding, floor: float
    ) -> bool:
        """Tell whether no window of any length rises at the end, or the latest part of it stands."""
        parts = TUNING.rest_parts
        return finding.calm or any(self._rests(latest(times, means, lows, part), floor) for part in parts)

    def _rests(self, window: Window | None, floor: float) -> bool:
        """Tell whether what was called has come to rest: of late it surely rises by far more slowly, if at all."""
        if window is None:
            return False
        line = window.finest
        rises = line.slope > line.reach and line.slope * window.span > floor
        return not rises and line.slope + line.reach < TUNING.rest_pace * self._pace

    def _clears_in(self, finding: WindowFinding, means: list[float], *, rests: bool) -> float:
        """Return how long no rise may have been seen for an alarm to end."""
        of_late = means[-max(1, len(means) // TUNING.back_share) :]
        if max(of_late, default=0.0) < self._risen_to or Objection.STILL in finding.objections:
            return 0.0
        if rests:
            return TUNING.rest_clear_part * self._active()
        part = TUNING.calm_clear_part if finding.calm else TUNING.clear_part
        return max(TUNING.clear_s, part * self._active())

    def _advance(self, found: WindowFinding | None, bins: int, floor: float, clear_s: float, *, young: bool) -> None:
        now = self._history.active_s
        passed, self._evaluated = max(0.0, now - self._evaluated), now
        if found is None or found.window is None:
            self._absent += passed
            if self._earlier and now < TUNING.restart_s + TUNING.restart_part * self._active():
                return
            self._held = max(0.0, self._held - TUNING.forget * passed)
            self._lasted = max(0.0, self._lasted - TUNING.forget * passed)
            if self._absent >= clear_s:
                self._alarm = False
            return
        self._absent = 0.0
        if not young:
            self._held = min(self._held + passed, max(TUNING.kept_s, TUNING.kept_part * self._active()))
        self._last(found, found.window, passed, bins, floor, young=young)

    def _last(
        self, found: WindowFinding, rising: Window, passed: float, bins: int, floor: float, *, young: bool
    ) -> None:
        """Gather evidence for an alarm, but only while the rise goes on as fast as before; in a start it is kept."""
        if self._tail_left(rising):
            self._lasted = max(0.0, self._lasted - TUNING.forget * passed)
            return
        called = self._kind.floors * self._least_called(found, floor)
        least = max(called, found.beat if self._patience.planned_s is not None else 0.0)
        if not (lasting(rising) and rising.rise >= least):
            return
        steps = self._patience.planned_s is not None and in_steps(rising)
        times = self._times_needed(found, rising, steps=steps)
        needed = self._needed(found, rising, bins, floor, steps=steps) * (times or 1.0)
        self._lasted = min(self._lasted + passed * self._weight(found), needed)
        if times and not young:
            self._alarm = self._alarm or self._lasted >= needed
            self._risen_to = rising.means.ys[0] + TUNING.back * rising.rise
            self._pace = rising.rise / rising.span

    def _least_called(self, found: WindowFinding, floor: float) -> float:
        """Return how far a rise has to go to be called; what begins after a calm or an hour is none of a start."""
        if found.late or self._active() > TUNING.settling_s:
            return floor
        return max(floor, self._patience.settling(self._active()) * self._kind.settling * self._history.level())

    def _needed(self, found: WindowFinding, rising: Window, bins: int, floor: float, *, steps: bool) -> float:
        """Return how much evidence a rise needs, in seconds of a usual one."""
        active = self._active()
        if found.late:  # the less it has risen, the longer it has to
            return self._patience.needed_late(active) * max(1.0, TUNING.late_floors * floor / rising.rise)
        needed = self._patience.needed(active, bins, outgrown=self._outgrown(rising))
        return needed * (TUNING.steps_hold if steps else 1.0)

    def _times_needed(self, found: WindowFinding, rising: Window, *, steps: bool) -> float:
        """Return how many times as much of it a rise needs at this time; 0 while it may be that of a start."""
        active, outgrown = self._active(), self._outgrown(rising)
        if self._patience.counts(active, outgrown=outgrown, late=found.late, steps=steps):
            return 1.0
        return 0.0 if steps or outgrown or found.objections else self._times_early(found, rising)

    def _times_early(self, found: WindowFinding, rising: Window) -> float:
        """Return the same for a rise from the first reading on that is none of a start."""
        planned, pace = self._patience.planned_s or 0.0, rising.rise / rising.span
        level = 1.0 if self._kind is Kind.THROUGHPUT else abs(self._history.level())  # logarithms fall by parts of it
        if self._patience.counts_slight(self._active(), pace, level):
            return 1.0
        even = self._patience.counts_even(self._active(), pace, level)
        return TUNING.even_hold if even and straight(found, TUNING.straight_part * planned) else 0.0

    def _weight(self, found: WindowFinding) -> float:
        """Return how much a moment of a rise counts: each alike where no plan is known, and after a long calm."""
        return 1.0 if found.late or self._patience.planned_s is None else weight(found)

    def _holds(self, finding: WindowFinding, floor: float) -> bool:
        """Tell whether a rise is a leak if the run ends now."""
        active, rising = self._active(), finding.window
        if rising is None or self._tail_left(rising) or rising.rise < self._least_called(finding, floor):
            return False
        if self._doubtful(finding, rising):
            return False
        counts = self._patience.counts(active, outgrown=self._outgrown(rising), late=finding.late)
        return counts and self._held >= max(TUNING.end_s, TUNING.end_part * active)

    def _doubtful(self, finding: WindowFinding, rising: Window) -> bool:
        """Tell whether a rise without an alarm proves nothing: what had time for one, or memory that may only fill."""
        active, settles = self._active(), bool(self._kind.settling)
        little = settles and rising.rise < TUNING.little_level * self._history.level()
        if little and not (self._lasted and lasting(rising)):
            return True
        if active > TUNING.over_s:
            return self._patience.planned_s is not None and not self._lasted
        return settles and active < TUNING.filling_s and fills(finding)

    def _outlasted(self, rising: Window | None, floor: float) -> bool:
        """Tell whether a short test that is over rose to its end, by far more than matters; memory may only fill."""
        active = self._active()
        if rising is None or active > TUNING.over_s or not lasting(rising):
            return False
        if self._kind.settling and active < TUNING.filling_s:
            return False
        level = 0.0 if self._kind is Kind.THROUGHPUT else self._history.level()
        great = rising.rise >= max(TUNING.over_floors * floor, TUNING.over_level * level)
        return great and self._patience.counts(active, outgrown=self._outgrown(rising))

    def _outgrown(self, rising: Window) -> bool:
        level = self._history.level()
        if self._kind is Kind.THROUGHPUT:
            level = float("inf")  # it can only fall to nothing
        return self._patience.outgrown(rising.rise / rising.span, level)

    def _tail_left(self, rising: Window) -> float:
        """For how long a rise may still be the end of a start, seconds."""
        pace, level = rising.rise / rising.span, abs(self._history.level())
        return self._patience.tail_left(self._active(), self._risen, level, pace)

    def _active(self) -> float:
        return self._earlier + self._history.active_s

    def _judge(self, finding: WindowFinding, floor: float, means: list[float], *, over: bool) -> Judgement:
        active, bins = self._history.active_s, len(means)
        state = self._state(finding, bins)
        slope = ci = resolvable = since = None
        if finding.window is not None:
            window, scale = finding.window, self._scale(finding) * HOUR
            line = window.best.line if finding.rising else window.finest
            ends = sorted((line.slope + side * line.reach) * scale for side in (-1, 1))
            slope, ci = line.slope * scale, (ends[0], ends[1])
            resolvable = max(floor / window.span, TUNING.t_least * line.error) * abs(scale)
            if state in {State.GROWING, State.LEAKING}:
                since = self._history.began(finding.begin)
        leak = self._leaks(finding, floor, means, over=over)
        return Judgement(
            state=state,
            slope_per_hour=slope,
            ci=ci,
            since=since,
            resolvable_per_hour=resolvable,
            active_s=active,
            settles_in_s=self._settles(state, finding, bins - finding.begin, floor),
            leak=leak,
            reason=explain(self._kind, state, finding, slope, active, resolvable, leak=leak, unit=self._unit),
        )

    def _leaks(self, finding: WindowFinding, floor: float, means: list[float], *, over: bool) -> bool:
        """Give the verdict if the run ended now."""
        if self._alarm or not finding.rising:
            return self._alarm and not self._given_back(finding, means)
        return self._holds(finding, floor) or (over and self._outlasted(finding.window, floor))

    def _given_back(self, finding: WindowFinding, means: list[float]) -> bool:
        """Tell whether half of what was called is gone now, and nothing rises: a minute later it may be back.

        Not of throughput, which stalls and comes back.
        """
        rises_on = finding.rising or finding.objections[:1] in ([Objection.SLOWING], [Objection.STEPS])
        if rises_on or not means or self._kind is Kind.THROUGHPUT:
            return False
        return median(means[-max(1, len(means) // TUNING.back_now_share) :]) < self._risen_to

    def _scale(self, finding: WindowFinding) -> float:
        """What turns a mirrored (and for throughput, logarithmic) slope into the metric's own."""
        if self._kind is not Kind.THROUGHPUT or finding.window is None:
            return self._sign
        return -self._history.level()

    def _state(self, finding: WindowFinding, bins: int) -> State:
        if self._alarm:
            return State.LEAKING
        if finding.rising:
            return State.GROWING
        if finding.window is None or bins < TUNING.steady_bins or self._history.active_s < TUNING.steady_s:
            return State.UNDECIDED
        recent = finding.objections[len(finding.objections) // 2 :]
        if Objection.STILL in finding.objections or Objection.SLOWING in recent or Objection.STEPS in recent:
            return State.SETTLING
        doubt = Objection.ENVELOPE in recent or Objection.RETURN in recent
        return State.UNDECIDED if doubt else State.STEADY

    def _settles(self, state: State, finding: WindowFinding, bins: int, floor: float) -> float | None:
        match state:
            case State.STEADY | State.LEAKING:
                return None
            case State.GROWING if finding.window is not None:
                rising, outgrown = finding.window, self._outgrown(finding.window)
                left = self._patience.left(self._active(), self._lasted, bins, self._weight(finding), outgrown=outgrown)
                far = (self._least_called(finding, floor) - rising.rise) * rising.span / rising.rise
                far = max(0.0, min(far, TUNING.settling_s - self._active()))  # less is needed then
                return max(far + left, self._tail_left(rising))
            case _:
                active = self._history.active_s
                return max(TUNING.steady_s - active, TUNING.shortest_history_s, active / 2)
