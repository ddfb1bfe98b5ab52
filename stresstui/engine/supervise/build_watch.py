"""When a command such as ``make test`` has built what it runs: only its processes tell."""

import asyncio
from typing import Final

from stresstui.core.model.sample import Role, Sample

_SHELLS: Final = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh", "env", "sleep", "tee"))
"""Programs of a recipe that may well be all that runs between two steps of a build."""
_DRIVERS: Final = frozenset(("make", "gmake", "ninja", "just", "cargo", "cargo-nextest", "rustup", "go"))
"""Build tools that wait while what they built runs."""
_CALM_SAMPLES: Final = 10
"""Samples without a compiler after which also a shell alone is what was meant to run."""


class BuildWatch:
    """Waits for the first program that stays and that builds nothing."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        """Set when what was built runs."""
        self._stayed: set[int] = set()
        self._calm = 0

    def observe(self, sample: Sample) -> None:
        """Take in a sample."""
        compiling = any(p.role is Role.BUILD and p.name not in _DRIVERS for p in sample.processes)
        running = {p.pid for p in sample.processes if p.role is Role.SUT and p.name not in _SHELLS}
        self._calm = 0 if compiling else self._calm + 1
        if not compiling and (running & self._stayed or self._calm > _CALM_SAMPLES):
            self.over.set()
        self._stayed = set() if compiling else running
