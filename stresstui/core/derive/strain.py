"""Whether the host was too busy with other things for times and rates of the run to say anything."""

from typing import Final

from stresstui.core.derive.reading import Reading
from stresstui.core.model.metric import Metric, MetricKind
from stresstui.core.model.sample import Sample, cpus_allowed

STRAIN_METRICS: Final = frozenset(
    (
        "cpu_pressure", "cpu_throttled", "io_pressure", "io_full_pressure", "memory_pressure", "memory_full_pressure",
        "steal",
    )
)  # fmt: skip
"""Metrics that tell of it; what they say does not depend on it."""
PRESSED: Final = 80.0
"""Percent of the time in which some task waited for a CPU, or for more of its quota, from which on it is busy ..."""
OWN_SHARE: Final = 0.7
"""... unless the run itself has that part of its CPUs: then what it meets is its own load."""
STOLEN: Final = 20.0
"""Percent of each CPU that other virtual machines take."""
MEMORY_STALLED: Final = 20.0
"""Percent of the time in which all tasks waited for memory."""
LOOK_BACK_S: Final = 10.0
"""Seconds that reported times speak of: the lab's percentiles are those of the last ten."""
TIMES: Final = ("ms", "s")
"""Units of times."""


STALL_S: Final = 3.0
"""Seconds without a due sample, or of a suspension, from which on what others waited for may have failed by it."""
_WORDS_OF_DELAY: Final = frozenset(("failures", "failed", "timeouts", "lost", "missed", "overflows"))


def counts_delays(metric: Metric) -> bool:
    """Whether a counter counts what may merely have taken too long: a connection, a round trip, a place in a queue."""
    words = metric.name.split("_")
    of_queue = metric.name == "udp_receive_errors_total"
    return metric.kind is MetricKind.COUNTER and (of_queue or not _WORDS_OF_DELAY.isdisjoint(words))


def is_stalled(before: Sample | None, sample: Sample) -> bool:
    """Whether the host, or at least this program, stood still for seconds between two samples."""
    if sample.suspended_s >= STALL_S:
        return True
    if before is None or not sample.missed:
        return False
    return (sample.t - before.t) * sample.missed / (sample.missed + 1) >= STALL_S


def lateness(last: Sample | None, t: float, interval: float) -> float:
    """For how many seconds what is heard at ``t`` may have waited to be heard: so long a look at the run is overdue."""
    return max(0.0, t - last.t - interval) if last is not None else 0.0


def tells_of_time(metric: Metric) -> bool:
    """Whether a metric's values depend on how fast the host is: times, rates, and the CPU that a run could get."""
    if metric.name in STRAIN_METRICS:
        return False
    return metric.kind is MetricKind.RATE or metric.unit.partition("/")[0] in TIMES


def is_left_out(metric: Metric) -> bool:
    """Whether what a saturated host bends is left out where runs are compared.

    Not the CPU: a run that needs more of it may itself be what saturates the host.
    """
    return tells_of_time(metric) and metric.unit != "%"


def is_strained(before: Sample | None, sample: Sample, reading: Reading) -> bool:
    """Whether the host kept the run from what it needs between two samples, as far as it can be told."""
    values = reading.values
    if sample.missed and not sample.suspended_s:
        return True  # not even this program got its turn in time
    if values.get("steal", 0.0) > STOLEN * sample.cpus or values.get("memory_full_pressure", 0.0) > MEMORY_STALLED:
        return True
    waited = max(values.get("cpu_pressure", 0.0), values.get("cpu_throttled", 0.0))
    if waited < PRESSED or before is None or sample.t <= before.t:
        return False
    return _cpu_of_run(before, sample) < OWN_SHARE * cpus_allowed(sample) * (sample.t - before.t)


def _cpu_of_run(before: Sample, sample: Sample) -> float:
    """CPU seconds that all processes of the run took, whatever their role."""
    then = {process.key: process.cpu_s or 0.0 for process in before.processes}
    return sum(max(0.0, (process.cpu_s or 0.0) - then.get(process.key, 0.0)) for process in sample.processes)
