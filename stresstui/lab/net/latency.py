"""Times in HDR histograms: since the start, and over the last intervals."""

from hdrh.histogram import HdrHistogram

WINDOW = 10
"""Intervals (seconds, at the usual interval) over which the reported percentiles look back."""
_MICROSECOND = 1e-6
_LONGEST = 3_600_000_000  # one hour in microseconds
_QUANTILES = {"p50": 50.0, "p99": 99.0, "p999": 99.9}


class Latency:
    """Durations measured from the intended time, so that a stall shows instead of being hidden."""

    def __init__(self) -> None:
        self.total = _histogram()
        # Reused for ever: a histogram is a reference cycle, and new ones each second look like a leak.
        self._ring = [_histogram() for _ in range(WINDOW)]
        self._window = _histogram()
        self._now = 0

    def record(self, duration: float) -> None:
        """Add one duration, in seconds."""
        value = min(max(1, round(duration / _MICROSECOND)), _LONGEST)
        self.total.record_value(value)
        self._ring[self._now].record_value(value)

    def turn(self) -> None:
        """Begin the next interval; the oldest one leaves the window."""
        self._now = (self._now + 1) % WINDOW
        if self._ring[self._now].get_total_count():
            self._ring[self._now].reset()

    def recent(self, name: str) -> dict[str, float]:
        """Return ``name_ms_p50``, ``_p99`` and ``_p999`` of the window in milliseconds; empty without data."""
        self._window.reset()
        for part in self._ring:
            if part.get_total_count():
                self._window.add(part)
        return _percentiles(self._window, name)

    def summary(self, name: str) -> str:
        """Return one line for people: count and percentiles since the start, in milliseconds."""
        count = self.total.get_total_count()
        values = _percentiles(self.total, name)
        if not values:
            return f"{name}: none"
        pairs = " ".join(f"{key.rsplit('_', 1)[1]}={value:.2f}" for key, value in values.items())
        return f"{name} ms: n={count} {pairs} max={self.total.get_max_value() * _MICROSECOND * 1e3:.2f}"


def _histogram() -> HdrHistogram:
    return HdrHistogram(1, _LONGEST, 2)


def _percentiles(histogram: HdrHistogram, name: str) -> dict[str, float]:
    if not histogram.get_total_count():
        return {}
    found = histogram.get_percentile_to_value_dict(list(_QUANTILES.values()))
    return {f"{name}_ms_{label}": found[at] * _MICROSECOND * 1e3 for label, at in _QUANTILES.items()}
