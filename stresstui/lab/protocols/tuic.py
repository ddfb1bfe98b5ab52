"""TUIC: QUIC with BBR, streams for TCP and native datagrams for UDP."""

import secrets
import uuid

from stresstui.lab.protocols import quic
from stresstui.lab.testbed.certs import issue
from stresstui.lab.testbed.ends import Ends, ServerEnd
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel


async def serve(testbed: Testbed) -> ServerEnd:
    """Start the server; raises LabStartError or MissingError."""
    user = {"uuid": str(uuid.uuid4()), "password": secrets.token_urlsafe(16)}
    control = {"congestion_control": "bbr"}
    invitation = await quic.serve(
        testbed,
        "tuic",
        "tuic",
        alpn="h3",
        certificate=issue(testbed.workspace.folder),
        server={"users": [user], **control},
        client={**user, **control, "udp_relay_mode": "native"},
    )
    return ServerEnd([invitation])


async def build(testbed: Testbed) -> list[Tunnel]:
    """Start both ends; raises LabStartError or MissingError."""
    return await Ends(serve, quic.join).build(testbed)
