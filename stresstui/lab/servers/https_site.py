"""The destination site that REALITY hides behind, a process of its own: TLS 1.3 on loopback, one small page.

Started as ``python -m stresstui.lab.servers.https_site CERTIFICATE KEY``; prints its port, then its visitors every
second.
"""

import asyncio
import ssl
import sys
from typing import cast

import uvloop

from stresstui.lab.process.helper import own_port, serve_until_told

PAGE = b"the destination site of the lab\n"
"""What every visitor is served; the proof that a connection ended here and not in the proxy."""
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(PAGE)


class Site(asyncio.Protocol):
    """One visitor, after the TLS handshake."""

    visits = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count the visitor."""
        self._transport = cast("asyncio.Transport", transport)
        Site.visits += 1

    def data_received(self, data: bytes) -> None:
        """Serve the page and close."""
        del data
        self._transport.write(_ANSWER + PAGE)
        self._transport.close()


async def serve(certificate: str, key: str) -> None:
    """Serve the page until told to end or the lab is gone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols(["h2", "http/1.1"])
    context.load_cert_chain(certificate, key)
    server = await asyncio.get_running_loop().create_server(Site, "127.0.0.1", own_port(), ssl=context)
    await serve_until_told(server.sockets[0].getsockname()[1], lambda: {"site_visits_total": Site.visits})
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(*sys.argv[1:]))
