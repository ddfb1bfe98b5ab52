"""Names by the rules of OpenMetrics: base units, in the name; ``_total`` for counters; no pid anywhere."""

import re
from typing import Final, NamedTuple

from stresstui.core.model.metric import Metric, MetricKind

PREFIX: Final = "stresstui_"
"""What every name begins with."""
_UNITS: Final = {
    "bytes": ("bytes", 1.0),
    "bytes/s": ("bytes_per_second", 1.0),
    "%": ("ratio", 0.01),
    "ms": ("seconds", 0.001),
    "s": ("seconds", 1.0),
    "count/s": ("per_second", 1.0),
}
"""Unit in the name and factor to it; a count has none."""
_WORDS: Final = frozenset(("bytes", "ms", "percent", "seconds", "ratio", "total"))
"""Words of a metric's own name that say its unit or kind, which has its place at the end."""
_FOREIGN: Final = re.compile(r"[^a-zA-Z0-9_]")


class Exposed(NamedTuple):
    """A metric as it is exposed."""

    name: str
    """Without ``_total``."""
    factor: float
    """What its values are multiplied with."""
    counter: bool
    """Whether it only grows."""

    @property
    def sample(self) -> str:
        """Name of its samples."""
        return f"{self.name}_total" if self.counter else self.name


def exposed(metric: Metric) -> Exposed:
    """Name, factor and kind of a metric."""
    unit, factor = _UNITS.get(metric.unit, ("", 1.0))
    counter = metric.kind is MetricKind.COUNTER
    kept = "_".join(word for word in _FOREIGN.sub("_", metric.name).split("_") if word and word not in _WORDS)
    parts = [part for part in (kept, unit) if part]
    return Exposed(PREFIX + "_".join(parts or ["value"]), factor, counter)
