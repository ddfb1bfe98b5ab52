"""Whose child a process was that is gone, as the kernel reports of each that ends (Linux, proc connector).

No more is kept than the socket's buffer holds between two looks: of many that end at once the last are not known.
"""

from typing import Final

from stresstui.engine.process.find import look_up
from stresstui.engine.process.kernel.exits import OF_PROCESSES, hang_up, hear, listen

_KEPT: Final = 2000


class Lineage:
    """Ancestors of processes, living or not."""

    def __init__(self) -> None:
        """Begin to listen; without the right to, only those that live are known."""
        self._socket = listen(OF_PROCESSES)
        self._parents: dict[int, int] = {}

    def refresh(self) -> None:
        """Take in who has ended since the last call."""
        for _, pid, _, parent in hear(self._socket):
            self._parents[pid] = parent
        while len(self._parents) > _KEPT:
            del self._parents[next(iter(self._parents))]

    def above(self, pid: int) -> list[int]:
        """The pids above a process, itself first."""
        self.refresh()
        found: list[int] = []
        while pid > 0 and pid not in found:
            found.append(pid)
            process = look_up(pid)
            pid = process.ppid if process else self._parents.get(pid, 0)
        return found

    def close(self) -> None:
        """Listen no longer."""
        hang_up(self._socket)
        self._socket = None
