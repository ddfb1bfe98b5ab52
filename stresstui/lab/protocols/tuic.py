"""TUIC: QUIC with BBR, streams for TCP and native datagrams for UDP."""

import secrets
import uuid

from stresstui.lab.protocols import quic
from stresstui.lab.testbed.certs import issue
from stresstui.lab.testbed.testbed import Room, Tunnel


async def build(room: Room) -> list[Tunnel]:
    """Start server and client; raises StartError or MissingError."""
    user = {"uuid": str(uuid.uuid4()), "password": secrets.token_urlsafe(16)}
    control = {"congestion_control": "bbr"}
    tunnel = await quic.build(
        room,
        "tuic",
        "tuic",
        alpn="h3",
        certificate=issue(room.folder),
        server={"users": [user], **control},
        client={**user, **control, "udp_relay_mode": "native"},
    )
    return [tunnel]
