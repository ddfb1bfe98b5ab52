"""How the connections of a load are opened: by epoll itself where there is one, else by asyncio."""

import asyncio
import sys
from typing import Protocol

from stresstui.lab.net.socks import Address
from stresstui.lab.net.wire import WireProtocol, Wires


class Opener(Protocol):
    """Opens connections."""

    def open(self, connection: WireProtocol, entrance: Address) -> None:
        """Connect to an entrance; what comes of it the connection is told."""
        ...

    def close(self) -> None:
        """Let go of what is kept."""
        ...


class OpenWires:
    """Opens wires."""

    def __init__(self) -> None:
        self._wires = Wires()

    def open(self, connection: WireProtocol, entrance: Address) -> None:
        """Connect at once."""
        try:
            self._wires.connect(connection, entrance)
        except OSError as error:
            connection.unreached(error)

    def close(self) -> None:
        """Close every wire."""
        self._wires.close()


class OpenTransports:
    """Opens transports of asyncio."""

    def __init__(self) -> None:
        self._opening: set[asyncio.Task[None]] = set()

    def open(self, connection: WireProtocol, entrance: Address) -> None:
        """Connect in a task, which nobody cancels: a connection that has begun is seen through."""
        task = asyncio.create_task(_connect(connection, entrance))
        self._opening.add(task)
        task.add_done_callback(self._opening.discard)

    def close(self) -> None:
        """There is nothing to let go of."""


async def _connect(connection: WireProtocol, entrance: Address) -> None:
    try:
        await asyncio.get_running_loop().create_connection(lambda: connection, *entrance)
    except OSError as error:
        connection.unreached(error)


def opener() -> Opener:
    """Return the one for this system."""
    return OpenWires() if sys.platform == "linux" else OpenTransports()
