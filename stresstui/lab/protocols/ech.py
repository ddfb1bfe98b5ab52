"""ECH: VLESS over TLS whose ClientHello is encrypted; a relay on the wire reads what an observer would see."""

import re
import uuid
from dataclasses import dataclass

from stresstui.lab.binaries import sing_box
from stresstui.lab.certs import issue
from stresstui.lab.protocols import singbox
from stresstui.lab.room import Room, StartError, Tunnel, output_of

PUBLIC_NAME = "outer.example"
"""The only name that an observer of the wire may see."""
_BLOCK = re.compile(r"-----BEGIN ECH (CONFIGS|KEYS)-----.*?-----END ECH \1-----", re.DOTALL)


@dataclass(frozen=True, slots=True)
class EchKeys:
    """A key pair as sing-box wants it: PEM blocks, as lines."""

    config: list[str]
    """The public part, for clients."""
    key: list[str]
    """The private part, for the server."""


async def generate_keys() -> EchKeys:
    """Return a new key pair for the public name; raises StartError."""
    text = await output_of([sing_box(), "generate", "ech-keypair", PUBLIC_NAME])
    blocks = {found[1]: found[0].splitlines() for found in _BLOCK.finditer(text)}
    if set(blocks) != {"CONFIGS", "KEYS"}:
        raise StartError("sing-box generated no ECH key pair")
    return EchKeys(blocks["CONFIGS"], blocks["KEYS"])


async def build(room: Room) -> list[Tunnel]:
    """Start server, relay and client, all with ECH; raises StartError or MissingError."""
    return await build_with(room, hidden=True)


async def build_without_ech(room: Room) -> list[Tunnel]:
    """The negative control: the same with a client that shows the real name to the wire."""
    return await build_with(room, hidden=False)


async def build_with(room: Room, *, hidden: bool) -> list[Tunnel]:
    """Start the tunnel with a client that uses ECH or does not; raises StartError or MissingError."""
    keys, certificate, user = await generate_keys(), issue(room.folder), str(uuid.uuid4())
    port = room.port()
    server_tls = {
        "enabled": True,
        "certificate_path": str(certificate.cert),
        "key_path": str(certificate.key),
        "ech": {"enabled": True, "key": keys.key},
    }
    client_tls = {
        "enabled": True,
        "server_name": "localhost",
        "certificate_path": str(certificate.cert),
        **({"ech": {"enabled": True, "config": keys.config}} if hidden else {}),
    }
    inbound = singbox.listening("vless", port, users=[{"uuid": user}], tls=server_tls)
    await singbox.server(room, "ech-server", inbound)
    relay = await room.relay("ech-relay", port, "tls", PUBLIC_NAME)
    outbound = singbox.dialling("vless", relay.port, uuid=user, tls=client_tls)
    entrance = await singbox.client(room, "ech-client", outbound)
    note = f"outer name {PUBLIC_NAME}" if hidden else "control without ECH"
    return [Tunnel("ech", entrance, udp=True, note=note, readings=lambda: relay.readings)]
