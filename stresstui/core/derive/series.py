"""Series: a metric's bounded history. When full, neighbours merge and every bucket covers twice the time."""

import itertools
import math
from array import array
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


def _numbers() -> "array[float]":
    return array("d")


def _counts() -> "array[int]":
    return array("I")


class Series(msgspec.Struct):
    """The history of one metric in at most ``capacity`` buckets of equal width.

    The buckets are kept by columns: a run has a hundred histories, and as objects they took three times the memory of
    all else that a supervisor keeps.
    """

    width: float = 1.0
    """Seconds in a bucket; doubles when the series is full."""
    capacity: int = 1024
    """Buckets at most; an even number."""
    edge: float = -math.inf
    """End of the newest bucket, seconds since the run started."""
    newest: float | None = None
    """Newest value."""
    past: Bucket = msgspec.field(default_factory=lambda: Bucket(0.0))
    """All buckets but the newest, as one."""
    first: float = 0.0
    """``Bucket.start`` of the first; those behind it have no holes: an empty stretch is an empty bucket."""
    lows: "array[float]" = msgspec.field(default_factory=_numbers)
    """``Bucket.low`` of each."""
    totals: "array[float]" = msgspec.field(default_factory=_numbers)
    """``Bucket.total`` of each."""
    highs: "array[float]" = msgspec.field(default_factory=_numbers)
    """``Bucket.high`` of each."""
    counts: "array[int]" = msgspec.field(default_factory=_counts)
    """``Bucket.count`` of each."""

    def add(self, t: float, value: float) -> None:
        """Take in a value read at ``t`` seconds; times never decrease."""
        self.newest = value
        if self.edge <= t < self.edge + self.width:  # the next bucket, as nearly always: made with its value
            self._append(value, value, value, 1)
            return
        if t >= self.edge:
            self._reach(t)
        if value < self.lows[-1]:  # noqa: PLR1730 - a call of min() costs more than all the rest
            self.lows[-1] = value
        if value > self.highs[-1]:  # noqa: PLR1730 - the same
            self.highs[-1] = value
        self.totals[-1] += value
        self.counts[-1] += 1

    def _reach(self, t: float) -> None:
        """Append empty buckets up to the one that ``t`` falls into."""
        if not self.counts:
            self.first = (t // self.width) * self.width
            self._put(Bucket(self.first))
            self.edge = self.first + self.width
        while t >= self.edge:
            self._append(math.inf, 0.0, -math.inf, 0)

    def _append(self, low: float, total: float, high: float, count: int) -> None:
        past, last_low, last_high = self.past, self.lows[-1], self.highs[-1]
        # As Bucket.absorb: this is the hottest line of a fold, and a call costs as much as all of it.
        if last_low < past.low:  # noqa: PLR1730 - as above
            past.low = last_low
        if last_high > past.high:  # noqa: PLR1730 - as above
            past.high = last_high
        past.total += self.totals[-1]
        past.count += self.counts[-1]
        self.lows.append(low)
        self.totals.append(total)
        self.highs.append(high)
        self.counts.append(count)
        self.edge += self.width
        if len(self.counts) > self.capacity:
            self._merge()

    def _put(self, bucket: Bucket) -> None:
        self.lows.append(bucket.low)
        self.totals.append(bucket.total)
        self.highs.append(bucket.high)
        self.counts.append(bucket.count)

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
        self.width, self.first = wide, merged[0].start
        self.edge = merged[-1].start + wide
        self.past = Bucket(0.0)
        for bucket in merged[:-1]:
            self.past.absorb(bucket)
        for column in (self.lows, self.totals, self.highs, self.counts):
            del column[:]
        for bucket in merged:
            self._put(bucket)

    @staticmethod
    def of(buckets: list[Bucket], like: "Series") -> "Series":
        """Buckets that were made already, on another's axis of time; what is missing between two is empty."""
        first, newest = (buckets[0].start, buckets[-1].high) if buckets else (0.0, None)
        made = Series(width=like.width, edge=like.edge, newest=newest, first=first)
        for bucket in buckets:
            while (start := first + len(made.counts) * made.width) < bucket.start:
                made._put(Bucket(start))
            made._put(bucket)
        for bucket in buckets[:-1]:
            made.past.absorb(bucket)
        return made

    @property
    def buckets(self) -> list[Bucket]:
        """From the start of the series on; made for whoever asks, and not to be changed."""
        return self._from(0)

    def last(self, count: int) -> list[Bucket]:
        """The newest ``count`` buckets, oldest first."""
        return self._from(max(0, len(self.counts) - count))

    def since(self, start: float) -> list[Bucket]:
        """Buckets that reach beyond ``start`` seconds, oldest first, empty ones included."""
        return self._from(int(max(0.0, min(len(self.counts), (start - self.first) / self.width))))

    def between(self, start: float, end: float) -> Iterator[Bucket]:
        """Buckets that overlap the time from ``start`` to ``end`` seconds, empty ones included."""
        return (bucket for bucket in self.since(start) if bucket.start < end)

    def _from(self, place: int) -> list[Bucket]:
        starts = itertools.count(self.first + place * self.width, self.width)
        columns = (self.lows, self.totals, self.highs, self.counts)
        return list(map(Bucket, starts, *(column[place:] for column in columns)))


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
