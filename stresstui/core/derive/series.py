"""Series: a metric's bounded history. When full, neighbours merge and every bucket covers twice the time."""

import math
from bisect import bisect_right
from collections.abc import Iterator
from copy import copy

import msgspec


class Bucket(msgspec.Struct):
    """What a metric did in one stretch of time."""

    start: float
    """Seconds since the run started."""
    low: float = math.inf
    """Smallest value; infinite without one."""
    total: float = 0.0
    """Sum of the values."""
    high: float = -math.inf
    """Largest value; minus infinite without one."""
    count: int = 0
    """Values in it; 0 marks a stretch in which nothing was read."""

    @property
    def mean(self) -> float:
        """Mean of the values; the bucket must not be empty."""
        return self.total / self.count

    def absorb(self, other: "Bucket") -> None:
        """Take in the later neighbour."""
        if other.low < self.low:  # noqa: PLR1730 - a call of min() costs more than all the rest
            self.low = other.low
        if other.high > self.high:  # noqa: PLR1730 - the same
            self.high = other.high
        self.total += other.total
        self.count += other.count


class Series(msgspec.Struct):
    """The history of one metric in at most ``capacity`` buckets of equal width."""

    width: float = 1.0
    """Seconds in a bucket; doubles when the series is full."""
    capacity: int = 1024
    """Buckets at most; an even number."""
    buckets: list[Bucket] = []
    """From the start of the series on, without holes: an empty stretch is an empty bucket."""
    edge: float = -math.inf
    """End of the newest bucket, seconds since the run started."""
    newest: float | None = None
    """Newest value."""
    past: Bucket = msgspec.field(default_factory=lambda: Bucket(0.0))
    """All buckets but the newest, as one."""

    def add(self, t: float, value: float) -> None:
        """Take in a value read at ``t`` seconds; times never decrease."""
        self.newest = value
        if self.edge <= t < self.edge + self.width:  # the next bucket, as nearly always: made with its value
            self._append(Bucket(self.edge, value, value, value, 1))
            return
        if t >= self.edge:
            self._reach(t)
        bucket = self.buckets[-1]
        if value < bucket.low:  # noqa: PLR1730 - a call of min() costs more than all the rest
            bucket.low = value
        if value > bucket.high:  # noqa: PLR1730 - the same
            bucket.high = value
        bucket.total += value
        bucket.count += 1

    def _reach(self, t: float) -> None:
        """Append empty buckets up to the one that ``t`` falls into."""
        if not self.buckets:
            start = (t // self.width) * self.width
            self.buckets.append(Bucket(start))
            self.edge = start + self.width
        while t >= self.edge:
            self._append(Bucket(self.edge))

    def _append(self, bucket: Bucket) -> None:
        past, last = self.past, self.buckets[-1]
        # As Bucket.absorb: this is the hottest line of a fold, and a call costs as much as all of it.
        if last.low < past.low:  # noqa: PLR1730 - as above
            past.low = last.low
        if last.high > past.high:  # noqa: PLR1730 - as above
            past.high = last.high
        past.total += last.total
        past.count += last.count
        self.buckets.append(bucket)
        self.edge += self.width
        if len(self.buckets) > self.capacity:
            self._merge()

    def _merge(self) -> None:
        """Double the width; bucket borders stay multiples of it."""
        wide = self.width * 2
        merged: list[Bucket] = []
        for bucket in self.buckets:
            start = (bucket.start // wide) * wide
            if merged and merged[-1].start == start:
                merged[-1].absorb(bucket)
            else:
                merged.append(Bucket(start, bucket.low, bucket.total, bucket.high, bucket.count))
        self.buckets[:] = merged
        self.width = wide
        self.edge = merged[-1].start + wide
        self.past = Bucket(0.0)
        for bucket in merged[:-1]:
            self.past.absorb(bucket)

    def last(self, count: int) -> list[Bucket]:
        """The newest ``count`` buckets, oldest first."""
        return self.buckets[-count:]

    def since(self, start: float) -> list[Bucket]:
        """Buckets that reach beyond ``start`` seconds, oldest first, empty ones included."""
        first = bisect_right(self.buckets, start - self.width, key=_start)
        return self.buckets[first:]

    def between(self, start: float, end: float) -> Iterator[Bucket]:
        """Buckets that overlap the time from ``start`` to ``end`` seconds, empty ones included."""
        return (b for b in self.buckets if b.start + self.width > start and b.start < end)


def _start(bucket: Bucket) -> float:
    return bucket.start


class Summary(msgspec.Struct):
    """What a metric was over the whole run: the numbers of result.json, out of its series."""

    series: Series
    """Where the values are."""
    missing: int = 0
    """Values that were due and not read."""

    @property
    def whole(self) -> Bucket:
        """The whole run as one bucket."""
        found = copy(self.series.past)
        for bucket in self.series.last(1):
            found.absorb(bucket)
        return found

    @property
    def low(self) -> float:
        """Smallest value; infinite without one."""
        return self.whole.low

    @property
    def high(self) -> float:
        """Largest value; minus infinite without one."""
        return self.whole.high

    @property
    def samples(self) -> int:
        """Values read."""
        return self.whole.count

    @property
    def last(self) -> float | None:
        """Newest value; None without one."""
        return self.series.newest

    @property
    def mean(self) -> float | None:
        """Mean of the values; None without one."""
        return self.whole.mean if self.samples else None
