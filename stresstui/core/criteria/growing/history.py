"""What is known of a metric's growth: over the soak, and in its idle valleys."""

import math
from typing import Final

import msgspec

from stresstui.core.criteria.growing.attribution import OF_PROCESSES
from stresstui.core.criteria.growing.idle import Valleys
from stresstui.core.growth import GrowthDetector, Judgement, Kind, Patience, State
from stresstui.core.model.metric import Metric

AT_REST_WORTH: Final = 1.25
"""What the idle valleys show is worth so many times what the whole soak shows, because no load is in it."""
_KINDS: Final = {"rss": Kind.RSS, "vsz": Kind.RSS, "fds": Kind.FDS, "throughput": Kind.THROUGHPUT}
_SOCKETS: Final = frozenset(("established", "close_wait", "listen", "udp_sockets", "time_wait"))


def kind_of(metric: Metric, comparison: str) -> Kind:
    """Which floors and which bad direction a metric's growth is judged with; a lower limit forbids falling."""
    falls = comparison.startswith(">") if comparison[:1] in {"<", ">"} else metric.falls
    known = Kind.SOCKETS if metric.name in _SOCKETS else _KINDS.get(metric.name)
    if known is not None and (known.sign < 0) is falls:
        return known
    if metric.unit == "bytes":
        return Kind.BYTES_DOWN if falls else Kind.BYTES_UP
    return Kind.GAUGE_DOWN if falls else Kind.GAUGE_UP


class Trend:
    """The growth of one metric over the soak, and in its idle valleys, where those tell it more finely."""

    def __init__(self, metric: Metric, comparison: str, patience: Patience | None = None) -> None:
        """Begin without data; ``comparison`` is that of the rule, ``patience`` what is known of the soak's length."""
        kind = kind_of(metric, comparison)
        self._patience = patience or Patience()
        self.detector = GrowthDetector(kind, patience, metric.unit)
        self.judgement: Judgement | None = None
        self.count = 0
        self.at_rest = 0
        """In how many idle valleys the judgement was found; 0 = in the whole soak."""
        self._began: float | None = None
        self._due = 0.0
        self._valleys = Valleys() if metric.name in OF_PROCESSES else None
        self._resting = GrowthDetector(kind, patience, metric.unit)
        self._rests = 0

    @property
    def rising(self) -> float | None:
        """Slope per hour of what grows, base units; None where nothing does."""
        found = self.judgement
        grows = found is not None and found.state in (State.GROWING, State.LEAKING)
        return found.slope_per_hour if found and grows and (found.slope_per_hour or 0.0) > 0 else None

    def observe(self, t: float, x: float, resting_since: float | None = None) -> None:
        """Take in a value at ``t`` seconds; the offered load may have been at rest since then."""
        self.count += 1
        self.detector.add(t, x)
        valley = self._valleys.observe(t, x, resting_since) if self._valleys else None
        if valley:
            self._rests += 1
            self._resting.add(*valley)

    def gap(self, t: float) -> None:
        """Nothing was observed until ``t`` seconds."""
        for detector in (self.detector, self._resting):
            detector.gap(t)

    def segment(self, t: float) -> None:
        """Other processes begin at ``t`` seconds."""
        for detector in (self.detector, self._resting):
            detector.segment(t)

    def evaluate(self, t: float) -> Judgement | None:
        """Evaluate when it is time, a minute after the last one or sooner at a start; None before."""
        if self._began is None:
            self._began, self._due = t, t + self._patience.every_s(0.0)
        if t < self._due:
            return None
        self._due = t + self._patience.every_s(t - self._began)
        return self.judge()

    def judge(self, *, over: bool = False) -> Judgement:
        """Judge now by the valleys where they would have shown about as little growth as the whole soak.

        ``over`` says that nothing follows.
        """
        whole, rest = self.detector.evaluate(over=over), self._resting.evaluate(over=over)
        finer = rest.state is not State.UNDECIDED and _shows(rest) < AT_REST_WORTH * _shows(whole)
        self.at_rest = self._rests if finer else 0
        self.judgement = msgspec.structs.replace(rest, reason=f"At rest: {rest.reason}") if finer else whole
        return self.judgement


def _shows(judgement: Judgement) -> float:
    least = judgement.resolvable_per_hour
    return math.inf if least is None else abs(least)
