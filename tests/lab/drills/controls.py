"""Negative controls, each a real lab in which one thing is wrong: ``python tests/lab/controls.py NAME``."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from stresstui.lab import session
from stresstui.lab.driven_load import DrivenLoad
from stresstui.lab.load.profiles import MIB, LoadPlan
from stresstui.lab.options import Options
from stresstui.lab.protocols import ech, hysteria, reality, ssh, tuic
from stresstui.lab.protocols.ech_keys import EchKeys, generate_keys, key_file
from stresstui.lab.protocols.ech_rotation import RotationDrill
from stresstui.lab.relay.faults.kinds import FaultSpec, parse_fault
from stresstui.lab.testbed.crew import Crew
from stresstui.lab.testbed.schedule import Schedule
from stresstui.lab.testbed.testbed import Build, Testbed
from stresstui.lab.testbed.tunnel import Tunnel

PLAN = LoadPlan(rate=10.0, payloads=(4096,), flows=4, flow_rate=1.0 * MIB)
TCP = replace(PLAN, datagrams=0.0)
ONE_STREAM = LoadPlan(rate=0.0, flows=1, flow_rate=0.5 * MIB)
NOTHING_AT_ONCE = LoadPlan(rate=5.0, payloads=(1024,), requests=1, flows=0)
REFUSALS_TAKE = 5.0  # a REALITY client is in no hurry to give up
NOT_YET = ("wrong_key_refused*", "bad_certificate_refused*")
OFTEN = Schedule(rotate_every=0.5, visit_every=0.5, stall_every=1.7, stall=0.2)
RARELY = Schedule(rotate_every=600.0, visit_every=0.5, stall_every=600.0)
INTERVAL = 0.5
INITIAL = b"\xc3" + bytes(1199)
Act = Callable[[Testbed], None]


@dataclass(frozen=True)
class Control:
    """A lab, what is wrong in it, and for how long it is loaded."""

    scenario: str
    build: Build
    breaks: tuple[str, ...] = ()
    """The criteria that have to fail, and no others; a name that ends in ``*`` may fail as well."""
    plan: LoadPlan = PLAN
    seconds: float = 2.6
    schedule: Schedule = OFTEN
    faults: tuple[FaultSpec, ...] = ()
    restarts: int = 0


class LostKeys(RotationDrill):
    """A server that gets keys of which no client ever hears."""

    async def server_keys(self, new: EchKeys, old: EchKeys) -> None:
        del new, old
        self._write(key_file(await generate_keys(77)))


def then(build: Build, act: Act, *times: float) -> Build:
    """Do something to a testbed, so many seconds after everything is built."""

    async def built(testbed: Testbed) -> list[Tunnel]:
        tunnels = await build(testbed)
        for when in times:
            asyncio.get_running_loop().call_later(when, act, testbed)
        return tunnels

    return built


def send(name: str, number: signal.Signals) -> Act:
    def act(testbed: Testbed) -> None:
        for child in testbed.crew.children:
            if child.name == name:
                os.kill(child.pid, number)

    return act


def hold(testbed: Testbed) -> None:
    testbed.crew.say("tuic-relay", "hold 1.5")


def begin_a_quic_handshake(testbed: Testbed) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as stranger:
        stranger.sendto(INITIAL, ("127.0.0.1", testbed.crew._ports["hy1-relay"]))


def leave_in_mid_handshake(relay: str, said: bytes) -> Act:
    def act(testbed: Testbed) -> None:
        with socket.create_connection(("127.0.0.1", testbed.crew._ports[relay])) as stranger:
            stranger.sendall(said)

    return act


def never_lets_go(build: Build) -> Build:
    async def built(testbed: Testbed) -> list[Tunnel]:
        say = Crew.say
        Crew.say = lambda crew, name, _: say(crew, name, "hold 7")  # type: ignore[method-assign,assignment] # the control
        return await build(testbed)

    return built


CONTROLS = {
    "ech": Control("ech_24h", ech.build, seconds=5.0),
    "reality": Control("reality_24h", reality.build, seconds=REFUSALS_TAKE),
    "hysteria": Control("hysteria_24h", hysteria.build),
    "ssh": Control("ssh_24h", ssh.build),
    "tuic": Control("tuic_24h", tuic.build),
    "ech-shown": Control("ech_24h", ech.build_without_ech, ("ech_stability", "ech_seen", "keys_rotated*")),
    "ech-not-multiplexed": Control(
        "ech_24h", partial(ech.build_with, variant=ech.EchVariant(multiplexed=False)), ("connection_reuse",)
    ),
    # What fails in the first five seconds is forgiven, what fails then is not.
    "ech-server-lost-its-keys": Control(
        "ech_24h",
        partial(ech.build_with, variant=ech.EchVariant(rotation=LostKeys)),
        ("configuration_updates", "tls_handshakes"),
        seconds=8.0,
    ),
    "reality-impostor-has-the-key": Control(
        "reality_24h",
        partial(reality.build_with, variant=reality.RealityVariant(impostor_has_key=True)),
        ("authentication", "wrong_key_refused"),
        seconds=REFUSALS_TAKE,
    ),
    "reality-not-led-astray": Control(
        "reality_24h",
        partial(reality.build_with, variant=reality.RealityVariant(astray=False)),
        ("certificates", "bad_certificate_refused"),
        seconds=REFUSALS_TAKE,
    ),
    "reality-unknown-site": Control(
        "reality_24h",
        partial(reality.build_with, variant=reality.RealityVariant(known_site=False)),
        ("certificates", "visitor_served", *NOT_YET),
    ),
    "reality-not-multiplexed": Control(
        "reality_24h",
        partial(reality.build_with, variant=reality.RealityVariant(multiplexed=False)),
        ("connection_reuse", *NOT_YET),
    ),
    "reality-broken-handshake": Control(
        "reality_24h",
        then(reality.build, leave_in_mid_handshake("reality-relay", b"GET / HTTP/1.1\r\n\r\n"), 1.0),
        ("tls_sessions", *NOT_YET),
    ),
    "ssh-impostor-known": Control(
        "ssh_24h", partial(ssh.build_with, impostor_known=True), ("authentication", "wrong_key_refused")
    ),
    "ssh-broken-handshake": Control(
        "ssh_24h", then(ssh.build, leave_in_mid_handshake("ssh-relay", b"SSH-2.0-stranger\r\n"), 1.0), ("sessions",)
    ),
    "ssh-client-killed": Control(
        "ssh_24h", then(ssh.build, send("ssh-client", signal.SIGKILL), 1.0), ("not_lost",), seconds=4.0, restarts=1
    ),
    "ssh-one-stream": Control("ssh_24h", ssh.build, ("channels", "connection_reuse"), plan=ONE_STREAM),
    "tuic-one-after-another": Control("tuic_24h", tuic.build, ("streams",), plan=NOTHING_AT_ONCE),
    "tuic-lossy-wire": Control(
        "tuic_24h", tuic.build, ("udp", "congestion*"), seconds=6.0, schedule=RARELY, faults=(parse_fault("drop=4%"),)
    ),
    "tuic-uneven-wire": Control(
        "tuic_24h", then(tuic.build, hold, 1.5, 4.5), ("congestion",), TCP, seconds=6.0, schedule=RARELY
    ),
    "tuic-never-recovers": Control("tuic_24h", never_lets_go(tuic.build), ("recovery",), TCP, seconds=7.5),
    "hysteria-1-client-killed": Control(
        "hysteria_24h",
        then(hysteria.build, send("hy1-client", signal.SIGKILL), 1.0),
        ("hy1_not_lost", "hy1_congestion*", "hy1_udp*"),
        seconds=5.0,
        schedule=RARELY,
        restarts=1,
    ),
    "hysteria-1-unanswered": Control(
        "hysteria_24h", then(hysteria.build, begin_a_quic_handshake, 0.5), ("hy1_quic",), seconds=11.5, schedule=RARELY
    ),
}


def main(name: str) -> int:
    control = CONTROLS[name]
    options = Options(
        control.scenario,
        control.plan,
        control.seconds,
        interval=INTERVAL,
        restarts=control.restarts,
        faults=control.faults,
        schedule=control.schedule,
    )
    return session.run(options, DrivenLoad(), control.build)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
