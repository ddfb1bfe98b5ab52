"""Pushes a run's metrics by OTLP over HTTP (OpenTelemetry), under the names of its conventions where there are some."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.metrics import CallbackOptions, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.metric import Metric, MetricKind, infer
from stresstui.core.run.fold import RunState
from stresstui.export.follow import follow

EVERY_S: Final = 10.0
"""Seconds between two pushes."""
ANSWER_S: Final = 10.0
"""Seconds that a receiver has to take one."""
PATH: Final = "/v1/metrics"
"""Where metrics are taken, below a receiver's base address (OTLP/HTTP)."""
_DOWN: Final = (Verdict.BREACHED, Verdict.FAILED)
_UNITS: Final = {"bytes": ("By", 1.0), "bytes/s": ("By/s", 1.0), "%": ("1", 0.01), "ms": ("s", 0.001), "s": ("s", 1.0)}
"""Units by UCUM, and the factor to each."""


class Named(NamedTuple):
    """A metric as it is pushed."""

    name: str
    unit: str
    """By UCUM."""
    factor: float
    """What its values are multiplied with."""


_CONVENTIONS: Final = {
    "rss": Named("process.memory.usage", "By", 1.0),
    "vsz": Named("process.memory.virtual", "By", 1.0),
    "fds": Named("process.unix.file_descriptor.count", "{file_descriptor}", 1.0),
    "threads": Named("process.thread.count", "{thread}", 1.0),
    "cpu": Named("process.cpu.utilization", "1", 0.01),
}
"""The semantic conventions' names for what they have; sums over the processes under test."""


def named(metric: Metric) -> Named:
    """Name, unit and factor of a metric: the conventions' where they have one, else our own."""
    known = _CONVENTIONS.get(metric.name)
    if known is not None:
        return known
    unit, factor = _UNITS.get(metric.unit, ("1", 1.0))
    return Named(f"stresstui.{metric.name.replace(' ', '_')}", unit, factor)


class Pushed:
    """A run as it is pushed: its newest state, and an instrument for each metric that was seen."""

    def __init__(self, meter: Meter) -> None:
        self.state = RunState()
        self._meter, self._known = meter, set[str]()
        meter.create_observable_gauge("stresstui.criterion.breached", [self._criteria], "1", "1 while it is breached")
        meter.create_observable_gauge("stresstui.run.live", [self._live], "1", "1 until the run has ended")

    def renew(self, state: RunState) -> None:
        """Take the newest state; what is seen for the first time gets its instrument."""
        self.state = state
        for name in [name for name in state.summaries if name not in self._known]:
            self._known.add(name)
            metric = state.scenario.metric(name) or infer(name)
            self._add(metric, named(metric))

    def _add(self, metric: Metric, shown: Named) -> None:
        create = self._meter.create_observable_gauge
        if metric.kind is MetricKind.COUNTER:
            create = self._meter.create_observable_counter  # type: ignore[assignment]  # of the same signature
        elif shown.name.endswith((".usage", ".virtual", ".count")):
            create = self._meter.create_observable_up_down_counter  # type: ignore[assignment]  # the same
        create(shown.name, [self._reader(metric.name, shown.factor)], shown.unit, metric.title)

    def _reader(self, name: str, factor: float) -> Callable[[CallbackOptions], Iterable[Observation]]:
        def read(_: CallbackOptions) -> Iterable[Observation]:
            last = self.state.summaries[name].last
            return [] if last is None else [Observation(last * factor, {"stresstui.role": "sut"})]

        return read

    def _criteria(self, _: CallbackOptions) -> Iterable[Observation]:
        for criterion in self.state.criteria:
            told = {"stresstui.criterion": criterion.spec.id, "stresstui.severity": criterion.spec.severity.value}
            yield Observation(int(criterion.verdict in _DOWN), told)

    def _live(self, _: CallbackOptions) -> Iterable[Observation]:
        yield Observation(int(not self.state.ended))


def push(run_dir: Path, address: str, every_s: float = EVERY_S) -> None:
    """Push a run until it has ended, and its end; what the receiver does not take is lost, and holds nothing up."""
    endpoint = address if address.rstrip("/").endswith(PATH) else address.rstrip("/") + PATH
    push_by(OTLPMetricExporter(endpoint=endpoint, timeout=ANSWER_S), run_dir, every_s)


def push_by(exporter: MetricExporter, run_dir: Path, every_s: float) -> None:
    """The same by any exporter."""
    reader = PeriodicExportingMetricReader(exporter, export_interval_millis=1000 * every_s)
    scenario = run_dir.name.rpartition("_")[0]
    about = {"service.name": "stresstui", "stresstui.run": run_dir.name, "stresstui.scenario": scenario}
    provider = MeterProvider([reader], Resource.create(about))
    pushed = Pushed(provider.get_meter("stresstui"))
    try:
        asyncio.run(follow(run_dir, pushed.renew))
    finally:
        provider.shutdown(timeout_millis=1000 * ANSWER_S)
