"""What the home screen offers: runs, scenarios, and whether the machine is fit; values that its caller finds."""

import msgspec


class RunOffer(msgspec.Struct, frozen=True):
    """A run that can be looked at."""

    name: str
    run: str
    """What commands call it: its name, or its directory where another has the same name."""
    scenario: str
    state: str
    """``running``, ``lost``, or the outcome."""
    live: bool
    lasted: str
    """How long it lasted; ``-`` while it has not ended."""
    started: str
    """Wall-clock time, UTC."""
    reason: str
    """The first reason of the outcome."""


class ScenarioOffer(msgspec.Struct, frozen=True):
    """A scenario that can be started."""

    name: str
    title: str
    objective: str
    duration: str
    runners: tuple[str, ...]
    criteria: tuple[tuple[str, str], ...]
    """Title and rule of each."""
    error: str = ""
    """What is wrong with its file."""


class CheckOffer(msgspec.Struct, frozen=True):
    """A finding of the doctor that is not ok."""

    level: str
    name: str
    found: str
    mend: str


class Offers(msgspec.Struct, frozen=True):
    """Everything that there is."""

    runs: tuple[RunOffer, ...]
    """The newest first, those that are on before all others."""
    scenarios: tuple[ScenarioOffer, ...]
    checks: tuple[CheckOffer, ...]
    fine: int
    """How many of the doctor's looks found nothing."""
