"""Tunnels that stand for other programs: proxies with a plain TCP entrance each, that leads through them to the echo.

A program that only knows an address, such as the Rust project's own tests, connects to the entrance, and whatever it
sends has gone through the protocol when it comes back.
"""

import asyncio
import contextlib
import os
import secrets
import time

from stresstui.lab.net.socks import Address
from stresstui.lab.process.announce import announce, report
from stresstui.lab.session import READY_TIMEOUT, Session
from stresstui.lab.testbed.testbed import Build, Tunnel

_NAMES = {"hy1": "HYSTERIA1", "hy2": "HYSTERIA2"}
_PROOF = 4096
_PROOF_TIMEOUT = 5.0
_AGAIN = 0.05


class Standing(Session):
    """Tunnels that are up without a load of their own."""

    def introduce(self) -> None:
        """Say what this process itself is."""
        announce(os.getpid(), "service", "lab")

    async def bring_up(self, build: Build) -> list[float]:
        """Build everything and return the seconds of a round trip through each plain entrance; raises StartError."""
        self.room.lead_to = await self.room.echo()
        if any(fault.kind == "corrupt" for fault in self.options.faults):
            self.room.lead_to = await self.room.stage(self.room.lead_to)
        self.tunnels = await build(self.room)
        return [await self._open(tunnel) for tunnel in self._plain()]

    def _plain(self) -> list[Tunnel]:
        return [tunnel for tunnel in self.tunnels if not tunnel.side]

    async def load(self) -> None:
        """Leave the load to others until told to end."""
        for fault in self.options.faults:
            self.room.inject(fault)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.leave.wait(), self.options.max_duration)

    async def cool(self) -> None:
        """There is nothing to cool down from."""

    def tell(self) -> None:
        """Print what the wires show, each name with its tunnel's before it, so that services stay apart."""
        report({name: value for tunnel in self._plain() for name, value in _named(tunnel).items()})

    async def _open(self, tunnel: Tunnel) -> float:
        door = self.room.doors[tunnel.entrance]
        took = await self.proven(tunnel.name, prove(door, READY_TIMEOUT))
        address = f"{variable(tunnel.name)}={door.host}:{door.port}"
        tunnel.note = "; ".join(filter(None, (tunnel.note, address)))
        if self.options.env:
            print(f"STRESSTUI_ENV {address}", flush=True)
        return took


def variable(tunnel: str) -> str:
    """Return the variable in which the Rust project's tests look for a tunnel's address."""
    return f"SB_{_NAMES.get(tunnel, tunnel.upper())}_STRESS_ADDR"


def _named(tunnel: Tunnel) -> dict[str, float]:
    own = f"{tunnel.name}_"
    found = tunnel.readings().items()
    return {name if name.startswith(own) else f"{own}wire_{name.removeprefix('wire_')}": value for name, value in found}


async def prove(door: Address, within: float) -> float:
    """Make one verified round trip through a plain entrance and return its seconds; raises TimeoutError."""
    until, cause = time.monotonic() + within, "nothing tried"
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            await asyncio.wait_for(_round_trip(door), _PROOF_TIMEOUT)
        except (OSError, EOFError) as error:
            cause = str(error) or type(error).__name__
            await asyncio.sleep(_AGAIN)
        else:
            return time.monotonic() - began
    raise TimeoutError(f"no round trip in {within:g} s ({cause})")


async def _round_trip(door: Address) -> None:
    data = secrets.token_bytes(_PROOF)
    reader, writer = await asyncio.open_connection(*door)
    try:
        writer.write(data)
        if await reader.readexactly(len(data)) != data:
            raise OSError("other bytes came back")
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
