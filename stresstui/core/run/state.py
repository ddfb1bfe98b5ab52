"""RunState: everything known about a run so far. ``core.run`` moves it, everybody else reads it."""

from collections import deque
from typing import Final

import msgspec

from stresstui.core.criteria.base import Judge
from stresstui.core.criteria.growing.attribution import Background
from stresstui.core.criteria.growing.per_work import PerWorkJudge
from stresstui.core.criteria.growing.trend import TrendJudge
from stresstui.core.criteria.state import CriterionState
from stresstui.core.derive.child import Facts
from stresstui.core.derive.group import Group, watched
from stresstui.core.derive.held import Held
from stresstui.core.derive.processes import ProcessTable
from stresstui.core.derive.reading import Reading
from stresstui.core.derive.reported import WorkloadReport
from stresstui.core.derive.series import Series, Summary
from stresstui.core.growth import Patience
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.sample import ProcessSample, Sample
from stresstui.core.model.scenario import Scenario
from stresstui.core.model.timeline import LogEntry
from stresstui.core.run.burdens import Burdens
from stresstui.core.run.failures import failed_facts
from stresstui.core.run.progress import Progress
from stresstui.core.run.standing import Standing, standing_of

# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_WARM_UP: Final = Phase.WARM_UP
_COOL_DOWN: Final = Phase.COOL_DOWN
_ENDED: Final = Phase.ENDED
_HOUR: Final = 3600.0
DOUBTS_KEPT: Final = 20
BASELINE_READINGS: Final = 30
"""Readings at the end of warm-up that the baseline is the mean of, at most."""


