"""Series: a metric's bounded history. When full, neighbours merge and every bucket covers twice the time."""

import math
from collections.abc import Iterator

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
        self.low = min(self.low, other.low)
        self.high = max(self.high, other.high)
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

    def add(self, t: float, value: float) -> None:
        """Take in a value read at ``t`` seconds; times never decrease."""
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
        """Append buckets, empty ones too, up to the one that ``t`` falls into."""
        if not self.buckets:
            self.edge = (t // self.width) * self.width
        while t >= self.edge:
            self.buckets.append(Bucket(self.edge))
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

    def last(self, count: int) -> list[Bucket]:
        """The newest ``count`` buckets, oldest first."""
        return self.buckets[-count:]

    def between(self, start: float, end: float) -> Iterator[Bucket]:
        """Buckets that overlap the time from ``start`` to ``end`` seconds, empty ones included."""
        return (b for b in self.buckets if b.start + self.width > start and b.start < end)


class Summary(msgspec.Struct):
    """What a metric was over the whole run: the numbers of result.json."""

    low: float = math.inf
    """Smallest value; infinite without one."""
    high: float = -math.inf
    """Largest value; minus infinite without one."""
    total: float = 0.0
    """Sum of the values."""
    last: float | None = None
    """Newest value."""
    samples: int = 0
    """Values read."""
    missing: int = 0
    """Values that were due and not read."""

    def add(self, value: float) -> None:
        """Take in a value."""
        if value < self.low:  # noqa: PLR1730 - a call of min() costs more than all the rest
            self.low = value
        if value > self.high:  # noqa: PLR1730 - the same
            self.high = value
        self.total += value
        self.last = value
        self.samples += 1

    @property
    def mean(self) -> float | None:
        """Mean of the values; None when there are none."""
        return self.total / self.samples if self.samples else None
