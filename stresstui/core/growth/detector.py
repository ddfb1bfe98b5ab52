"""The live detector: history, trailing windows, and an alarm with persistence and hysteresis."""

from math import isnan

from stresstui.core.growth.ending import Alarm, Ending, ending
from stresstui.core.growth.explain import explain
from stresstui.core.growth.history import History
from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.judgement import Judgement, State
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.moment import Moment
from stresstui.core.growth.seen import floor_of, seen
from stresstui.core.growth.tuning import TUNING
from stresstui.core.growth.window_tests import Objection, WindowFinding, find, in_steps, lasting
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
        self._risen_to = NOWHERE
        self._pace = 0.0
        self._evaluated = 0.0
        self._earlier = self._unseen = 0.0

    def add(self, t: float, value: float) -> None:
        """Take in a value at `t` seconds; times never go back, and NaN is ignored."""
        if not isnan(value):
            self._take(t, value * self._sign)

    def gap(self, t: float) -> None:
        """Nothing was observed from the last value to `t` (suspended): active time stands still."""
        last = self._history.last
        self._unseen += 0.0 if last is None else max(0.0, t - last)
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
        now = self._now(means)
        finding = (
            find(times, means, lows, floor, over=over, restarts=self._sign > 0)
            if self._history.active_s >= TUNING.shortest_history_s
            else NOTHING
        )
        great = finding.window is not None and finding.window.rise >= TUNING.over_floors * floor
        young = self._history.active_s < self._patience.young_s(great=great)
        found = finding if finding.rising and not (young and self._patience.planned_s is None) else None
        self._advance(now, found, len(times) - finding.begin, floor, self._clears_in(finding, means), young=young)
        alarm = Alarm(self._alarm, self._held, self._lasted, self._risen_to, self._pace)
        end = ending(now, alarm, (times, means, lows), finding, floor, over=over)
        return self._judge(now, finding, floor, len(means), end)

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

    def _now(self, means: list[float]) -> Moment:
        tenth = max(1, len(means) // TUNING.back_share)
        risen = median(means[-tenth:]) - median(means[:tenth]) if means else 0.0
        return Moment(self._kind, self._patience, self._active(), self._unseen, self._history.level(), risen)

    def _active(self) -> float:
        return self._earlier + self._history.active_s

    def _clears_in(self, finding: WindowFinding, means: list[float]) -> float:
        """Return how long no rise may have been seen for an alarm to end."""
        of_late = means[-max(1, len(means) // TUNING.back_share) :]
        if max(of_late, default=0.0) < self._risen_to or Objection.STILL in finding.objections:
            return 0.0
        part = TUNING.calm_clear_part if finding.calm else TUNING.clear_part
        return max(TUNING.clear_s, part * self._active())

    def _advance(
        self, now: Moment, found: WindowFinding | None, bins: int, floor: float, clear_s: float, *, young: bool
    ) -> None:
        active = self._history.active_s
        passed, self._evaluated = max(0.0, active - self._evaluated), active
        if found is None:
            self._absent += passed
            if self._earlier and active < TUNING.restart_s + TUNING.restart_part * now.active:
                return
            self._held = max(0.0, self._held - TUNING.forget * passed)
            self._lasted = max(0.0, self._lasted - TUNING.forget * passed)
            if self._absent >= clear_s:
                self._alarm = False
            return
        self._absent = 0.0
        if not young:
            self._held = min(self._held + passed, max(TUNING.kept_s, TUNING.kept_part * now.active))
        self._last(now, found, passed, bins, floor, young=young)

    def _last(self, now: Moment, found: WindowFinding, passed: float, bins: int, floor: float, *, young: bool) -> None:
        """Gather evidence for an alarm, but only while the rise goes on as fast as before; in a start it is kept."""
        rising = found.window
        if rising is None or now.tail_left(rising):
            self._lasted = max(0.0, self._lasted - TUNING.forget * passed)
            return
        called = self._kind.floors * now.least_called(found, floor)
        least = max(called, found.beat if self._patience.planned_s is not None else 0.0)
        if not (lasting(rising) and rising.rise >= least):
            return
        steps = self._patience.planned_s is not None and in_steps(rising)
        times = now.times_needed(found, rising, steps=steps)
        needed = now.needed(found, rising, bins, floor, steps=steps) * (times or 1.0)
        self._lasted = min(self._lasted + passed * now.weight(found), needed)
        if times and not young:
            self._alarm = self._alarm or self._lasted >= needed
            self._risen_to = rising.means.ys[0] + TUNING.back * rising.rise
            self._pace = rising.rise / rising.span

    def _judge(self, now: Moment, finding: WindowFinding, floor: float, bins: int, end: Ending) -> Judgement:
        active = self._history.active_s
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
        young = TUNING.straight_fill_s - now.elapsed if end is Ending.YOUNG else 0.0
        return Judgement(
            state=state,
            slope_per_hour=slope,
            ci=ci,
            since=since,
            resolvable_per_hour=resolvable,
            active_s=active,
            settles_in_s=self._settles(now, state, finding, bins - finding.begin, floor, young=young),
            leak=end is Ending.LEAK,
            reason=explain(self._kind, state, finding, slope, active, resolvable, end, self._unit),
        )

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

    def _settles(
        self, now: Moment, state: State, finding: WindowFinding, bins: int, floor: float, *, young: float
    ) -> float | None:
        match state:
            case State.STEADY | State.LEAKING:
                return young or None
            case State.GROWING if finding.window is not None:
                rising, outgrown = finding.window, now.outgrown(finding.window)
                left = self._patience.left(now.active, self._lasted, bins, now.weight(finding), outgrown=outgrown)
                far = (now.least_called(finding, floor) - rising.rise) * rising.span / rising.rise
                far = max(0.0, min(far, TUNING.settling_s - now.active))  # less is needed then
                return max(far + left, now.tail_left(rising), young)
            case _:
                active = self._history.active_s
                return max(TUNING.steady_s - active, TUNING.shortest_history_s, active / 2)
