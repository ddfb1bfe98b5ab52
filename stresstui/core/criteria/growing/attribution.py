"""Whose growth is it? A process's, which is then named; or the offered load's, and then it is no leak."""

import math
from collections.abc import Iterable
from operator import attrgetter
from typing import Final, NamedTuple

import msgspec

from stresstui.core.criteria.aggregates import slope
from stresstui.core.criteria.growing.idle import OFFERED_LOAD, OfferedLoad
from stresstui.core.derive.series import Bucket, Series
from stresstui.core.model.sample import ProcessSample
from stresstui.core.model.units import signed

_FIELDS: Final = {
    "rss": "rss", "vsz": "vsz", "fds": "fds", "threads": "threads", "established": "established",
    "close_wait": "close_wait", "udp_sockets": "udp",
}  # fmt: skip
OF_PROCESSES: Final = frozenset(_FIELDS)
"""Metrics that are sums over processes, and begin anew with a restart."""
_PROCESSES_KEPT: Final = 256
_POINTS_NEEDED: Final = 12
_SHARE_NAMED: Final = 0.2
"""Part of all growth from which on a process is named."""
_T_95: Final = 2.0
_RESTART_AFTER: Final = 30.0
"""Seconds that a process has to have lived for its end and its namesake's begin to be a restart."""
_HOUR: Final = 3600.0


class Culprit(msgspec.Struct, frozen=True):
    """A process that grows."""

    name: str
    pid: int
    per_hour: float
    """Its slope, the metric's base unit per hour."""


class _Life(msgspec.Struct):
    """One process as far as it was followed."""

    name: str
    pid: int
    began: float
    """When it was first seen, seconds since the run started."""
    histories: tuple[Series, ...]


class Attribution:
    """Follows the growth of each process of the system under test, for the metrics whose growth is judged."""

    def __init__(self, metrics: Iterable[str]) -> None:
        self._metrics = tuple(sorted(set(metrics) & set(_FIELDS)))
        # With a single field attrgetter gives a bare value: the pid, asked twice, makes it a tuple at all times.
        self._read = attrgetter("pid", "pid", *(_FIELDS[name] for name in self._metrics))
        self._lives: dict[tuple[int, float], _Life] = {}
        self._present: set[tuple[int, float]] = set()

    def observe(self, t: float, processes: list[ProcessSample], *, same: bool = False) -> list[str]:
        """Take in the processes under test at ``t`` seconds; return the names of those that were restarted.

        ``same`` says that nobody has come or gone since it was called before.
        """
        if not self._metrics:
            return []
        restarted: list[str] = []
        if not (same and self._present):
            present = {(process.pid, process.started) for process in processes}
            restarted = [] if present == self._present else self._restarted(t, present, processes)
            self._present = present
        self._record(t, processes)
        return restarted

    def _restarted(self, t: float, present: set[tuple[int, float]], processes: list[ProcessSample]) -> list[str]:
        """Find the names that both went, after some life, and came: workers that come and go are no restart."""
        gone = {
            life.name
            for key in self._present - present
            if (life := self._lives.get(key)) is not None and t - life.began >= _RESTART_AFTER
        }
        new = {process.name for process in processes if (process.pid, process.started) not in self._present}
        return sorted(gone & new)

    def _record(self, t: float, processes: list[ProcessSample]) -> None:
        if len(processes) > _PROCESSES_KEPT:
            self._lives.clear()  # to follow a part of them would name the wrong one
            return
        for process in processes:
            key = (process.pid, process.started)
            life = self._lives.get(key)
            if life is None:
                life = self._begin(t, key, process)
            for history, value in zip(life.histories, self._read(process)[2:], strict=True):
                if value is not None:
                    history.add(t, value)

    def _begin(self, t: float, key: tuple[int, float], process: ProcessSample) -> _Life:
        if len(self._lives) >= _PROCESSES_KEPT:
            del self._lives[next(iter(self._lives))]
        histories = tuple(Series(width=4.0, capacity=64) for _ in self._metrics)
        life = self._lives[key] = _Life(process.name, process.pid, t, histories)
        return life

    def histories(self, metric: str) -> list[tuple[str, int, Series]]:
        """Name, pid and history of each process that lives; empty where the metric's growth is not judged."""
        if metric not in self._metrics:
            return []
        index = self._metrics.index(metric)
        lives = (self._lives[key] for key in self._present if key in self._lives)
        return [(life.name, life.pid, life.histories[index]) for life in lives]

    def culprits(self, metric: str) -> list[Culprit]:
        """Name the processes behind the growth of a metric, the fastest first; empty where none can be told."""
        if metric not in self._metrics:
            return []
        index = self._metrics.index(metric)
        slopes = [(life, slope_of(life.histories[index].buckets)) for life in self._lives.values()]
        growing = [Culprit(life.name, life.pid, slope * _HOUR) for life, slope in slopes if slope > 0]
        least = _SHARE_NAMED * sum(culprit.per_hour for culprit in growing)
        return sorted((c for c in growing if c.per_hour >= least), key=lambda c: -c.per_hour)


