"""Kinds of metric: which way is bad, and how much is worth a word."""

from enum import StrEnum

MB = 1e6


class Kind(StrEnum):
    """What is watched; it decides the bad direction and the practical floor."""

    RSS = "rss"
    """Resident memory, bytes; growing is bad."""
    FDS = "fds"
    """Open descriptors; growing is bad."""
    SOCKETS = "sockets"
    """Open sockets; growing is bad."""
    THROUGHPUT = "throughput"
    """Bytes (or anything) per second; falling is bad."""
    BYTES_UP = "bytes_up"
    """Any other quantity of bytes of which growth is bad."""
    BYTES_DOWN = "bytes_down"
    """A quantity of bytes of which a fall is bad: memory that is free."""
    GAUGE_UP = "gauge_up"
    """Any other quantity of which growth is bad."""
    GAUGE_DOWN = "gauge_down"
    """Any other quantity of which a fall is bad."""

    @property
    def sign(self) -> int:
        """1 where growing is bad, -1 where falling is."""
        return -1 if self in {Kind.THROUGHPUT, Kind.GAUGE_DOWN, Kind.BYTES_DOWN} else 1

    @property
    def floors(self) -> float:
        """How many times the floor a change has to be before it is called while the run goes on."""
        return 2.0 if self is Kind.THROUGHPUT else 1.0

    @property
    def settling(self) -> float:
        """By which part of its level a change in the first hour may still be the end of a start."""
        return 0.0075 if self in {Kind.RSS, Kind.BYTES_UP} else 0.0

    @property
    def ruin(self) -> float:
        """How much growth, in the metric's unit, is worth an alarm in the first minutes of a long run."""
        match self:
            case Kind.RSS:
                return 1000 * MB
            case Kind.FDS | Kind.SOCKETS:
                return 4000.0
            case _:
                return 0.0

    def floor(self, level: float) -> float:
        """Return the smallest change of a metric at `level` that matters in practice."""
        match self:
            case Kind.RSS:
                return max(MB, 0.005 * abs(level))
            case Kind.BYTES_UP | Kind.BYTES_DOWN:  # of a box's free memory 3 % is as much as many a program
                return min(max(MB, 0.005 * abs(level)), 0.03 * abs(level))
            case Kind.FDS | Kind.SOCKETS:
                return 4.0
            case _:
                return 0.03 * abs(level)
