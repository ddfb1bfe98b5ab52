"""How long a rise has to last before it is called a leak.

Early in a long run everything rises for a while: caches, pools, the first tooth of a collected heap. No test of a
trace tells a straight start from a leak, but whoever planned the run for a day can wait; whoever sees a bare trace
cannot know whether it ends in a minute.
"""

from dataclasses import dataclass, replace

from stresstui.core.growth.kind import Kind

HOLD_S, HOLD_PART = 125.0, 0.17
"""A rise must hold this part of the active time, and so many seconds, where nobody knows how long the run will be."""
STEADIER_HOLD_S, COUNTED_HOLD_PART = 65.0, 0.13
"""Throughput that falls rarely comes back by itself, and descriptors are exact."""
COARSE_PART, COARSE_BINS = 0.53, 48
"""With fewer bins the blocks of a window hold one or two, and no floor shows under the peaks: more than half then."""
PLANNED_HOLD_S, PLANNED_HOLD_PART, PLANNED_COARSE_PART = 65.0, 0.12, 0.4
"""The same where the length of the run is known."""
PLANNED_PART = 0.03
"""There, a rise must hold this part of the plan too, ..."""
START_PART = 0.12
"""... and does not count in this part of the plan, in which a run is still starting, ..."""
OUTGROWN, OUTGROWN_START_PART = 10.0, 0.02
"""... but this part, if by the end of the plan it would have added so many times the level: no box survives that."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The waiting that a run of a known or unknown length can afford; all times are active seconds."""

    planned_s: float | None = None
    """How long the run will be; None where nobody knows."""
    settling_s: float = 0.0
    """How long the program is known to go on warming up: what rises then does not count."""
    full_s: float | None = None
    """How long such a run is meant to be, where this one was made shorter."""
    hold_s: float = HOLD_S
    """Seconds that a rise must hold at least, where there is no plan."""
    hold_part: float = HOLD_PART
    """Part of the active time that it must hold besides."""

    def with_kind(self, kind: Kind) -> "Patience":
        """Return the same for one kind of metric: some are steadier than others."""
        hold_s = STEADIER_HOLD_S if kind is Kind.THROUGHPUT else HOLD_S
        hold_part = COUNTED_HOLD_PART if kind in {Kind.FDS, Kind.SOCKETS} else HOLD_PART
        return replace(self, hold_s=hold_s, hold_part=hold_part)

    def outgrown(self, per_second: float, level: float) -> bool:
        """Tell whether a rise is too fast to wait; both in the metric's unit."""
        length = max(self.full_s or 0.0, self.planned_s or 0.0)
        return not length or per_second * length > OUTGROWN * level

    def counts(self, active: float, *, outgrown: bool) -> bool:
        """Tell whether a rise at this time counts."""
        return active >= self._start(outgrown=outgrown)

    def needed(self, active: float, bins: int, *, outgrown: bool) -> float:
        """Return how many seconds a rise must have counted; `bins` are those of the history since it began."""
        part = self._part(bins, outgrown=outgrown)
        if self.planned_s is None or outgrown:
            return max(self.hold_s, part * active)
        return max(PLANNED_HOLD_S, part * active, PLANNED_PART * self.planned_s)

    def left(self, active: float, lasted: float, bins: int, *, outgrown: bool) -> float:
        """Return how many more seconds a rise that goes on needs, of which `lasted` have counted."""
        start = max(0.0, self._start(outgrown=outgrown) - active)
        needed = self.needed(active + start, bins, outgrown=outgrown)
        return start + max(0.0, needed - lasted) / (1 - self._part(bins, outgrown=outgrown))

    def _start(self, *, outgrown: bool) -> float:
        planned = self.planned_s or 0.0
        return planned * OUTGROWN_START_PART if outgrown else max(planned * START_PART, self.settling_s)

    def _part(self, bins: int, *, outgrown: bool) -> float:
        if self.planned_s is None or outgrown:
            return COARSE_PART if bins < COARSE_BINS else self.hold_part
        return PLANNED_COARSE_PART if bins < COARSE_BINS else PLANNED_HOLD_PART
