"""What is exposed of a run: every metric that has a value, each criterion, the run itself and what watching costs."""

from collections.abc import Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, StateSetMetricFamily
from prometheus_client.registry import Collector

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.metric import infer
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.sample import ProcessSample, Role
from stresstui.core.run.fold import RunState
from stresstui.export.naming import PREFIX, exposed

Family = CounterMetricFamily | GaugeMetricFamily | InfoMetricFamily | StateSetMetricFamily
LABELS: Final = ("run", "scenario")
"""Labels of everything."""
_DOWN: Final = (Verdict.BREACHED, Verdict.FAILED)
_BY_ROLE: Final = (
    ("rss", "rss_bytes", "Resident set"),
    ("fds", "fds", "File descriptors"),
    ("threads", "threads", "Threads"),
)


def families_of(state: RunState) -> Iterator[Family]:
    """Everything that is exposed of a run as it is now."""
    who = [state.started.run if state.started else "", state.scenario.name]
    yield from _metrics(state, who)
    yield from _roles(state, who)
    yield from _criteria(state, who)
    yield from _run(state, who)


def _metrics(state: RunState, who: list[str]) -> Iterator[Family]:
    taken = {f"{PREFIX}{name}" for _, name, _ in _BY_ROLE}  # these come by role
    for name, summary in sorted(state.summaries.items()):
        metric = state.scenario.metric(name) or infer(name)
        shown = exposed(metric)
        if shown.name in taken or summary.last is None:
            continue
        taken.add(shown.name)
        kind = CounterMetricFamily if shown.counter else GaugeMetricFamily
        family = kind(shown.name, f"{metric.title} ({name})", labels=LABELS)
        family.add_metric(who, summary.last * shown.factor)
        yield family


def _roles(state: RunState, who: list[str]) -> Iterator[Family]:
    processes = state.sample.processes if state.sample and not state.ended else ()
    for field, name, title in _BY_ROLE:
        family = GaugeMetricFamily(f"{PREFIX}{name}", f"{title}, sum of a role's processes", labels=(*LABELS, "role"))
        for role in Role:
            total = _sum([process for process in processes if process.role is role], field)
            if total is not None:
                family.add_metric([*who, role.value], total)
        yield family


def _sum(processes: list[ProcessSample], field: str) -> float | None:
    """The sum over processes; None where there is none, or where any could not be read."""
    values = [getattr(process, field) for process in processes]
    return None if not values or None in values else float(sum(values))


def _criteria(state: RunState, who: list[str]) -> Iterator[Family]:
    labels = (*LABELS, "criterion", "severity")
    breached = GaugeMetricFamily(
        f"{PREFIX}criterion_breached", "1 while a criterion is breached, or failed", labels=labels
    )
    value = GaugeMetricFamily(
        f"{PREFIX}criterion_value", "What a criterion measures, in its rule's unit", labels=labels
    )
    limit = GaugeMetricFamily(f"{PREFIX}criterion_limit", "Its limit, in its rule's unit", labels=labels)
    for criterion in state.criteria:
        mine = [*who, criterion.spec.id, criterion.spec.severity.value]
        breached.add_metric(mine, float(_is_down(criterion)))
        for family, number in ((value, criterion.in_shown_unit(criterion.value)), (limit, criterion.limit)):
            if number is not None:
                family.add_metric(mine, number)
    yield from (breached, value, limit)


def _is_down(criterion: CriterionState) -> bool:
    return criterion.verdict in _DOWN


def _run(state: RunState, who: list[str]) -> Iterator[Family]:
    info = InfoMetricFamily(f"{PREFIX}run", "How it is run", labels=LABELS)
    started = state.started
    info.add_metric(who, {"runner": started.runner if started else "", "started": started.wall if started else ""})
    yield info
    phase = StateSetMetricFamily(f"{PREFIX}run_outcome", "What it came to; none while it is on", labels=LABELS)
    phase.add_metric(who, {outcome.value: state.outcome is outcome for outcome in Outcome})
    yield phase
    numbers = (
        ("run_live", "1 until the run has ended", float(not state.ended)),
        ("run_under_load_seconds", "Warm-up and soak so far", state.under_load),
        ("run_doubts", "Why no pass of it can be trusted", float(len(state.doubts))),
        ("monitor_rss_bytes", "Largest resident set of the supervisor", float(state.monitor_rss_max)),
        ("monitor_cpu_ratio", "Mean CPU of the supervisor, of one core", (state.monitor_cpu_percent or 0.0) / 100),
    )
    for name, title, number in numbers:
        family = GaugeMetricFamily(f"{PREFIX}{name}", title, labels=LABELS)
        family.add_metric(who, number)
        yield family
    for name, title, number in (("samples", "Samples read", state.samples), ("samples_missed", "Missed", state.missed)):
        counter = CounterMetricFamily(f"{PREFIX}{name}", title, labels=LABELS)
        counter.add_metric(who, number)
        yield counter


class RunCollector(Collector):
    """Gives what is exposed of the run as it is when somebody asks."""

    def __init__(self) -> None:
        self.families: list[Family] = []
        """As of the newest look; replaced as a whole, so that no reader sees half of it."""

    def renew(self, state: RunState) -> None:
        """Put out what is known of the run now."""
        self.families = list(families_of(state))

    def collect(self) -> Iterator[Family]:
        """For the registry."""
        yield from self.families
