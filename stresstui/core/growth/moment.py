"""What a rise is worth at one moment of a run: how far it has to go, for how long, and whether it counts yet."""

import msgspec

from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.tuning import TUNING
from stresstui.core.growth.window import Window
from stresstui.core.growth.window_tests import WindowFinding, straight, weight


class Moment(msgspec.Struct, frozen=True):
    """One moment of a run, before any look at a window."""

    kind: Kind
    patience: Patience
    active: float
    """Seconds observed, those of processes before this one included."""
    unseen: float
    """Seconds in which nobody looked."""
    level: float
    """The median of what was seen, in the metric's unit."""
    risen: float
    """From its first tenth to its last."""

    @property
    def elapsed(self) -> float:
        """Seconds since the first reading, those in which nobody looked included: what fills up did so meanwhile."""
        return self.active + self.unseen

    def least_called(self, found: WindowFinding, floor: float) -> float:
        """Return how far a rise has to go to be called; what begins after a calm or an hour is none of a start."""
        if found.late or self.active > TUNING.settling_s:
            return floor
        return max(floor, self.patience.settling(self.active) * self.kind.settling * self.level)

    def needed(self, found: WindowFinding, rising: Window, bins: int, floor: float, *, steps: bool) -> float:
        """Return how much evidence a rise needs, in seconds of a usual one."""
        if found.late:  # the less it has risen, the longer it has to
            return self.patience.needed_late(self.active) * max(1.0, TUNING.late_floors * floor / rising.rise)
        needed = self.patience.needed(self.active, bins, outgrown=self.outgrown(rising))
        return needed * (TUNING.steps_hold if steps else 1.0)

    def times_needed(self, found: WindowFinding, rising: Window, *, steps: bool) -> float:
        """Return how many times as much of it a rise needs at this time; 0 while it may be that of a start."""
        outgrown = self.outgrown(rising)
        if self.patience.counts(self.active, outgrown=outgrown, late=found.late, steps=steps):
            return 1.0
        return 0.0 if steps or outgrown or found.objections else self._times_early(found, rising)

    def _times_early(self, found: WindowFinding, rising: Window) -> float:
        """Return the same for a rise from the first reading on that is none of a start."""
        planned, pace = self.patience.planned_s or 0.0, rising.rise / rising.span
        level = 1.0 if self.kind is Kind.THROUGHPUT else abs(self.level)  # logarithms fall by parts of it
        if self.patience.counts_slight(self.active, pace, level):
            return 1.0
        even = self.patience.counts_even(self.active, pace, level)
        return TUNING.even_hold if even and straight(found, TUNING.straight_part * planned) else 0.0

    def weight(self, found: WindowFinding) -> float:
        """Return how much a moment of a rise counts: each alike where no plan is known, and after a long calm."""
        return 1.0 if found.late or self.patience.planned_s is None else weight(found)

    def outgrown(self, rising: Window) -> bool:
        """Tell whether it rises too fast to wait; throughput can only fall to nothing."""
        level = float("inf") if self.kind is Kind.THROUGHPUT else self.level
        return self.patience.outgrown(rising.rise / rising.span, level)

    def tail_left(self, rising: Window) -> float:
        """For how long a rise may still be the end of a start, seconds."""
        return self.patience.tail_left(self.active, self.risen, abs(self.level), rising.rise / rising.span)