def slope_of(buckets: list[Bucket]) -> float:
    """Slope of the bucket means by least squares, per second; 0 where there are too few."""
    points = [(bucket.start, bucket.mean) for bucket in buckets if bucket.count]
    if len(points) < _POINTS_NEEDED:
        return 0.0
    return slope(*zip(*points, strict=True)) or 0.0


class Partial(NamedTuple):
    """A trend beside the load, by least squares of the metric on time and load together."""

    slope: float
    """Growth that the load does not explain, per second."""
    error: float
    """Its standard error, per second."""
    per_load: float
    """Growth per unit of load."""

    @property
    def low(self) -> float:
        """Lower end of its 95 % confidence interval, per second."""
        return self.slope - _T_95 * self.error

    @property
    def high(self) -> float:
        """Upper end of the same, per second."""
        return self.slope + _T_95 * self.error


def partial_trend(metric: Series, load: Series, begin: float) -> Partial | None:
    """Part a metric's growth since ``begin`` seconds between time and load; None where the two cannot be told apart."""
    rows = _paired(metric, load, begin)
    if len(rows) < _POINTS_NEEDED:
        return None
    count = len(rows)
    t0, l0, x0 = (math.fsum(row[i] for row in rows) / count for i in range(3))
    centred = [(t - t0, w - l0, x - x0) for t, w, x in rows]
    tt, ll, tl, tx, lx = (
        math.fsum(row[i] * row[j] for row in centred) for i, j in ((0, 0), (1, 1), (0, 1), (0, 2), (1, 2))
    )
    free = tt * ll - tl * tl
    if ll <= 0 or free <= 1e-6 * tt * ll:
        return None
    slope, per_load = (tx * ll - lx * tl) / free, (lx * tt - tx * tl) / free
    left = math.fsum((x - slope * t - per_load * w) ** 2 for t, w, x in centred)
    return Partial(slope, math.sqrt(left / (count - 3) * ll / free), per_load)


def _paired(metric: Series, load: Series, begin: float) -> list[tuple[float, float, float]]:
    """Pair the means of both over the wider buckets of the two: (seconds, load, metric)."""
    width = max(metric.width, load.width)
    loads, values = _means(load, width, begin), _means(metric, width, begin)
    return [(start, loads[start], value) for start, value in values.items() if start in loads]


def _means(series: Series, width: float, begin: float) -> dict[float, float]:
    sums: dict[float, tuple[float, int]] = {}
    for bucket in series.buckets:
        if bucket.count and bucket.start >= begin:
            start = bucket.start // width * width
            total, count = sums.get(start, (0.0, 0))
            sums[start] = (total + bucket.total, count + bucket.count)
    return {start: total / count for start, (total, count) in sums.items()}


class Background:
    """What the trend of a metric is held against: the processes behind it, and the load beside it."""

    def __init__(self, series: dict[str, Series], metrics: Iterable[str]) -> None:
        self.attribution = Attribution(metrics)
        self.load = OfferedLoad()
        self._series = series
        self._soak_began = 0.0

    def begin(self, t: float) -> None:
        """The soak begins; what the load did before does not count."""
        self._soak_began = t

    def beside_the_load(self, metric: str) -> Partial | None:
        """Part the metric's growth from that of the offered load; None where none is reported, or it stands still."""
        history = self._series.get(metric)
        for name in OFFERED_LOAD:
            load = self._series.get(name)
            if history is not None and load is not None:
                return partial_trend(history, load, self._soak_began)
        return None

    def name_culprits(self, metric: str, unit: float, shown: str) -> str:
        """Name the growing processes with their slopes, ``unit`` base units per second to the ``shown`` one."""
        found = self.attribution.culprits(metric)[:_NAMED]
        told = ((c, c.per_hour / _HOUR / unit) for c in found)
        gap = "" if shown.startswith("/") else " "
        return ", ".join(f"{c.name} (pid {c.pid}) {signed(per)}{gap}{shown}".rstrip() for c, per in told)


_NAMED: Final = 3
