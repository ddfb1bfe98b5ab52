"""The link to a box: SSH, whose host key is checked, and through it a Dask worker, over TLS of this session's own.

Nothing listens but on loopback addresses: the worker reaches the scheduler, and is reached, through the SSH connection.
"""

import asyncio
import contextlib
import json
import shlex
from pathlib import Path
from typing import Any, Final

import asyncssh

from stresstui.fleet.matrix.inventory import Box, Ssh

CONNECT_S: Final = 20.0
"""Seconds that a connection may take."""
ALIVE_S: Final = 3.0
"""Seconds between two signs of life that a box is asked for; after three without one it counts as gone."""
_ALIVE_TRIES: Final = 3
_BUFFER: Final = 1 << 16


class LinkError(ConnectionError):
    """Raised where a box cannot be reached or has no worker; its message is one clause for people."""


class Link:
    """A box that can be asked, until ``lost`` is set."""

    def __init__(self, box: Box, ssh: Ssh) -> None:
        self.box = box
        """Which box."""
        self._ssh = ssh
        self._port = 0
        self._connection: asyncssh.SSHClientConnection | None = None
        self._server: asyncio.Server | None = None
        self._worker: Any = None

    async def open(self, scheduler: int, security: dict[str, str]) -> None:
        """Connect, and start the worker for the scheduler at a loopback port of here; raises LinkError."""
        try:
            async with asyncio.timeout(CONNECT_S):
                self._connection = await self._connect()
                await self._start_worker(self._connection, scheduler, security)
        except TimeoutError:
            await self.close()
            raise LinkError(f"no answer within {CONNECT_S:.0f} s") from None
        except (OSError, asyncssh.Error) as error:
            await self.close()
            raise LinkError(str(error) or type(error).__name__) from None

    async def _connect(self) -> asyncssh.SSHClientConnection:
        return await asyncssh.connect(self.box.address, **_options(self.box, self._ssh))

    async def _start_worker(
        self, connection: asyncssh.SSHClientConnection, scheduler: int, security: dict[str, str]
    ) -> None:
        back = await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", scheduler)
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        contact = self._server.sockets[0].getsockname()[1]
        command = f"exec {shlex.quote(self.box.python)} -m stresstui.fleet.reach.worker"
        self._worker = await connection.create_process(command, encoding="utf-8")
        given = security | {
            "name": self.box.name,
            "scheduler": f"tls://127.0.0.1:{back.get_port()}",
            "contact": f"tls://127.0.0.1:{contact}",
        }
        self._worker.stdin.write(json.dumps(given) + "\n")
        line = await self._worker.stdout.readline()
        if not line:
            said = (await self._worker.stderr.read()).strip().splitlines()
            raise LinkError(f"{self.box.python} started no worker: {said[-1] if said else 'it said nothing'}")
        self._port = json.loads(line)["port"]

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a connection to the worker's port with one through SSH."""
        if self._connection is not None:
            with contextlib.suppress(OSError, asyncssh.Error):
                there, back = await self._connection.open_connection("127.0.0.1", self._port)
                await asyncio.gather(_copy(reader, back), _copy(there, writer))
        writer.close()

    @property
    def alive(self) -> bool:
        """Whether the connection still stands, and the worker with it."""
        return (
            self._connection is not None
            and not self._connection.is_closed()
            and self._worker is not None
            and self._worker.exit_status is None
        )

    async def wait_lost(self) -> None:
        """Wait until the connection is no more."""
        if self._connection is not None:
            await self._connection.wait_closed()

    async def close(self) -> None:
        """End the worker and the connection."""
        if self._server is not None:
            self._server.close()
        if self._connection is not None:
            self._connection.abort()
            with contextlib.suppress(OSError, asyncssh.Error, TimeoutError):
                await asyncio.wait_for(self._connection.wait_closed(), 2.0)
        self._connection = self._server = self._worker = None


async def _copy(reader: Any, writer: Any) -> None:
    with contextlib.suppress(OSError, asyncssh.Error):
        while data := await reader.read(_BUFFER):
            writer.write(data)
            await writer.drain()
    with contextlib.suppress(OSError, asyncssh.Error):
        writer.write_eof()


def _options(box: Box, ssh: Ssh) -> dict[str, Any]:
    """How asyncssh is to connect to a box: a host key that is not known refuses it."""
    config = Path(ssh.config).expanduser()
    given: dict[str, Any] = {
        "known_hosts": str(Path(ssh.known_hosts).expanduser()),
        "keepalive_interval": ALIVE_S,
        "keepalive_count_max": _ALIVE_TRIES,
        "config": [str(config)] if config.is_file() else None,
    }
    given |= {"client_keys": [str(Path(key).expanduser()) for key in ssh.keys]} if ssh.keys else {}
    given |= {"port": box.port} if box.port else {}
    return given | ({"username": box.user} if box.user else {})
