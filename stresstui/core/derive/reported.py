"""What the workload reports of itself, and which numbers of a reading its own counts replace."""

from typing import Final

import msgspec

from stresstui.core.derive.reading import HOST_COUNTERS, Reading
from stresstui.core.derive.writers import Writers
from stresstui.core.model.metric import MetricKind
from stresstui.core.model.scenario import RunnerKind, Scenario

STALE_AFTER: Final = 10.0
"""Seconds without a report after which a reported rate is unknown rather than what it last was."""


class WorkloadReport(msgspec.Struct):
    """The reported numbers so far."""

    runner: str = ""
    """Runner of the run."""
    state: str = ""
    """``starting``, ``ready``, ``loading``, ``idle``, ``stopped`` or ``failed``; empty where it never says."""
    detail: str = ""
    """Its own words to the state."""
    ending: bool = False
    """Whether that was said while the run was being ended."""
    raw: dict[str, float] = {}
    """Newest reported value by name."""
    totals: dict[str, float] = {}
    """Counters, accumulated over resets."""
    writers: dict[str, Writers] = {}
    """Of counters that have fallen, what their lines tell of who prints them."""
    mixed: list[str] = []
    """Counters that several print at once, in the order in which that was seen."""
    gauges: set[str] = set()
    """Names that are not counters."""
    origins: dict[str, float] = {}
    """The kernel's counters when the load began."""
    times: dict[str, str] = {}
    """Histograms that it has told, the newest of each name, as text."""
    reported_t: float | None = None
    """When it last reported, seconds."""
    byte_rate: float | None = None
    """Verified bytes per second between the two newest reports."""

    @property
    def counts_bytes(self) -> bool:
        """True where the workload verifies its own bytes."""
        return "bytes_total" in self.totals

    @property
    def is_idle(self) -> bool:
        """True while it moves nothing by plan: idle, or in a valley between two waves of load."""
        return self.state == "idle" or self.raw.get("load_on") == 0

    @property
    def counts_connections(self) -> bool:
        """True where the workload counts its own connections."""
        return "connections_total" in self.totals

    def report(self, t: float, values: dict[str, float], scenario: Scenario) -> dict[str, float]:
        """Take in a report; return it with its counters accumulated."""
        counted: dict[str, float] = {}
        bytes_before = self.totals.get("bytes_total")
        for name, value in values.items():
            if name not in self.raw:
                self._meet(name, scenario)
            counted[name] = value if name in self.gauges else self._accumulate(name, value)
            self.raw[name] = value
        if "bytes_total" in values:
            self._derive_byte_rate(t, bytes_before)
        return counted

    def _meet(self, name: str, scenario: Scenario) -> None:
        metric = scenario.metric(name)
        if not (metric.kind is MetricKind.COUNTER if metric else name.endswith("_total")):
            self.gauges.add(name)

    def _accumulate(self, name: str, value: float) -> float:
        """Add the growth since the last report; a counter that fell has begun again from 0."""
        last = self.raw.get(name, 0.0)
        if value < last or name in self.writers:
            self._tell_writers(name, last, value)
        self.totals[name] = self.totals.get(name, 0.0) + (value - last if value >= last else value)
        return self.totals[name]

    def _tell_writers(self, name: str, last: float, value: float) -> None:
        writers = self.writers.setdefault(name, Writers([last]))
        writers.take(last, value)
        if writers.several and name not in self.mixed:
            self.mixed.append(name)

    def _derive_byte_rate(self, t: float, before: float | None) -> None:
        if before is not None and self.reported_t is not None and t > self.reported_t:
            self.byte_rate = (self.totals["bytes_total"] - before) / (t - self.reported_t)
        self.reported_t = t

    def complete(self, reading: Reading, *, building: bool) -> Reading:
        """Put the workload's own counts in the place of the kernel's, which count from the end of the build on."""
        values = reading.values
        origins = self.origins
        for name in HOST_COUNTERS:
            if name in values:
                if building or name not in origins:
                    origins[name] = values[name]
                values[name] -= origins[name]
        self._replace_attempts(values)
        if self.counts_bytes:
            values.pop("throughput", None)
            if self.byte_rate is not None and reading.t - (self.reported_t or 0.0) <= STALE_AFTER:
                values["throughput"] = self.byte_rate
            reading.certainty.pop("throughput", None)
        return reading

    def _replace_attempts(self, values: dict[str, float]) -> None:
        """Prefer its own connections: the kernel's count takes in every program of the host."""
        if self.runner == RunnerKind.LAB or self.counts_connections:
            values.pop("attempts_total", None)
            values.pop("attempt_failures_total", None)
        if self.counts_connections:
            failures = self.totals.get("connection_failures_total", 0.0)
            values["attempts_total"] = self.totals["connections_total"] + failures
            values["attempt_failures_total"] = failures
