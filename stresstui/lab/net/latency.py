"""Times in histograms: since the start, and over the last intervals."""

from collections.abc import Iterable, Iterator, Mapping

WINDOW = 10
"""Intervals (seconds, at the usual interval) over which the reported percentiles look back."""
_LONGEST = 3_600_000_000  # one hour in microseconds
_QUANTILES = {"p50": 50.0, "p99": 99.0, "p999": 99.9}
_EXACT_BITS = 8
_HALF_BITS = _EXACT_BITS - 1
_HALF = 1 << _HALF_BITS
_LAST = 64 << _HALF_BITS  # far beyond the bucket of an hour

Counts = dict[int, int]
"""How many durations fell into each bucket. The buckets are those of an HDR histogram of two digits: whole
microseconds up to 255, then 128 of equal width up to each power of two."""


class Latency:
    """Durations measured from the intended time, so that a stall shows instead of being hidden."""

    def __init__(self) -> None:
        self._past: Counts = {}
        # Reused for ever: new ones each second look like a leak.
        self._ring: list[Counts] = [{} for _ in range(WINDOW)]
        self._now = 0
        self._current = self._ring[0]

    def record(self, duration: float) -> None:
        """Add one duration, in seconds."""
        value = min(max(1, round(duration * 1e6)), _LONGEST)
        shift = value.bit_length() - _EXACT_BITS
        bucket = value if shift <= 0 else (shift << _HALF_BITS) + (value >> shift)
        self._current[bucket] = self._current.get(bucket, 0) + 1

    def add(self, counts: Mapping[int, int]) -> None:
        """Add what another one has recorded, to the present interval."""
        _add(self._current, counts)

    def turn(self) -> Counts:
        """Begin the next interval, the oldest one leaves the window; return what this one recorded."""
        over = dict(self._current)
        _add(self._past, over)
        self._now = (self._now + 1) % WINDOW
        self._current = self._ring[self._now]
        self._current.clear()
        return over

    @property
    def count(self) -> int:
        """Durations recorded since the start."""
        return sum(self._past.values()) + sum(self._current.values())

    @property
    def longest(self) -> float:
        """The longest duration since the start, seconds, as its bucket knows it; 0 without one."""
        return _upper_end(max((*self._past, *self._current), default=0)) / 1e6

    def percentile(self, percent: float) -> float:
        """Return a percentile since the start, seconds; 0 without data."""
        total = self.total()
        return next(_values(total, (percent,))) / 1e6 if total else 0.0

    def recent(self, name: str) -> dict[str, float]:
        """Return ``name_ms_p50``, ``_p99`` and ``_p999`` of the window in milliseconds; empty without data."""
        window: Counts = {}
        for part in self._ring:
            _add(window, part)
        return _percentiles(window, name)

    def summary(self, name: str) -> str:
        """Return one line for people: count and percentiles since the start, in milliseconds."""
        values = _percentiles(self.total(), name)
        if not values:
            return f"{name}: none"
        pairs = " ".join(f"{key.rsplit('_', 1)[1]}={value:.2f}" for key, value in values.items())
        return f"{name} ms: n={self.count} {pairs} max={self.longest * 1e3:.2f}"

    def total(self) -> Counts:
        """Return what was recorded since the start."""
        total = dict(self._past)
        _add(total, self._current)
        return total


def write_counts(several: Iterable[Latency]) -> str:
    """Return what all have recorded since the start, as ``BUCKET:COUNT,...``; empty without data."""
    merged: Counts = {}
    for one in several:
        _add(merged, one.total())
    return ",".join(f"{bucket}:{count}" for bucket, count in sorted(merged.items()))


def read_counts(text: str) -> Counts:
    """Read that again; raises ValueError for anything else."""
    try:
        found = {int(bucket): int(count) for bucket, _, count in (part.partition(":") for part in text.split(","))}
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no histogram") from None
    if min(found) < 0 or max(found) > _LAST or min(found.values()) < 0:
        raise ValueError(f"{text[:40]!r} is no histogram")
    return found


def _add(to: Counts, counts: Mapping[int, int]) -> None:
    for bucket, count in counts.items():
        to[bucket] = to.get(bucket, 0) + count


def _upper_end(bucket: int) -> int:
    """The longest duration that a bucket holds, microseconds."""
    shift = (bucket >> _HALF_BITS) - 1
    if shift <= 0:
        return bucket
    return (((bucket & (_HALF - 1)) + _HALF + 1) << shift) - 1


def _values(counts: Counts, percents: Iterable[float]) -> Iterator[int]:
    """Yield the durations (microseconds) that so many percent do not exceed, in ascending order of the percents."""
    total, passed = sum(counts.values()), 0
    left = iter(sorted(counts.items()))
    bucket = 0
    for percent in percents:
        while passed < max(1, int(percent * total / 100 + 0.5)):
            bucket, count = next(left)
            passed += count
        yield _upper_end(bucket)


def _percentiles(counts: Counts, name: str) -> dict[str, float]:
    if not counts:
        return {}
    values = _values(counts, _QUANTILES.values())
    return {f"{name}_ms_{label}": value / 1e3 for label, value in zip(_QUANTILES, values, strict=True)}
