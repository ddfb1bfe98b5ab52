"""What watching costs on Linux: the supervisor's own CPU time and memory."""

import os
import time

from stresstui.engine.collect.proc import procfs


class MonitorCost:
    """Reads the supervisor, most precisely where it is the process that asks."""

    def __init__(self, pid: int | None) -> None:
        self._own = pid == os.getpid()
        self._file: procfs.StatFile | None = None
        if pid is not None:
            try:
                self._file = procfs.StatFile(pid)
            except OSError:
                self._file = None

    def read(self) -> tuple[float | None, int | None]:
        """CPU time, seconds, and resident set, bytes; None where unknown."""
        stat = self._file.read() if self._file else None
        if stat is None:
            return None, None
        return time.process_time() if self._own else stat.cpu_s, stat.rss

    def close(self) -> None:
        """Let go of the descriptor."""
        if self._file:
            self._file.close()
            self._file = None
