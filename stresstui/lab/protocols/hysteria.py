"""Hysteria v1 and v2: one QUIC connection that carries every stream and datagram; a run may hold both, judged apart."""

import secrets

from stresstui.lab.protocols import quic
from stresstui.lab.testbed.certs import Certificate, issue
from stresstui.lab.testbed.ends import Ends, Invitation, ServerEnd
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel

_MBPS = 300
"""Bandwidth told to v1, Mbit/s each way; it turns slower and fatter above some 500."""


async def serve(testbed: Testbed) -> ServerEnd:
    """Start the servers of both versions, for tunnels ``hy1`` and ``hy2``; raises LabStartError or MissingError."""
    certificate = issue(testbed.workspace.folder)
    return ServerEnd([await _version_1(testbed, certificate), await _version_2(testbed, certificate)])


async def serve_1(testbed: Testbed) -> ServerEnd:
    """Start the server of version 1 alone; raises LabStartError or MissingError."""
    return ServerEnd([await _version_1(testbed, issue(testbed.workspace.folder))])


async def serve_2(testbed: Testbed) -> ServerEnd:
    """Start the server of version 2 alone; raises LabStartError or MissingError."""
    return ServerEnd([await _version_2(testbed, issue(testbed.workspace.folder))])


async def build(testbed: Testbed) -> list[Tunnel]:
    """Start both ends of both versions; raises LabStartError or MissingError."""
    return await Ends(serve, quic.join).build(testbed)


async def _version_1(testbed: Testbed, certificate: Certificate) -> Invitation:
    password, pace = secrets.token_urlsafe(16), {"up_mbps": _MBPS, "down_mbps": _MBPS}
    return await quic.serve(
        testbed,
        "hy1",
        "hysteria",
        alpn="hysteria",
        certificate=certificate,
        server={**pace, "users": [{"auth_str": password}]},
        client={**pace, "auth_str": password},
    )


async def _version_2(testbed: Testbed, certificate: Certificate) -> Invitation:
    password = secrets.token_urlsafe(16)
    return await quic.serve(
        testbed,
        "hy2",
        "hysteria2",
        alpn="h3",
        certificate=certificate,
        server={"users": [{"password": password}]},
        client={"password": password},
    )
