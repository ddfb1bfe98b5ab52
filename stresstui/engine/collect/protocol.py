"""What every collector offers."""

from typing import Protocol

from stresstui.core.model.sample import Sample


class Collector(Protocol):
    """Reads the operating system into samples; ``collect`` is called by one thread at a time.

    A process that was in the tree once stays until it ends, also where its parent ended first. On Linux a child
    subreaper passes its own pid as a root and as ``monitor_pid``: it is left out itself, and what forks away is found.
    """

    def collect(self, t: float) -> Sample:
        """Read one sample at ``t`` seconds since the run's start; blocks; what cannot be read is None."""
        ...

    def troubles(self) -> list[str]:
        """What could not be read, and why, since the last call; a sentence each, and each said once."""
        ...

    def close(self) -> None:
        """Let go of kept descriptors."""
        ...
