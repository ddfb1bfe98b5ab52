"""A Scenario: what to run, for how long, and its criteria, as a value. Files of them are read by ``catalogue``."""

from enum import StrEnum
from typing import Final

import msgspec

from stresstui.core.model.metric import BUILT_IN, Metric, infer

_WARM_UP_SHARE: Final = 0.2


class RunnerKind(StrEnum):
    """How a scenario's workload is started."""

    CARGO = "cargo"
    LAB = "lab"
    COMMAND = "command"
    PID = "pid"


class Severity(StrEnum):
    """What a breach means for the outcome."""

    FAIL = "fail"
    WARN = "warn"


class CargoTest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Another test that shows the same, for a workspace that lacks the first."""

    name: str
    """Filter that names the test function."""
    target: str
    """Integration test target of the package."""
    package: str = ""
    """Package of the workspace; empty = the table's."""


class CargoRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A test of a Cargo workspace: the guide's command."""

    package: str = "app"
    """Package of the workspace."""
    test_target: str = "bench_p0_protocols"
    """Integration test target of the package."""
    test: str = ""
    """Filter that names the test function."""
    release: bool = False
    """Build with ``--release``."""
    profile: str = ""
    """Profile to build with, such as ``release``; empty = as ``release`` says."""
    features: tuple[str, ...] = ()
    """Cargo features; those that the test's source asks for are added."""
    tests: tuple[CargoTest, ...] = ()
    """What to run where the workspace lacks ``test``, in order of preference."""
    to_its_end: str = ""
    """Scenario that judges such a test to its own end, to be named where one ended long before this plan."""
    args: tuple[str, ...] = ("--nocapture", "--ignored", "--test-threads=1")
    """Arguments behind ``--``, after the filter."""

    @property
    def build_arguments(self) -> tuple[str, ...]:
        """What names the build, behind ``cargo test``."""
        release = ("--profile", self.profile) if self.profile else ("--release",) if self.release else ()
        features = ("--features", ",".join(self.features)) if self.features else ()
        return ("--package", self.package, "--test", self.test_target, *release, *features)

    @property
    def candidates(self) -> "tuple[CargoRun, ...]":
        """Each test that would do as a run of its own, the preferred first."""
        alone = msgspec.structs.replace(self, tests=())
        others = (
            msgspec.structs.replace(alone, package=t.package or self.package, test_target=t.target, test=t.name)
            for t in self.tests
        )
        return (alone, *others)

    def with_features(self, more: tuple[str, ...]) -> "CargoRun":
        """The same with further features."""
        return msgspec.structs.replace(self, features=tuple(dict.fromkeys((*self.features, *more))))

    @property
    def command(self) -> tuple[str, ...]:
        """The command as a person would type it."""
        test = (self.test,) if self.test else ()
        return ("cargo", "test", *self.build_arguments, *test, "--", *self.args)


class LabRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """An embedded workload: real protocol stacks on loopback."""

    protocol: str
    """Module of the lab, such as ``ech``."""
    profile: str = "steady"
    """Shape of the load."""
    options: dict[str, str | int | float] = {}
    """Further options of ``python -m stresstui.lab``, without the dashes."""
    inject: tuple[str, ...] = ()
    """Faults that the lab carries out, to rehearse an alarm, such as ``leak-memory=1MiB/min``."""


