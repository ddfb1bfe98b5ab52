"""The lab under a load of its own: a driver for each tunnel, whose answers are verified."""

import asyncio
from collections.abc import Mapping

from stresstui.lab.load.driver import Driver
from stresstui.lab.load.joint_driver import JointDriver, Other, UnaccountedError
from stresstui.lab.load.profiles import small_part
from stresstui.lab.load.shard import order
from stresstui.lab.load.share import parts, wanted
from stresstui.lab.loaded_tunnel import LoadedTunnel, merged
from stresstui.lab.net.socks import Address
from stresstui.lab.options import Options
from stresstui.lab.process.announce import Role, declare
from stresstui.lab.session import Session, first_of
from stresstui.lab.testbed.errors import ChildDiedError, LabStartError
from stresstui.lab.testbed.testbed import Build
from stresstui.lab.testbed.tunnel import Tunnel

READY_TIMEOUT = 20.0
"""Seconds that a tunnel has for its first round trip."""
SIDE_TIMEOUT = 6.0
"""Seconds that a side tunnel has before its client is started once more: one probe that hangs, and the next."""


class DrivenLoad:
    """Loads every tunnel by the plan of the options."""

    introduction: tuple[Role, str] = ("driver", "driver")

    def __init__(self) -> None:
        self.loaded: list[LoadedTunnel] = []

    async def bring_up(self, session: Session, build: Build) -> list[float]:
        """Build everything and prove each tunnel by its driver; raises LabStartError."""
        target, udp_target = await self.targets(session)
        session.tunnels = await build(session.testbed)
        self.loaded = [await _loaded(session, tunnel, target, udp_target) for tunnel in session.tunnels]
        return [await _prove(session, one) for one in self.loaded]

    async def targets(self, session: Session) -> tuple[Address, Address]:
        """Start the echo target; give where TCP is to go, and where datagrams. Raises LabStartError."""
        echo = await session.testbed.start_echo(_drivers(session.options))
        staged = any(fault.after_tunnel for fault in session.options.faults)
        return (await session.testbed.start_stage(echo) if staged else echo), echo

    async def load(self, session: Session) -> None:
        """Load every tunnel until it is time to rest; raises what a driver raises."""
        options = session.options
        await first_of(session.stop_load, session.leave, within=options.settle)
        notes = [f"{options.protocol}: load through {len(self.loaded)} tunnel(s)"]
        declare("loading", "; ".join(notes + [f"injected: {fault.text}" for fault in options.faults]))
        for fault in options.faults:
            session.testbed.inject(fault)
        await self._drive(session)
        declare("idle", "load stopped, connections closed, everything still up")

    async def _drive(self, session: Session) -> None:
        tallies = {one.tunnel.name: one.driver.tally for one in self.loaded}
        try:
            async with asyncio.TaskGroup() as group:
                works = [group.create_task(one.driver.run()) for one in self.loaded]
                works += [group.create_task(drill(tallies)) for one in self.loaded for drill in one.tunnel.drills]
                await first_of(session.stop_load, session.leave, *works, within=_load_time(session.options))
                for work in works:
                    work.cancel()
        except BaseExceptionGroup as failed:
            first = failed.exceptions[0]
            if isinstance(first, UnaccountedError):
                declare("failed", str(first))
                raise ChildDiedError(str(first)) from None
            raise first from None

    async def cool(self, session: Session) -> None:
        """Stay idle until told to end, or for the cool-down where the duration was given."""
        timed = session.options.duration is not None
        await first_of(session.leave, within=session.options.cool_down if timed else session.options.max_duration)

    def metrics(self) -> Mapping[str, float]:
        """What drivers and protocols count, merged."""
        each = {one.tunnel.name: one.metrics() for one in self.loaded if not one.tunnel.side}
        sides = {one.tunnel.name: one.metrics() for one in self.loaded if one.tunnel.side}
        return merged(each, sides)

    def histograms(self) -> Mapping[str, str]:
        """None: one box's own percentiles say all."""
        return {}

    def summary(self) -> list[str]:
        """The histograms."""
        return [f"{one.tunnel.name} {text}" for one in self.loaded for text in one.driver.tally.summary()]


async def _loaded(session: Session, tunnel: Tunnel, target: Address, udp_target: Address) -> LoadedTunnel:
    """Give a tunnel its driver, and the processes that make other parts of its load; raises LabStartError."""
    options, entrance = session.options, tunnel.entrance
    plan = small_part(options.plan) if tunnel.side else options.plan
    if tunnel.side or tunnel.drills:  # drills look at, and forgive, what is counted here as it happens
        return LoadedTunnel(tunnel, Driver(entrance, target, plan, udp=tunnel.udp, udp_target=udp_target))
    own, *others = parts(plan, _drivers(options))
    driver = JointDriver(entrance, target, own, udp=tunnel.udp, udp_target=udp_target)
    for number, part in enumerate(others, 2):
        await _start_other(session, driver, f"driver-{number}", order(entrance, target, part))
    return LoadedTunnel(tunnel, driver)


def _drivers(options: Options) -> int:
    return options.drivers or wanted(options.plan)


async def _start_other(session: Session, driver: JointDriver, name: str, ordered: str) -> None:
    crew = session.testbed.crew
    other = Other(driver.tally, lambda word: crew.say(name, word))
    other.ended = (await crew.start_driver(name, ordered, hear=other.hear)).ended
    driver.others.append(other)


async def _prove(session: Session, one: LoadedTunnel) -> float:
    """Prove one tunnel; a multiplexing client whose one connection hangs from its start is started once more."""
    name, crew = one.tunnel.name, session.testbed.crew
    client = next((child for child in crew.children if child.name == f"{name}-client"), None)
    if one.tunnel.side and client is not None:
        try:
            return await session.prove(name, one.driver.prove(SIDE_TIMEOUT))
        except LabStartError:
            if client.ended.done():
                raise
            await crew.restart(client)
    return await session.prove(name, one.driver.prove(READY_TIMEOUT))


def _load_time(options: Options) -> float:
    limits = (options.duration, options.max_duration)
    return min(limit for limit in limits if limit is not None)
