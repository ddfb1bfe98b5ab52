"""Connections that ended lately (TIME_WAIT): whether they are somebody else's."""

from collections.abc import Collection
from typing import Final

from stresstui.engine.collect.net.socket_table import count_of_ports

_SEVERAL: Final = 3
"""Connections that end between two tables from which on they say whose the loopback is."""


class Ended:
    """What ended between one table and the next."""

    def __init__(self) -> None:
        self._known: set[int] | None = None
        self._ports: set[int] = set()

    def are_others(self, pairs: Collection[int], ports: set[int]) -> bool:
        """Whether several ended since the table before, and none on a port that the processes ever had.

        ``pairs`` are of the ports of all connections in TIME_WAIT, ``ports`` what the processes listen on and dial.
        """
        before, self._known = self._known, set(pairs)
        self._ports |= ports
        new = self._known - before if before is not None else set()
        return len(new) >= _SEVERAL and not count_of_ports(new, self._ports)
