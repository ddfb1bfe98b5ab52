"""The link to a box: SSH, whose host key is checked, and through it a Dask worker, over TLS of this session's own.

Nothing listens but on loopback addresses: the worker reaches the scheduler, and is reached, through the SSH connection.
"""

import asyncio
import contextlib
import json
import re
import shlex
import socket
from pathlib import Path
from typing import Any, Final

import asyncssh

from stresstui.fleet.matrix.inventory import Box, Ssh
from stresstui.fleet.reach.greeting import read_greeting

CONNECT_S: Final = 20.0
"""Seconds that a connection may take, and what follows on it until a worker listens."""
ALIVE_S: Final = 3.0
"""Seconds between two signs of life that a box is asked for; after three without one it counts as gone."""
_ALIVE_TRIES: Final = 3
_BUFFER: Final = 1 << 16
_SAID_MAX: Final = 20
_LINE_MAX: Final = 300


class LinkError(ConnectionError):
    """Raised where a box cannot be reached or has no worker; its message is one clause for people."""


class _Reached(asyncssh.SSHClient):
    """Gives a connection more time once the other end has answered at all."""

    def __init__(self, limit: asyncio.Timeout, until: float) -> None:
        self._limit, self._until = limit, until

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        """Put the end off."""
        del conn
        if not self._limit.expired():
            self._limit.reschedule(self._until)


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
        self._jumps: list[asyncssh.SSHClientConnection] = []

    async def open(self, scheduler: int, security: dict[str, str], patience: int = 1) -> None:
        """Connect, and start the worker for the scheduler at a loopback port of here; raises LinkError.

        ``patience`` times as long as usual may pass until it listens, and without a sign of life, once a first packet
        has come back: of a box that is off none does, of one behind a network that loses packets some do.
        """
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(CONNECT_S) as limit:
                self._connection = await self._connect(
                    client_factory=lambda: _Reached(limit, began + patience * CONNECT_S),
                    keepalive_count_max=patience * _ALIVE_TRIES,
                )
                await self._start_worker(self._connection, scheduler, security)
        except TimeoutError:
            what = "no answer" if self._connection is None else "it answers, but its worker did not start"
            await self.close()
            waited = asyncio.get_running_loop().time() - began
            raise LinkError(f"{what} within {waited:.0f} s") from None
        except (OSError, ValueError, asyncssh.Error) as error:  # the second: a key or a configuration of here
            await self.close()
            raise LinkError(_said(error, self._ssh)) from None

    async def _connect(self, **more: Any) -> asyncssh.SSHClientConnection:
        given = _options(self.box, self._ssh) | more
        jumps = asyncssh.SSHClientConnectionOptions(host=self.box.address, **given).tunnel
        if not isinstance(jumps, str) or not jumps:
            return await asyncssh.connect(self.box.address, **given)
        shared = {key: value for key, value in given.items() if key not in ("port", "username")}
        for jump in jumps.split(","):  # asyncssh would go there by the usual keys and known hosts, not by these
            user, _, place = jump.rpartition("@")
            host, port = _split(place)
            through = {"tunnel": self._jumps[-1]} if self._jumps else {}
            own = ({"username": user} if user else {}) | ({"port": port} if port else {})
            self._jumps.append(await asyncssh.connect(host, **shared, **own, **through))
        return await asyncssh.connect(self.box.address, tunnel=self._jumps[-1], **given)

    async def _start_worker(
        self, connection: asyncssh.SSHClientConnection, scheduler: int, security: dict[str, str]
    ) -> None:
        back = await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", scheduler)
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        contact = self._server.sockets[0].getsockname()[1]
        command = f"exec {shlex.quote(self.box.python)} -P -m stresstui.fleet.reach.worker"
        self._worker = await connection.create_process(command, encoding="utf-8")
        given = security | {
            "name": self.box.name,
            "scheduler": f"tls://127.0.0.1:{back.get_port()}",
            "contact": f"tls://127.0.0.1:{contact}",
        }
        self._worker.stdin.write(json.dumps(given) + "\n")
        said: list[str] = []
        while line := await self._worker.stdout.readline():
            if port := read_greeting(line):
                self._port = port
                return
            said = [*said, line.strip()][-_SAID_MAX:]  # of a login shell that greets
        last = [*said, *(await self._worker.stderr.read()).strip().splitlines()][-1:]
        raise LinkError(
            f"{self.box.python} started no worker: {last[0][:_LINE_MAX] if last else 'it said nothing'}; "
            "python = names one that has stresstui[fleet]"
        )

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
        for jump in reversed(self._jumps):
            jump.abort()
        self._connection = self._server = self._worker = None
        self._jumps = []


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
        "config": [str(config)] if config.is_file() else None,
    }
    given |= {"client_keys": [str(Path(key).expanduser()) for key in ssh.keys]} if ssh.keys else {}
    given |= {"port": box.port} if box.port else {}
    return given | ({"username": box.user} if box.user else {})


def _split(place: str) -> tuple[str, int | None]:
    """Host and port of ``HOST``, ``HOST:PORT`` or ``[HOST]:PORT``."""
    found = re.fullmatch(r"\[(.+)\](?::(\d+))?|([^:]+):(\d+)", place)
    if found is None:
        return place, None
    bracketed, its_port, plain, port = found.groups()
    return bracketed or plain, int(its_port or port or 0) or None


def _said(error: Exception, ssh: Ssh) -> str:
    """Why a box could not be reached, in one clause with what mends it."""
    text = str(error) or type(error).__name__
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        text += f": {_distrusted(text, ssh)}"
    elif isinstance(error, asyncssh.PermissionDenied):
        text += "; is one of your keys in its authorized_keys?"
    elif isinstance(error, asyncssh.KeyImportError):
        text += "; unlock it in an agent with ssh-add, and name no keys ="
    elif isinstance(error, socket.gaierror):
        text = f"its host cannot be found: {error.strerror}"
    elif isinstance(error, OSError) and error.filename:
        text = f"{error.filename}: {error.strerror}"
    elif isinstance(error, OSError):
        text = text.removeprefix(f"[Errno {error.errno}] ")
    return text


def _distrusted(text: str, ssh: Ssh) -> str:
    """Whether a host's key is not known, or is another one than is known."""
    path = str(Path(ssh.known_hosts).expanduser())
    host = text.rpartition(" with alias ")[2].rpartition(" for host ")[2]
    known = False
    with contextlib.suppress(OSError, ValueError):
        lines = [line.split() for line in Path(path).read_text(encoding="utf-8").splitlines()]
        listed = {name for parts in lines if parts for name in parts[0].split(",")}
        known = any(name == host or name.startswith(f"[{host}]:") for name in listed)
        known = known or any(asyncssh.match_known_hosts(path, host, "", None)[:2])
    if known:
        return (
            f"{path} has another one. Was the box set up anew, or does somebody stand between? "
            f"Only if it was: ssh-keygen -R {host} -f {path}, and add the new one"
        )
    return f"{path} has none; once its fingerprint is compared: ssh-keyscan {host} >> {path}"
