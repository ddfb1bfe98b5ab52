"""The private room of one run: its folder, its ports, its children, and the tunnels that protocols build in it."""

import asyncio
import contextlib
import fcntl
import json
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from stresstui.lab.net.socks import Address
from stresstui.lab.process.announce import Role
from stresstui.lab.process.helper import PORT
from stresstui.lab.process.process import Child, OnLine, spawn, stop
from stresstui.lab.relay.fault_injector import INJECT
from stresstui.lab.relay.faults.kinds import FaultSpec
from stresstui.lab.testbed.schedule import Drill, Schedule

LOOPBACK = "127.0.0.1"
RELAY = "-relay"
"""How the names of relays end."""
STAGE = "echo-relay"
"""The relay before the echo target, where there is one."""
_PREFIX = "stresstui-lab-"
_LOCK = "lock"
_BELOW_EPHEMERAL = (20000, 32000)
_SPEAK_TIMEOUT = 15.0
_NEWBORN = 5.0  # seconds in which a folder may not be locked yet


class StartError(Exception):
    """The lab could not start; the message is one sentence with the cause."""


class DeathError(Exception):
    """A child of the lab ended by itself; the message holds its last output."""


@dataclass(slots=True)
class Tunnel:
    """What a protocol has built: where traffic goes in, and what it can tell about itself."""

    name: str
    """Short name, the prefix of its metrics where a run has several tunnels."""
    entrance: Address
    """The client proxy's SOCKS5 address."""
    udp: bool = False
    """Whether it relays UDP."""
    note: str = ""
    """What a person should know, said when it is ready."""
    readings: Callable[[], Mapping[str, float]] = dict
    """Its own metrics, read once per interval."""
    side: bool = False
    """Whether it carries only a small part of the load, to show one thing; its counts are part of the others'."""
    drills: tuple[Drill, ...] = ()
    """What goes on beside its load."""


Build = Callable[["Room"], Awaitable[list[Tunnel]]]


