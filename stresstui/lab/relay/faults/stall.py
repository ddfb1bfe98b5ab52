"""A stall: nothing passes for a while."""

import asyncio
import time

from stresstui.lab.relay.faults.base import Fault


class Stall(Fault):
    """After a time under load nothing passes for ``amount`` seconds."""

    kind = "stall"

    def begin(self) -> None:
        """Block the whole process when it is time, as a lock that is not given back would."""
        asyncio.get_running_loop().call_later(self.at, time.sleep, self.amount)
