"""What a person asked of one run of the lab."""

from dataclasses import dataclass, field

from stresstui.lab.load.profiles import LoadPlan
from stresstui.lab.relay.faults.kinds import FaultSpec
from stresstui.lab.testbed.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asked of one run."""

    protocol: str
    """Name of the protocol."""
    plan: LoadPlan
    """The load through each of its tunnels."""
    duration: float | None = None
    """Seconds of load; None loads until told to stop."""
    cool_down: float = 0.0
    """Seconds idle after the load when duration is given."""
    max_duration: float = 25 * 3600.0
    """Seconds after which the run ends whatever happens."""
    interval: float = 1.0
    """Seconds between metrics lines."""
    restarts: int = 0
    """How often a proxy that died is started again before the run has failed."""
    drivers: int | None = None
    """Processes that make the load through a tunnel; None takes as many as the plan asks for."""
    faults: tuple[FaultSpec, ...] = ()
    """What goes wrong on purpose once the load is on."""
    env: bool = False
    """Whether to print the variables that lead to tunnels that stand for others."""
    settle: float = 0.0
    """Seconds between ready and the load, in which whoever watches sees everything at rest."""
    schedule: Schedule = field(default_factory=Schedule)
    """When keys change, visitors come and the wire stalls."""
