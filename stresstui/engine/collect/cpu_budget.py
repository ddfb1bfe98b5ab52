"""How often something expensive may be read."""

from typing import Final

LONGEST_S: Final = 12.0
"""Seconds that are enough between two readings, up to ``MOST``: numbers older than that say little."""
MOST: Final = 0.015
"""Share of a core for which ``LONGEST_S`` gives way: only a table of a hundred thousand sockets comes to that."""
LATEST_S: Final = 30.0
"""Seconds after which a reading is due whatever it costs."""
LEAST: Final = 0.4
"""Part of a share that is left for readings where all else takes it: with thousands of processes that alone is more."""
MOVED_SHARE: Final = 0.2
"""Share by which a total has to move for a reading to be due before its time."""
MOVED_FACTOR: Final = 4.0
"""How many times its share such early readings may take."""


class Cadence:
    """Spaces readings so that they and all else take at most ``share`` of a core, ``longest`` seconds apart.

    The share gives way in two cases: to ``longest``, up to ``MOST`` of a core, and, up to ``MOVED_FACTOR`` times, where
    a total that is known at no cost says that the last reading is out of date.
    """

    def __init__(self, share: float = 0.008, longest: float = LONGEST_S) -> None:
        self._share, self._longest = share, longest
        self._due = float("-inf")
        self._early = float("-inf")
        self._total: float | None = None

    def due(self, t: float, total: float | None = None) -> bool:
        """Say whether the next reading may happen at ``t`` seconds; ``total`` as for ``spent``, now."""
        return t >= self._due or (t >= self._early and self._has_moved(total))

    def spent(self, t: float, cost_s: float, total: float | None = None, *, beside: float = 0.0) -> None:
        """Tell that the reading at ``t`` took ``cost_s`` seconds of CPU time, and the total that it was read at.

        ``beside`` is the share of a core that all else has taken since the reading before.
        """
        share, most = (max(whole - beside, LEAST * whole) for whole in (self._share, MOST))
        gap = min(cost_s / share, max(self._longest, min(cost_s / most, LATEST_S)))
        self._due, self._early, self._total = t + gap, t + gap / MOVED_FACTOR, total

    def _has_moved(self, total: float | None) -> bool:
        if total is None or self._total is None:
            return False
        return abs(total - self._total) > MOVED_SHARE * max(self._total, 1.0)
