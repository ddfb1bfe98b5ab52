"""The test bed of one run: the echo target, the relays before servers and entrances, in a workspace of its own."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence

from stresstui.lab.net.socks import Address
from stresstui.lab.relay.fault_injector import INJECT
from stresstui.lab.relay.faults.kinds import FaultSpec
from stresstui.lab.servers.echo import SHARED
from stresstui.lab.testbed.crew import Crew, HelperProgram
from stresstui.lab.testbed.errors import LabStartError
from stresstui.lab.testbed.ports import ANYWHERE, LOOPBACK, free_port
from stresstui.lab.testbed.schedule import Schedule
from stresstui.lab.testbed.tunnel import Tunnel
from stresstui.lab.testbed.workspace import Workspace

RELAY = "-relay"
"""How the names of relays end."""
DATAGRAMS = ("udp",)
"""How a relay reads the wire of a protocol on QUIC."""
STAGE = "echo-relay"
"""The relay before the echo target, where there is one."""


class Testbed:
    """What protocols build their tunnels in."""

    __test__ = False  # its name is not that of a test

    def __init__(self, schedule: Schedule | None = None) -> None:
        """Make the workspace; raises OSError."""
        self.workspace = Workspace()
        """The run's private folder."""
        self.crew = Crew()
        """Everything that was started."""
        self.schedule = schedule or Schedule()
        """When drills take place."""
        self.target = Address(LOOPBACK, 0)
        """The echo target."""
        self.at = LOOPBACK
        """Address of this box at which what clients ask for is to be had."""
        self.only_to: tuple[Address, ...] = ()
        """What servers lead to, whoever asks and for whatever; empty = to anything."""
        self.lead_to: Address | None = None
        """Where plain entrances lead; None where there are to be none."""
        self.doors: dict[Address, Address] = {}
        """The plain entrance beside each SOCKS5 entrance, where there is one."""

    async def start_echo(self, processes: int = 1) -> Address:
        """Start the echo target, which is also the caretaker, and return its TCP and UDP address.

        More processes share its TCP port where the kernel deals connections out over them.
        """
        shared = processes > 1 and sys.platform == "linux"
        arguments = [str(self.workspace.folder), *([SHARED] if shared else [])]
        port = await self.crew.start_caretaker("echo", "servers.echo", *arguments)
        for number in range(2, processes + 1 if shared else 2):
            await self.crew.start_helper(f"echo-{number}", "servers.echo_share", str(port), role="service")
        self.target = Address(LOOPBACK, port)
        return self.target

    async def start_caretaker(self) -> None:
        """Start who clears up should the lab be killed, where the echo target is another box's."""
        await self.crew.start_caretaker("caretaker", "servers.echo", str(self.workspace.folder))

    async def start_stage(self, target: Address) -> Address:
        """Start a relay between the proxies and the echo target's TCP port, where nothing guards the bytes."""
        relay = await self.start_relay(STAGE, target, ("raw",))
        return Address(LOOPBACK, relay.port)

    async def start_relay(
        self, name: str, target: Address, watch: Sequence[str], at: Address = ANYWHERE
    ) -> HelperProgram:
        """Start the relay that watches the wire in front of a server: ``udp``, or as ``tcp_relay`` takes it."""
        module, *how = ("udp_relay",) if tuple(watch) == DATAGRAMS else ("tcp_relay", *watch)
        return await self.crew.start_helper(name, f"relay.{module}", target.written(), at.written(), *how)

    def inject(self, fault: FaultSpec) -> None:
        """Have the relays carry a fault out: those on the wire, or the one before the echo target."""
        for child in self.crew.children:
            if child.name.endswith(RELAY) and (child.name == STAGE) is fault.after_tunnel:
                child.say(f"{INJECT} {fault.text}")

    def open_door(self, entrance: Address) -> Address:
        """Return a new plain entrance beside a SOCKS5 entrance; raises LabStartError when no port is free."""
        self.doors[entrance] = Address(LOOPBACK, free_port())
        return self.doors[entrance]

    async def close(self) -> None:
        """Stop every child, the last started first, and remove the folder."""
        await self.crew.clear()
        self.workspace.close()


Build = Callable[[Testbed], Awaitable[list[Tunnel]]]
"""How a protocol builds its tunnels."""


async def output_of(argv: Sequence[str]) -> str:
    """Run a short command, for example a key generator, and return its output; raises LabStartError."""
    process = await asyncio.create_subprocess_exec(
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    text = said.decode("utf-8", "replace")
    if process.returncode != 0:
        raise LabStartError(f"{' '.join(argv)} exited {process.returncode}: {text.strip()[-200:]}")
    return text
