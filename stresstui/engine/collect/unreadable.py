"""What could not be read of whom, told once: an unknown number must not look like a small one."""

from collections.abc import Collection, Container, Sequence
from typing import Final

from stresstui.core.model.sample import ProcessSample
from stresstui.engine.collect.proc.facts import Key

_NAMES_TOLD: Final = 5


class Unreadable:
    """Finds processes of which something may not be read."""

    def __init__(self) -> None:
        self._known: set[Key] = set()
        self._troubles: list[str] = []

    def observe(self, processes: Sequence[ProcessSample], asked: Container[Key]) -> None:
        """Look for what is missing; ``asked`` holds those whose sockets were looked for."""
        fresh = [p for p in processes if _is_hidden(p) and p.key not in self._known and p.key in asked]
        if fresh:
            self._known.update(p.key for p in fresh)
            self._troubles.append(_describe(fresh))

    def take(self) -> list[str]:
        """Troubles since the last call."""
        troubles, self._troubles = self._troubles, []
        return troubles


def _is_hidden(process: ProcessSample) -> bool:
    return process.fds is None or process.established is None


def _describe(processes: Collection[ProcessSample]) -> str:
    names = ", ".join(f"{p.name} ({p.pid})" for p in list(processes)[:_NAMES_TOLD])
    more = len(processes) - _NAMES_TOLD
    whom = f"{names} and {more} more" if more > 0 else names
    counted = all(p.fds is not None for p in processes)
    what, unknown = ("sockets", "connections") if counted else ("descriptors and sockets", "fds, connections")
    return (
        f"{what} of {whom} may not be read: {unknown}, bytes and memory files are unknown, not 0; "
        "run as their user or as root to see them"
    )
