"""What may stand in a file, before includes are resolved and rules are checked."""

import msgspec

from stresstui.core.model.scenario import CargoRun, CommandRun, CriterionSpec, LabRun, MetricSpec


class PackFile(msgspec.Struct, frozen=True, kw_only=True):
    """What may stand in a pack."""

    metrics: dict[str, MetricSpec] = {}
    """Numbers that a workload reports."""
    patterns: dict[str, str] = {}
    """Regular expressions whose matches become events."""
    criteria: tuple[CriterionSpec, ...] = ()
    """Criteria that several scenarios share."""


class ScenarioFile(PackFile, frozen=True, kw_only=True):
    """What may stand in a scenario's file; durations are text such as ``24h``."""

    title: str = ""
    """Name for people."""
    objective: str = ""
    """What it is for, one sentence."""
    duration: str | None = None
    """Warm-up and soak together; None = until the workload exits."""
    duration_note: str = ""
    """What else is to be said about the duration."""
    warm_up: str = "0s"
    """Time before the soak."""
    cool_down: str = "0s"
    """Time after the soak."""
    interval: str = "1s"
    """Time between samples."""
    until_exit: bool = False
    """True where the workload's own end is a planned end."""
    moves_bytes: bool = True
    """False where a run that moves no bytes is still worth judging."""
    include: tuple[str, ...] = ()
    """Names of packs."""
    cargo: CargoRun | None = None
    """What the ``cargo`` runner starts."""
    lab: LabRun | None = None
    """What the ``lab`` runner starts."""
    command: CommandRun | None = None
    """What the ``command`` runner starts."""
    services: tuple[str, ...] = ()
    """Lab services that are up while the workload runs."""
    env: dict[str, str] = {}
    """Environment added to the workload's."""