class RunState(msgspec.Struct):
    """Everything known about a run so far."""

    t: float = 0.0
    """Time of the newest event, seconds since the run started."""
    started: ev.Started | None = None
    """How the run began; None before its first event."""
    scenario: Scenario = Scenario(name="")
    """What is run."""
    phase: Phase = Phase.BUILD
    """The phase it is in."""
    phase_began: dict[Phase, float] = {}
    """When each phase began, seconds."""
    sample: Sample | None = None
    """The newest sample."""
    group: Group = msgspec.field(default_factory=Group)
    """What its processes add up to."""
    reading: Reading = Reading(0.0, {})
    """The newest reading, completed with what the workload reports."""
    series: dict[str, Series] = {}
    """History by metric."""
    summaries: dict[str, Summary] = {}
    """Minimum, mean, maximum, last by metric, over the whole run."""
    baseline: dict[str, float] = {}
    """Values at the end of warm-up."""
    idle: dict[str, float] = {}
    """Values while the workload was ready and not yet loading; empty where it never said so."""
    judges: list[Judge] = []
    """What judges each criterion, in the scenario's order."""
    observers: list[Judge] = []
    """Those of them that ask for every sample."""
    per_work: list[PerWorkJudge] = []
    """Those of them that measure by work."""
    routes: dict[str, list[Judge]] = {}
    """The same by the metric that they read."""
    workload: WorkloadReport = msgspec.field(default_factory=WorkloadReport)
    """What the workload reports of itself."""
    facts: Facts = msgspec.field(default_factory=Facts)
    """What happened to the child."""
    background: Background = msgspec.field(default_factory=lambda: Background({}, ()))
    """What trends are held against."""
    progress: Progress = msgspec.field(default_factory=Progress)
    """Whether anything moves."""
    entries: deque[LogEntry] = msgspec.field(default_factory=lambda: deque(maxlen=500))
    """The event list for people, oldest first."""
    oom_kills: int | None = None
    """Kills for want of memory that the run's control group has counted; None where it has none."""
    stalled: bool = False
    """True where the host stood still before the newest sample."""
    stopped: dict[tuple[int, float], float] = {}
    """Since when processes under test are stopped by a signal, seconds; by pid and start."""
    quota_told: bool = False
    """Whether it was told that the run has used up its CPU quota."""
    strained: bool = False
    """Whether the host was too busy, at the newest sample, for times and rates of the run to say anything."""
    strain: Series = msgspec.field(default_factory=Series)
    """The same at every sample, 1 or 0: which seconds of the run say little of times and rates."""
    burdens: Burdens = msgspec.field(default_factory=Burdens)
    """Who looks into its processes just now."""
    processes: ProcessTable = msgspec.field(default_factory=ProcessTable)
    """Each process that was under test, from its first to its last sample."""
    held: Held = msgspec.field(default_factory=Held)
    """What the system under test holds open, by kind and by peer."""
    names_refused: bool = False
    """Whether there were more names of metrics than are followed."""
    mixed_told: int = 0
    """Of how many counters it was said that several print them."""
    recent: deque[Reading] = msgspec.field(default_factory=lambda: deque(maxlen=BASELINE_READINGS))
    """The newest readings."""
    collected: set[str] = set()
    """Names that samples have had a value for so far."""
    cpus: int = 0
    """CPUs that its processes might use, as of the newest sample of the soak that has some; 0 before."""
    samples: int = 0
    """Samples read."""
    missed: int = 0
    """Samples that were due and not read."""
    monitor_rss_max: int = 0
    """Largest resident set of the supervisor, bytes."""
    monitor_cpu: tuple[float, float] | None = None
    """First instant and CPU seconds of the supervisor."""
    left_open: ev.Captured | None = None
    """Descriptors that were open at the end of cool-down and not before the load."""
    notes: int = 0
    """Notes that were written."""
    too_short: str = ""
    """Why this run cannot pass in the time that it was given, and in which it could; empty where it may."""
    past: tuple[tuple[float, Facts], ...] = ()
    """What had happened to the child some seconds ago: seconds since the run started, and the facts; oldest first."""
    served: Facts | None = None
    """What had happened to the child when a service ended in mid-run; None while none did."""
    unserved_t: float = 0.0
    """From when on what happened may come of that, seconds since the run started."""
    doubts: list[str] = []
    """Why no pass of this run can be trusted, each reason once, at most DOUBTS_KEPT of them."""
    outcome: Outcome | None = None
    """None while the run is on."""
    reasons: list[str] = []
    """Why this outcome."""
    exit_code: int | None = None
    """Exit code of the run; None while it is on."""
    ended: bool = False
    """True when nothing follows."""
    ended_wall: str = ""
    """Wall-clock time of the end, UTC, ISO 8601."""

    @property
    def criteria(self) -> list[CriterionState]:
        """The criteria in the scenario's order."""
        return [judge.state for judge in self.judges]

    @property
    def elapsed(self) -> float:
        """Seconds since the first phase after the build began; 0 before."""
        began = self.phase_began.get(Phase.WARM_UP)
        return 0.0 if began is None else max(0.0, self.t - began)

    @property
    def planned(self) -> float | None:
        """Seconds of warm-up and soak together; None = until the workload exits."""
        return self.started.duration if self.started else None

    @property
    def full(self) -> float | None:
        """Seconds that the scenario itself would last, where the run was planned to be shorter; None otherwise."""
        full = self.scenario.full_duration
        return full if full is not None and self.planned is not None and self.planned < full else None

    @property
    def under_load(self) -> float:
        """Seconds of warm-up and soak that have passed."""
        began = self.phase_began.get(_WARM_UP)
        if began is None:
            return 0.0
        end = self.phase_began.get(_COOL_DOWN, self.phase_began.get(_ENDED, self.t))
        if self.facts.load_ended_at is not None:
            end = min(end, self.facts.load_ended_at)
        return max(0.0, end - began)

    @property
    def ahead(self) -> float | None:
        """Seconds of load that are still to come; None where the plan has no end."""
        return None if self.planned is None else max(0.0, self.planned - self.under_load)

    @property
    def patience(self) -> Patience:
        """What is known of the soak's length when it begins: a shortened run does not shorten the warming up."""
        scenario, started = self.scenario, self.started
        settling = max(0.0, scenario.warm_up - started.warm_up) if started else 0.0
        ahead = None if scenario.until_exit else self.ahead  # what ends by itself may end at any time
        return Patience(ahead, settling, scenario.full_duration or scenario.duration)

    @property
    def throughput_source(self) -> str:
        """Where the throughput comes from, in words."""
        return "verified by the workload" if self.workload.counts_bytes else "kernel socket counters"

    @property
    def monitor_cpu_percent(self) -> float | None:
        """Mean CPU of the supervisor, percent of one core; None without data."""
        if self.monitor_cpu is None or self.sample is None or self.sample.monitor_cpu_s is None:
            return None
        t0, cpu0 = self.monitor_cpu
        return 100.0 * (self.sample.monitor_cpu_s - cpu0) / (self.sample.t - t0) if self.sample.t > t0 else None

    @property
    def standing(self) -> Standing:
        """How it stands, in the weakest word that is true."""
        return standing_of(self)

    @property
    def failures(self) -> list[str]:
        """What has failed already beside its criteria, in sentences."""
        return failed_facts(self.facts, self.served)

    def forecast(self, criterion: CriterionState) -> float | None:
        """Seconds until an upper limit would be crossed if the metric's growth went on; None where it does not grow."""
        value, rule = self.reading.values.get(criterion.metric.name), criterion.rule
        if value is None or rule.aggregate not in ("max", "last") or not rule.upper:
            return None
        for judge in self.judges:
            if isinstance(judge, TrendJudge) and judge.name == criterion.metric.name and judge.trend.rising:
                return (rule.threshold.value - value) / judge.trend.rising * _HOUR
        return None

    def under_test(self) -> list[ProcessSample]:
        """The processes of the system under test in the newest sample."""
        return watched(self.sample) if self.sample else []
