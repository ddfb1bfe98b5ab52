"""ECH: VLESS over TLS whose ClientHello is encrypted; a relay on the wire reads what an observer would see.

A second client multiplexes its streams, so that reuse of connections can be seen; clients learn the keys from HTTPS
records and the server rereads its key file, so that keys change without a restart.
"""

import uuid
from dataclasses import dataclass
from pathlib import Path

from stresstui.lab.net.resolve import way_to
from stresstui.lab.net.socks import Address
from stresstui.lab.protocols.ech_keys import PUBLIC_NAME, Records, generate_keys, key_file
from stresstui.lab.protocols.ech_rotation import RotationDrill
from stresstui.lab.stacks import singbox
from stresstui.lab.stacks.singbox import Settings
from stresstui.lab.testbed.certs import Certificate, issue
from stresstui.lab.testbed.crew import HelperProgram
from stresstui.lab.testbed.ends import Invitation, ServerEnd, both
from stresstui.lab.testbed.errors import LabStartError
from stresstui.lab.testbed.ports import free_port
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel

_KEY_FILE = "ech.keys"
# The client holds on to idle connections: one that is there at rest is there before the load and after it.
_MULTIPLEX = {"protocol": "h2mux", "max_connections": 1}
_PRIVATE = ("ech_config", "ech_config_since")
"""What a relay tells the lab alone."""


@dataclass(frozen=True, slots=True)
class EchVariant:
    """Which tunnel is built; the other values are negative controls."""

    hidden: bool = True
    """Whether the client uses ECH."""
    multiplexed: bool = True
    """Whether the second client multiplexes."""
    rotation: type[RotationDrill] = RotationDrill
    """Who changes the keys."""


async def serve(testbed: Testbed) -> ServerEnd:
    """Start the server; raises LabStartError or MissingError."""
    return await serve_with(testbed, EchVariant())


async def build(testbed: Testbed) -> list[Tunnel]:
    """Start server, relays and clients, all with ECH; raises LabStartError or MissingError."""
    return await build_with(testbed, EchVariant())


async def build_without_ech(testbed: Testbed) -> list[Tunnel]:
    """The negative control: the same with clients that show the real name to the wire."""
    return await build_with(testbed, EchVariant(hidden=False))


async def build_with(testbed: Testbed, variant: EchVariant) -> list[Tunnel]:
    """Start both ends of one variant; raises LabStartError or MissingError."""
    return await both(testbed, await serve_with(testbed, variant), join)


async def serve_with(testbed: Testbed, variant: EchVariant) -> ServerEnd:
    """Start the server of one variant; raises LabStartError or MissingError."""
    keys, certificate, user, port = (
        await generate_keys(),
        issue(testbed.workspace.folder),
        str(uuid.uuid4()),
        free_port(),
    )
    records = Records(keys.config)
    names = await records.open(testbed.at)
    testbed.workspace.write_text(_KEY_FILE, key_file(keys))
    rotation = variant.rotation(
        testbed.schedule, keys, records, lambda text: testbed.workspace.write_text(_KEY_FILE, text)
    )
    await singbox.server(testbed, "ech-server", _server(testbed, port, user, certificate))
    known = {
        "user": user, "certificate": certificate.cert.read_text(), "names": [testbed.at, names],
        "hidden": variant.hidden,
    }  # fmt: skip
    multiplex = {"enabled": variant.multiplexed, **_MULTIPLEX}
    watch = ("tls", PUBLIC_NAME)
    end = ServerEnd(
        [
            Invitation("ech", port, watch, known | {"more": {}}),
            Invitation("mux", port, watch, known | {"more": {"multiplex": multiplex}}, side=True),
        ],
        note=f"outer name {PUBLIC_NAME}" if variant.hidden else "control without ECH",
        watched=lambda relays: rotation.watch(*relays),
    )
    if variant.hidden:
        end.readings, end.drills = rotation.readings, (rotation.run,)
    return end


async def join(testbed: Testbed, invitation: Invitation) -> Tunnel:
    """Start a relay and a client; raises LabStartError or MissingError."""
    name, keys = invitation.name, invitation.keys
    certificate = testbed.workspace.write_text(f"{name}-client.pem", keys["certificate"])
    relay = await testbed.start_relay(f"{name}-relay", invitation.address, invitation.watch)
    outbound = _client(relay.port, keys["user"], certificate, hidden=keys["hidden"])
    names = _found(Address(*keys["names"]))
    entrance = await singbox.client(testbed, f"{name}-client", outbound | keys["more"], names=names)
    side = invitation.side
    return Tunnel(name, entrance, udp=not side, readings=lambda: _public(relay), side=side, relay=relay)


def _found(names: Address) -> Address:
    """Where the name server is, as digits: the client has nobody else to ask. Raises LabStartError."""
    try:
        return way_to(names)
    except OSError as error:
        raise LabStartError(f"there is no way to {names.written()}: {error.strerror or error}") from None


def _public(relay: HelperProgram) -> dict[str, float]:
    return {name: value for name, value in relay.readings.items() if name not in _PRIVATE}


def _server(testbed: Testbed, port: int, user: str, certificate: Certificate) -> Settings:
    tls = {
        "enabled": True,
        "certificate_path": str(certificate.cert),
        "key_path": str(certificate.key),
        "ech": {"enabled": True, "key_path": str(testbed.workspace.folder / _KEY_FILE)},
    }
    return singbox.listening("vless", port, users=[{"uuid": user}], tls=tls, multiplex={"enabled": True})


def _client(port: int, user: str, certificate: Path, *, hidden: bool) -> Settings:
    tls = {
        "enabled": True,
        "server_name": "localhost",
        "certificate_path": str(certificate),
        **({"ech": {"enabled": True}} if hidden else {}),
    }
    return singbox.dialling("vless", port, uuid=user, tls=tls)
