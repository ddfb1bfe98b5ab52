"""Shared memory of System V, which outlives who made it and who has it mapped (shmget(2), /proc/sysvipc/shm)."""

from collections.abc import Container
from typing import Final

from stresstui.engine.collect.proc import procfs

_SHMID, _MAKER, _RESIDENT = 1, 4, 14
_COLUMNS: Final = 15


class SharedSegments:
    """Knows the segments that were made by processes of the tree, as long as they are there."""

    def __init__(self) -> None:
        self._own: set[bytes] = set()

    def resident(self, pids: Container[int]) -> int:
        """Bytes in memory of those that one of ``pids`` made, each once; 0 where the kernel has no such memory."""
        try:
            rows = [line.split() for line in procfs.read_bytes("/proc/sysvipc/shm").splitlines()[1:]]
        except OSError:
            return 0
        known = self._own
        # A number is not given out again soon, but a pid may be: who has ended by then has made it all the same.
        own = [row for row in rows if len(row) > _COLUMNS and (row[_SHMID] in known or int(row[_MAKER]) in pids)]
        self._own = {row[_SHMID] for row in own}
        return sum(int(row[_RESIDENT]) for row in own)
