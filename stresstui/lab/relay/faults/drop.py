"""Drops: connections that are reset, datagrams that are lost."""

import random

from stresstui.lab.relay.faults.base import Fault


class Drop(Fault):
    """The share of new connections that are reset, of datagrams that are lost."""

    kind = "drop"

    def begin(self) -> None:
        """From now on."""
        self._draw = random.Random()

    def drops(self) -> bool:
        """Draw a lot."""
        return self._draw.random() < self.amount
