"""SSH: sing-box as the client, OpenSSH as the server where it is installed, asyncssh otherwise; keys only."""

import getpass
import os
import pwd
from collections.abc import Callable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stresstui.lab.binaries import require, sshd
from stresstui.lab.protocols import singbox
from stresstui.lab.room import LOOPBACK, Room, Tunnel

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
PermitOpen any
PermitRootLogin prohibit-password
MaxSessions 0
MaxStartups 100
UseDNS no
LogLevel ERROR
"""


async def build(room: Room) -> list[Tunnel]:
    """Start server, relay and client; raises StartError or MissingError."""
    host, user = key_pair(room, "ssh-host"), key_pair(room, "ssh-user")
    authorized = room.write_text("authorized_keys", user[1] + "\n")
    port, readings, which = await _server(room, host[0], authorized)
    relay = await room.relay("ssh-relay", port, "ssh")
    outbound = singbox.dialling(
        "ssh", relay.port, user=getpass.getuser(), private_key_path=str(user[0]), host_key=[host[1]]
    )
    entrance = await singbox.client(room, "ssh-client", outbound)
    return [Tunnel("ssh", entrance, note=f"server: {which}", readings=lambda: relay.readings | dict(readings()))]


def key_pair(room: Room, name: str) -> tuple[Path, str]:
    """Write an Ed25519 key and return its file and its public line."""
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.OpenSSH, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
    return room.write_text(name, private.decode()), public.decode()


async def _server(room: Room, host_key: Path, authorized: Path) -> tuple[int, Callable[[], Mapping[str, float]], str]:
    program = _usable_sshd()
    if program is not None:
        port = room.port()
        facts = {"port": port, "address": LOOPBACK, "host_key": host_key, "authorized": authorized}
        config = room.write_text("sshd_config", _SSHD_CONFIG.format(**facts))
        await room.spawn("ssh-server", [program, "-D", "-e", "-f", str(config)])
        return port, dict, "OpenSSH"
    require("asyncssh")
    server = await room.program("ssh-server", "sshserver", str(host_key), str(authorized))
    return server.port, lambda: server.readings, "asyncssh, as OpenSSH's server cannot be used here"


def _usable_sshd() -> str | None:
    """As root, sshd wants the folder and the user that its package makes."""
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("sshd")
        except KeyError:
            return None
        if not _SSHD_AS_ROOT.is_dir():
            return None
    return sshd()
