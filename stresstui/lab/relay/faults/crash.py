"""A crash: the relay aborts."""

import asyncio
import os
import resource

from stresstui.lab.relay.faults.base import Fault


class Crash(Fault):
    """After a time the relay aborts."""

    kind = "crash"

    def begin(self) -> None:
        """Wait until it is time."""
        asyncio.get_running_loop().call_later(self.at, _abort)


def _abort() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a rehearsal leaves no core file
    os.abort()