class CommandRun(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Any command."""

    argv: tuple[str, ...]
    """Program and arguments."""
    cwd: str | None = None
    """Working directory; None = where stresstui was started."""


class MetricSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A number that the workload reports."""

    unit: str = ""
    """Base unit; inferred from the name where empty."""
    kind: str = ""
    """``gauge``, ``counter`` or ``rate``; inferred from the name where empty."""
    title: str = ""
    """Name for people."""
    falls: bool = False
    """True where a falling value is the bad direction."""
    regex: str = ""
    """Reads the number out of ordinary output: its first group, or the group named ``value``."""


class CriterionSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A criterion as written in a file."""

    id: str
    """Short name, unique in the scenario."""
    title: str
    """Name for people: the guide's words."""
    rule: str
    """The rule; ``core.criteria.rule`` has the grammar."""
    group: str = "Success criteria"
    """Heading under which it is shown."""
    severity: Severity = Severity.FAIL
    """``fail`` or ``warn``."""
    runners: tuple[RunnerKind, ...] = ()
    """Runners for which it holds; empty = all."""
    abort: bool = False
    """End the run when it is breached."""
    grace: str = "0s"
    """How long to let the run go on after the breach before ending it."""


class Scenario(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What to run, for how long, and its criteria."""

    name: str
    """Name on the command line and of run directories."""
    title: str = ""
    """Name for people."""
    objective: str = ""
    """What it is for, one sentence."""
    duration: float | None = None
    """Seconds of warm-up and soak together; None = until the workload exits."""
    full_duration: float | None = None
    """The same as the scenario was written, where this run was given another."""
    duration_note: str = ""
    """The guide's own words on the duration, where it leaves a range."""
    warm_up: float = 0.0
    """Seconds of warm-up at full duration; a shorter run scales it down, and calls no growth a leak in the rest."""
    cool_down: float = 0.0
    """Seconds of cool-down."""
    interval: float = 1.0
    """Seconds between samples."""
    until_exit: bool = False
    """True where the workload's own end before ``duration`` is a planned end."""
    moves_bytes: bool = True
    """False where a run that moves no bytes is still worth judging."""
    cargo: CargoRun | None = None
    """What the ``cargo`` runner starts."""
    lab: LabRun | None = None
    """What the ``lab`` runner starts."""
    command: CommandRun | None = None
    """What the ``command`` runner starts."""
    services: tuple[str, ...] = ()
    """Lab services that are up while a ``cargo`` or ``command`` workload runs."""
    env: dict[str, str] = {}
    """Environment added to the workload's."""
    metrics: dict[str, MetricSpec] = {}
    """Numbers that the workload reports."""
    patterns: dict[str, str] = {}
    """Regular expressions whose matches become events."""
    criteria: tuple[CriterionSpec, ...] = ()
    """How it is judged."""
    source: str = ""
    """The file it came from."""
    reference: dict[str, float] = {}
    """Means of the baseline's runs by metric, for the rules that ask for them; known once a run is asked for."""
    reference_reach: dict[str, float] = {}
    """How far from that, as a share of it, one more equal run may be by chance (95 %); known from three runs on."""
    reference_unlike: str = ""
    """Why the baseline's runs are none that this one can be held against; empty where they are, or there are none."""

    def metric(self, name: str) -> Metric | None:
        """The metric of that name, built in or declared here; None for neither."""
        spec = self.metrics.get(name)
        if spec is not None:
            return infer(name, unit=spec.unit, kind=spec.kind, title=spec.title, falls=spec.falls)
        return BUILT_IN.get(name)

    def metric_names(self) -> list[str]:
        """Every name that a rule may use."""
        return sorted({*BUILT_IN, *self.metrics})


def criteria_for(scenario: Scenario, runner: RunnerKind) -> tuple[CriterionSpec, ...]:
    """The criteria of the scenario that hold with that runner."""
    return tuple(spec for spec in scenario.criteria if not spec.runners or runner in spec.runners)


def warm_up_share(scenario: Scenario) -> float:
    """The part of a shorter run that its warm-up takes at most: a fifth, or what it takes of the scenario's own."""
    full = scenario.full_duration or scenario.duration
    of_own = scenario.warm_up / full if full else 0.0
    return max(_WARM_UP_SHARE, of_own) if of_own < 1.0 else _WARM_UP_SHARE


def scaled_warm_up(scenario: Scenario, duration: float | None) -> float:
    """Seconds of warm-up in a run of that duration: the scenario's own, at most a share of a run that is shorter."""
    if duration is None or (scenario.duration is not None and duration >= scenario.duration):
        return scenario.warm_up
    return min(scenario.warm_up, duration * warm_up_share(scenario))
