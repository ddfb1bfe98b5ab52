"""How long a scenario's job takes, and what that means for where it can run."""

import math
from typing import Final

import msgspec

from stresstui.core.model.scenario import Scenario
from stresstui.core.model.units import format_duration

HOSTED_MAX_S: Final = 6 * 3600.0
"""Seconds after which GitHub ends a job on its own machines, whatever ``timeout-minutes`` says."""
PART_S: Final = 5 * 3600.0
"""Seconds of load in a part of a series: room is left for building, installing and uploading."""
SPARE_S: Final = 1800.0
"""Seconds that a job may take beside the load."""
USUAL_S: Final = 3600.0
"""Seconds where neither the scenario nor anybody says how long."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """A job as it is going to be written."""

    scenario: Scenario
    """What is run."""
    runner: str = ""
    """``cargo``, ``lab`` or ``command``; empty = what fits there."""
    duration: float
    """Seconds of warm-up and soak together."""
    explicit: bool = False
    """Whether that was asked for, so that it stands in the command."""
    parts: int = 1
    """In how many runs the load is cut."""
    schedule: str = "0 0 * * 0"
    """When, as cron has it: the guide's weekly."""
    install: str = "pip install 'stresstui[lab]'"
    """How the program gets there."""
    where: str = ""
    """Label of the machine; empty = hosted where that is possible, else self-hosted."""

    @property
    def part_s(self) -> float:
        """Seconds of load in one run."""
        return self.duration / self.parts

    @property
    def job_s(self) -> float:
        """Seconds that one job may take."""
        return self.part_s + self.scenario.cool_down + SPARE_S

    @property
    def too_long_for_hosted(self) -> bool:
        """Whether GitHub's own machines would end the job before the run has."""
        return self.job_s > HOSTED_MAX_S

    @property
    def command(self) -> str:
        """What the job runs."""
        words = ["stresstui", "run", self.scenario.name, "--headless"]
        if self.runner:
            words += ["--runner", self.runner]
        if self.explicit or self.parts > 1:
            words += ["--duration", format_duration(math.ceil(self.part_s))]
        return " ".join(words)

    @property
    def uses_rust(self) -> bool:
        """Whether cargo may be what starts it."""
        return self.scenario.cargo is not None and self.runner in ("", "cargo")


def cut(plan: Plan) -> Plan:
    """The same load as a series of runs, each short enough for a hosted machine."""
    return msgspec.structs.replace(plan, parts=max(1, math.ceil(plan.duration / PART_S)))