@dataclass(slots=True)
class Room:
    """One run's private folder and everything that runs in it."""

    folder: Path
    """Keys and configurations; 0700, removed at the end."""
    children: list[Child] = field(default_factory=list)
    """Everything started, in order; stopped in reverse, so clients before servers, the echo target last."""
    schedule: Schedule = field(default_factory=Schedule)
    """When drills take place."""
    target: Address = field(default=Address(LOOPBACK, 0))
    """The echo target."""
    lead_to: Address | None = None
    """Where plain entrances lead; None where there are to be none."""
    doors: dict[Address, Address] = field(default_factory=dict)
    """The plain entrance beside each SOCKS5 entrance, where there is one."""
    _lock: int = -1
    _caretaker: Child | None = None
    _ports: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, schedule: Schedule | None = None) -> "Room":
        """Make the private folder, removing those that killed runs have left; raises OSError."""
        _sweep()
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        return cls(folder, schedule=schedule or Schedule(), _lock=lock)

    async def echo(self) -> Address:
        """Start the echo target, which is also the caretaker, and return its TCP and UDP address."""
        argv = [sys.executable, "-m", "stresstui.lab.servers.echo", str(self.folder)]
        self._caretaker, facts = await self.spawn_speaking("echo", argv, role="service", orphan=True)
        self.target = Address(LOOPBACK, int(facts["port"]))
        return self.target

    async def stage(self, target: Address) -> Address:
        """Start a relay between the proxies and the echo target's TCP port, where nothing guards the bytes."""
        relay = await self.relay(STAGE, target.port, "raw")
        return Address(LOOPBACK, relay.port)

    async def relay(self, name: str, target: int, *watch: str) -> "Program":
        """Start the relay that watches the wire in front of a server port; watch is as ``wire`` takes it."""
        return await self.program(name, "relay.tcp_relay", str(target), *watch)

    async def program(self, name: str, module: str, *arguments: str, role: Role = "sut") -> "Program":
        """Start one of the lab's own programs that listens on a port and reports metrics; raises StartError."""
        argv = [sys.executable, "-m", f"stresstui.lab.{module}", *arguments]
        _, facts = await self.spawn_speaking(name, argv, role=role)
        port = self._ports[name] = int(facts.pop("port"))
        return Program(port, facts, lambda line: self.tell(name, line))

    async def spawn(self, name: str, argv: Sequence[str], *, role: Role = "sut") -> Child:
        """Start a proxy; raises StartError where the program cannot be run."""
        return await self._spawn(name, argv, role=role)

    async def spawn_speaking(
        self, name: str, argv: Sequence[str], *, role: Role, orphan: bool = False
    ) -> tuple[Child, dict[str, float]]:
        """Start one of the lab's own programs and wait for its first JSON line; the facts are kept up to date."""
        facts: dict[str, float] = {}
        spoke = asyncio.Event()

        def hear(line: str) -> None:
            facts.update(json.loads(line))
            if spoke.is_set():
                facts.pop("port", None)  # said once more by one that was started again
            spoke.set()

        child = await self._spawn(name, argv, role=role, on_line=hear, orphan=orphan)
        waiting = asyncio.create_task(spoke.wait())
        await asyncio.wait({waiting, child.ended}, timeout=_SPEAK_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if not spoke.is_set():
            raise StartError(child.last_words())
        return child, facts

    async def restart(self, child: Child) -> Child:
        """Start a command again in its place and on its port, stopping it first if it runs; raises OSError."""
        await stop([] if child.ended.done() else [child])
        port = self._ports.get(child.name)
        env = None if port is None else {PORT: str(port)}
        again = await spawn(child.name, child.argv, role=child.role, on_line=child.on_line, env=env)
        self.children[self.children.index(child)] = again
        self._tell(again, child)
        return again

    def dead(self) -> Child | None:
        """Return a child that ended without being asked to, or None."""
        return next((child for child in self.children if child.ended.done() and not child.expected), None)

    def inject(self, fault: FaultSpec) -> None:
        """Have the relays carry a fault out: those on the wire, or, for wrong bytes, the one before the echo target."""
        for child in self.children:
            if child.name.endswith(RELAY) and (child.name == STAGE) is (fault.after_tunnel):
                child.say(f"{INJECT} {fault.text}")

    def tell(self, name: str, line: str) -> None:
        """Write a line to the standard input of a child, however often it has been started again."""
        for child in self.children:
            if child.name == name:
                child.say(line)

    def door(self, entrance: Address) -> Address:
        """Return a new plain entrance beside a SOCKS5 entrance; raises StartError when no port is free."""
        self.doors[entrance] = Address(LOOPBACK, self.port())
        return self.doors[entrance]

    async def clear(self) -> None:
        """Stop every child, so that everything can be built anew; raises nothing."""
        await stop(self.children[::-1])
        self.children.clear()
        self._caretaker = None

    def port(self) -> int:
        """Return a loopback port that is free for TCP and UDP now; raises StartError when none is found."""
        for _ in range(200):
            port = random.SystemRandom().randrange(*_BELOW_EPHEMERAL)
            if _is_free(port):
                return port
        raise StartError("no free loopback port was found")

    def write(self, name: str, document: object) -> Path:
        """Write a configuration as JSON, readable by its owner only."""
        return self.write_text(name, json.dumps(document))

    def write_text(self, name: str, text: str) -> Path:
        """Write a file of the run, readable by its owner only."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return path

    async def close(self) -> None:
        """Stop every child, the last started first, and remove the folder."""
        await self.clear()
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)

    async def _spawn(
        self,
        name: str,
        argv: Sequence[str],
        *,
        role: Role,
        on_line: OnLine | None = None,
        orphan: bool = False,
    ) -> Child:
        try:
            child = await spawn(name, argv, role=role, on_line=on_line, orphan=orphan)
        except OSError as error:
            raise StartError(f"{name} could not be started: {error}") from error
        self.children.append(child)
        self._tell(child)
        return child

    def _tell(self, started: Child, ended: Child | None = None) -> None:
        if self._caretaker is not None:
            if ended is not None:
                self._caretaker.say(f"-{ended.pid}")
            self._caretaker.say(f"+{started.pid}")


@dataclass(frozen=True, slots=True)
class Program:
    """One of the lab's own programs that is running, for example a relay."""

    port: int
    """Where it accepts."""
    readings: dict[str, float]
    """Its latest metrics, kept up to date."""
    tell: Callable[[str], None]
    """Writes a line to its standard input, for example ``hold 1``."""


async def output_of(argv: Sequence[str]) -> str:
    """Run a short command, for example a key generator, and return its output; raises StartError."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    text = said.decode("utf-8", "replace")
    if process.returncode != 0:
        raise StartError(f"{' '.join(argv)} exited {process.returncode}: {text.strip()[-200:]}")
    return text


def _is_free(port: int) -> bool:
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind((LOOPBACK, port))
            udp.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):
            found = folder.stat()
            grown = time.time() - found.st_mtime > _NEWBORN
            if grown and found.st_uid == os.getuid() and _abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
