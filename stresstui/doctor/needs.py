"""What a run is going to need, as far as it is known before."""

from pathlib import Path

import msgspec

from stresstui.core.model.scenario import Scenario

JOURNAL_RATE: int = 6000
"""Bytes a second that a run writes: some 3 kB of journal with the lab, 1.3 kB of output, and room for as much again."""


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What is planned."""

    scenario: Scenario | None = None
    """The scenario; None where none was named."""
    duration: float | None = None
    """Seconds of warm-up and soak; None = until the workload exits."""
    runner: str = ""
    """How it is started; empty where that is not known yet."""
    report_dir: Path = Path("reports/stress-tests")
    """Where it is recorded."""

    @property
    def disk(self) -> int:
        """Bytes that the record is going to take; that of a day where the run has no planned end."""
        return int((self.duration or 86_400.0) * JOURNAL_RATE)

    @property
    def protocols(self) -> frozenset[str]:
        """Protocols of the lab that are known to be needed."""
        if self.scenario is None:
            return frozenset()
        own = {self.scenario.lab.protocol} if self.runner == "lab" and self.scenario.lab else set()
        return frozenset(own if self.runner == "lab" else self.scenario.services)

    @property
    def uses_cargo(self) -> bool:
        """Whether a Rust toolchain is going to be needed."""
        return self.runner == "cargo"
