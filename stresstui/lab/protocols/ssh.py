"""SSH: sing-box as the client, OpenSSH as the server where it is installed, asyncssh otherwise; keys only.

Visitors with the right key and with a wrong one come straight to the server, now and then.
"""

import functools
import getpass
import os
import pwd
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stresstui.lab.drills.auth_probe import Visit, Visitors
from stresstui.lab.drills.ssh_auth_probe import SshVisitor
from stresstui.lab.net.socks import Address
from stresstui.lab.process.binaries import require, sshd
from stresstui.lab.stacks import singbox
from stresstui.lab.testbed.ends import Invitation, ServerEnd, both
from stresstui.lab.testbed.ports import LOOPBACK, free_port
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel

_SSHD_AS_ROOT = Path("/run/sshd")
_SSHD_CONFIG = """\
Port {port}
ListenAddress {address}
HostKey {host_key}
AuthorizedKeysFile {authorized}
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowTcpForwarding local
PermitOpen {open}
PermitRootLogin prohibit-password
MaxSessions 0
MaxStartups 100
UseDNS no
LogLevel ERROR
"""


async def serve(testbed: Testbed) -> ServerEnd:
    """Start the server; raises LabStartError or MissingError."""
    return await serve_with(testbed, impostor_known=False)


async def build(testbed: Testbed) -> list[Tunnel]:
    """Start server, relay and client; raises LabStartError or MissingError."""
    return await build_with(testbed, impostor_known=False)


async def build_with(testbed: Testbed, *, impostor_known: bool) -> list[Tunnel]:
    """Start both ends, where the server refuses the wrong key or, a negative control, knows it."""
    return await both(testbed, await serve_with(testbed, impostor_known=impostor_known), join)


async def serve_with(testbed: Testbed, *, impostor_known: bool) -> ServerEnd:
    """Start the server, which refuses the wrong key or, a negative control, knows it."""
    host, user, wrong = (key_pair(testbed, f"ssh-{name}") for name in ("host", "user", "impostor"))
    authorized = testbed.workspace.write_text(
        "authorized_keys", "\n".join([user[1], wrong[1]] if impostor_known else [user[1]]) + "\n"
    )
    port, readings, which = await _server(testbed, host[0], authorized)
    visitors = _visitors(testbed, port, host[1], user[0], wrong[0])
    keys = {"user": getpass.getuser(), "key": user[0].read_text(), "host_key": host[1]}
    return ServerEnd(
        [Invitation("ssh", port, ("ssh",), keys)],
        note=f"server: {which}",
        readings=lambda: {**readings(), **visitors.readings()},
        drills=(visitors.run,),
    )


async def join(testbed: Testbed, invitation: Invitation) -> Tunnel:
    """Start a relay and a client; raises LabStartError or MissingError."""
    name, keys = invitation.name, invitation.keys
    key = testbed.workspace.write_text(f"{name}-client.key", keys["key"])
    relay = await testbed.start_relay(f"{name}-relay", invitation.address, invitation.watch)
    outbound = singbox.dialling(
        "ssh", relay.port, user=keys["user"], private_key_path=str(key), host_key=[keys["host_key"]]
    )
    entrance = await singbox.client(testbed, f"{name}-client", outbound)

    def readings() -> dict[str, float]:
        # The client holds on to its connections, so that one which ends has been lost.
        return {**relay.readings, "connections_lost_total": relay.readings.get("wire_connections_ended_total", 0)}

    return Tunnel(name, entrance, readings=readings, relay=relay)


def _visitors(testbed: Testbed, port: int, host_key: str, right: Path, wrong: Path) -> Visitors:
    name, count = getpass.getuser(), "auth_wrong_decisions_total"
    visit = functools.partial(SshVisitor, Address(LOOPBACK, port), name, host_key)
    visits = (
        Visit(visit(right).knock, welcome=True, right="right_key_accepts_total", wrong=count),
        Visit(visit(wrong).knock, welcome=False, right="wrong_key_refusals_total", wrong=count),
    )
    return Visitors(testbed.schedule, visits)


def key_pair(testbed: Testbed, name: str) -> tuple[Path, str]:
    """Write an Ed25519 key and return its file and its public line."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return testbed.workspace.write_text(name, private.decode()), public.decode()


async def _server(
    testbed: Testbed, host_key: Path, authorized: Path
) -> tuple[int, Callable[[], Mapping[str, float]], str]:
    program, lacks = sshd(), _lacks_as_root()
    if program is not None and lacks is None:
        port = free_port()
        facts = {"port": port, "address": LOOPBACK, "host_key": host_key, "authorized": authorized}
        facts["open"] = " ".join(to.written() for to in testbed.only_to) or "any"
        config = testbed.workspace.write_text("sshd_config", _SSHD_CONFIG.format(**facts))
        await testbed.crew.start("ssh-server", [program, "-D", "-e", "-f", str(config)])
        return port, dict, "OpenSSH"
    require("asyncssh")
    server = await testbed.crew.start_helper("ssh-server", "servers.ssh_server", str(host_key), str(authorized))
    why = lacks if program else "is not installed"
    return server.port, lambda: server.readings, f"asyncssh, as OpenSSH's server {why}"


def _lacks_as_root() -> str | None:
    """Say what sshd lacks to run as root: its package makes the user, the start of its service the folder."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam("sshd")
    except KeyError:
        return "needs a user 'sshd' to run as root"
    return None if _SSHD_AS_ROOT.is_dir() else f"needs the folder {_SSHD_AS_ROOT} to run as root"
