"""How long a rise has to last before it is called a leak.

Early in a long run everything rises for a while: caches, pools, the first tooth of a collected heap. No test of a
trace tells a straight start from a leak, but whoever planned the run for a day can wait; whoever sees a bare trace
cannot know whether it ends in a minute.
"""

from math import inf

import msgspec

from stresstui.core.growth.kind import Kind
from stresstui.core.growth.tuning import TUNING


class Patience(msgspec.Struct, frozen=True):
    """The waiting that a run of a known or unknown length can afford; all times are active seconds."""

    planned_s: float | None = None
    """How long the run will be; None where nobody knows."""
    settling_s: float = 0.0
    """How long the program is known to go on warming up: what rises then does not count."""
    full_s: float | None = None
    """How long such a run is meant to be, where this one was made shorter."""
    hold_s: float = TUNING.hold_s
    """Seconds that a rise must hold at least, where there is no plan."""
    hold_part: float = TUNING.hold_part
    """Part of the active time that it must hold besides."""
    ruin: float = 0.0
    """So much growth, in the metric's unit, no box survives; less of it can wait, however small the program."""
    tail: float = 0.0
    """What the end of a start may still add, as a part of the level: memory fills for hours, ever more slowly."""

    def with_kind(self, kind: Kind) -> "Patience":
        """Return the same for one kind of metric: some are steadier than others."""
        hold_s = TUNING.steadier_hold_s if kind is Kind.THROUGHPUT else TUNING.hold_s
        hold_part = TUNING.counted_hold_part if kind in {Kind.FDS, Kind.SOCKETS} else TUNING.hold_part
        tail = TUNING.tail_level if kind in {Kind.RSS, Kind.BYTES_UP} else 0.0
        return msgspec.structs.replace(self, hold_s=hold_s, hold_part=hold_part, ruin=kind.ruin, tail=tail)

    def every_s(self, seconds: float) -> float:
        """Return how long to wait for the next evaluation, so many `seconds` after the first value."""
        often = self.planned_s is not None and seconds < TUNING.often_until_s
        return TUNING.often_s if often else TUNING.every_s

    def young_s(self, *, great: bool) -> float:
        """So long a history is too young for any alarm; only a `great` rise counts soon, not of memory in minutes."""
        if self.planned_s is None:
            return TUNING.young_s
        if self.planned_s < TUNING.straight_fill_s and self.tail:
            return TUNING.straight_fill_s
        if self.planned_s < TUNING.short_plan_s and (self.tail or not great):
            return TUNING.short_young_s
        return TUNING.planned_young_s if great else TUNING.small_young_s

    def outgrown(self, per_second: float, level: float) -> bool:
        """Tell whether a rise is too fast to wait; both in the metric's unit."""
        length = max(self.full_s or 0.0, self.planned_s or 0.0)
        return not length or per_second * length > max(self.ruin, TUNING.outgrown * level)

    def tail_left(self, active: float, risen: float, level: float, per_second: float) -> float:
        """Return for how many seconds yet a rise may be the end of a start, in a run much shorter than it is meant to.

        A start takes as long in a short run as in the whole one. What has ``risen`` by more in all is none, nor what
        will have at that pace.
        """
        whole, planned = self.full_s or 0.0, self.planned_s
        if planned is None or planned > TUNING.tail_plan_part * whole or risen > self.tail * level:
            return 0.0
        enough = (self.tail * level - risen) / per_second if per_second > 0 else inf
        return max(0.0, min(self._start_in(whole) - active, enough))

    def settling(self, active: float) -> float:
        """Return how many times the part of its first hour (`Kind.settling`) memory may settle by at this time."""
        most = TUNING.short_settling_most if (self.planned_s or 0.0) <= TUNING.over_s else TUNING.settling_most
        return min(most, TUNING.settling_s / active) if active else 1.0

    def counts_slight(self, active: float, per_second: float, level: float) -> bool:
        """Tell whether a rise counts because it adds next to nothing by the end of the plan: no start is as slow."""
        slight = self._adds(per_second) < TUNING.slight_levels * level
        return slight and active >= max(self._adds(TUNING.slight_start_part), self.settling_s)

    def counts_even(self, active: float, per_second: float, level: float) -> bool:
        """Tell whether a rise counts if it is straight: it adds little by the end, and a start is faster."""
        modest = self._adds(per_second) < TUNING.even_levels * level
        return modest and active >= max(self._adds(TUNING.even_start_part), self.settling_s)

    def counts(self, active: float, *, outgrown: bool, late: bool = False, steps: bool = False) -> bool:
        """Tell whether a rise at this time counts; one that began `late`, after a calm, is none of a start.

        One of few `steps` is told from the last of a start only in a later part of the plan.
        """
        start = self._start(outgrown=outgrown and not late)
        planned = self.planned_s or 0.0
        if steps and not outgrown and planned >= TUNING.steps_plan_s:
            start = max(start, TUNING.steps_start_part * planned)
        if late:
            start = min(start, max(TUNING.late_start_part * (self.planned_s or 0.0), self.settling_s))
        return active >= start

    def needed(self, active: float, bins: int, *, outgrown: bool) -> float:
        """Return how many seconds a rise must have counted; `bins` are those of the history since it began."""
        part = self._part(bins, outgrown=outgrown)
        if self.planned_s is None or outgrown:
            return max(self.hold_s, part * active)
        return max(TUNING.planned_hold_s, part * active, TUNING.planned_part * self.planned_s)

    def needed_late(self, active: float) -> float:
        """Return how many seconds a rise that began late, and is new in all respects, must have counted."""
        planned = TUNING.late_planned_part * (self.planned_s or 0.0)
        return max(TUNING.late_hold_s, TUNING.late_hold_part * active, planned)

    def left(self, active: float, lasted: float, bins: int, weight: float = 1.0, *, outgrown: bool) -> float:
        """Return how many more seconds a rise that goes on needs, of which `lasted` have counted, each as `weight`."""
        start = max(0.0, self._start(outgrown=outgrown) - active)
        gained = max(weight - self._part(bins, outgrown=outgrown), TUNING.weight_least / 2)
        return max(start, max(0.0, self.needed(active, bins, outgrown=outgrown) - lasted) / gained)

    def _adds(self, per_second: float) -> float:
        """Return what comes together in all of the plan."""
        return per_second * (self.planned_s or 0.0)

    def _start(self, *, outgrown: bool) -> float:
        planned = self.planned_s or 0.0
        if outgrown:
            return planned * TUNING.outgrown_start_part
        return self._start_in(planned)

    def _start_in(self, planned: float) -> float:
        """Return how long a plan's start is."""
        return max(min(planned * TUNING.start_part, planned * TUNING.long_start_part + TUNING.start_s), self.settling_s)

    def _part(self, bins: int, *, outgrown: bool) -> float:
        if self.planned_s is None or outgrown:
            return TUNING.coarse_part if bins < TUNING.coarse_bins else self.hold_part
        return TUNING.planned_coarse_part if bins < TUNING.coarse_bins else TUNING.planned_hold_part
