"""Tunnels that stand for other programs: proxies with a plain TCP entrance each, that leads through them to the echo.

A program that only knows an address, such as the Rust project's own tests, connects to the entrance, and whatever it
sends has gone through the protocol when it comes back.
"""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Mapping

from stresstui.lab.driven_load import READY_TIMEOUT
from stresstui.lab.load.round_trips import RoundTrips
from stresstui.lab.net.socks import Address
from stresstui.lab.process.announce import Role
from stresstui.lab.session import Session
from stresstui.lab.testbed.testbed import Build
from stresstui.lab.testbed.tunnel import Tunnel

_NAMES = {"hy1": "HYSTERIA1", "hy2": "HYSTERIA2"}
_PROOF = 4096
_PROOF_TIMEOUT = 5.0
_AGAIN = 0.05


class LoadOfOthers:
    """Tunnels that are up without a load of the lab's own."""

    introduction: tuple[Role, str] = ("service", "lab")

    def __init__(self) -> None:
        self._tunnels: list[Tunnel] = []
        self._trips: dict[str, RoundTrips] = {}

    async def bring_up(self, session: Session, build: Build) -> list[float]:
        """Build everything and prove each tunnel through its plain entrance; raises LabStartError."""
        testbed = session.testbed
        testbed.lead_to = await testbed.start_echo()
        if any(fault.after_tunnel for fault in session.options.faults):
            testbed.lead_to = await testbed.start_stage(testbed.lead_to)
        session.tunnels = await build(testbed)
        self._tunnels = [tunnel for tunnel in session.tunnels if not tunnel.side]
        took = [await _open(session, tunnel) for tunnel in self._tunnels]
        self._trips = {tunnel.name: RoundTrips(session.testbed.doors[tunnel.entrance]) for tunnel in self._tunnels}
        return took

    async def load(self, session: Session) -> None:
        """Leave the load to others until told to end, and go round beside it."""
        for fault in session.options.faults:
            session.testbed.inject(fault)
        going = [asyncio.create_task(trips.run()) for trips in self._trips.values()]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(session.options.max_duration):
                await session.leave.wait()
        for one in going:
            one.cancel()
        await asyncio.gather(*going, return_exceptions=True)

    async def cool(self, session: Session) -> None:
        """There is nothing to cool down from."""

    def metrics(self) -> Mapping[str, float]:
        """What wires and round trips show, each name with its tunnel's before it, so that services stay apart."""
        wires = {name: value for tunnel in self._tunnels for name, value in _named(tunnel).items()}
        trips = {f"{own}_{name}": value for own, t in self._trips.items() for name, value in t.metrics().items()}
        return wires | trips

    def histograms(self) -> Mapping[str, str]:
        """Others take the times of their load."""
        return {}

    def summary(self) -> list[str]:
        """Whoever loads them knows more."""
        return []


async def _open(session: Session, tunnel: Tunnel) -> float:
    door = session.testbed.doors[tunnel.entrance]
    took = await session.prove(tunnel.name, prove(door, READY_TIMEOUT))
    addresses = [f"{variable(tunnel.name, use)}={door.host}:{door.port}" for use in ("STRESS", "BENCH")]
    tunnel.note = "; ".join(filter(None, (tunnel.note, addresses[0])))
    if session.options.env:
        print(f"STRESSTUI_ENV {' '.join(addresses)}", flush=True)
    return took


def variable(tunnel: str, use: str = "STRESS") -> str:
    """Return the variable in which the Rust project's tests look for a tunnel's address, or its benchmarks do."""
    name = _NAMES.get(tunnel, tunnel.upper())
    return f"SB_BENCH_{name}_ADDR" if use == "BENCH" else f"SB_{name}_STRESS_ADDR"


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
