"""Answers scrapes with the newest state of a run, until it has ended and a last scrape had its time."""

import asyncio
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, start_http_server

from stresstui.export.follow import follow
from stresstui.export.openmetrics import RunCollector

LINGER_S: Final = 60.0
"""Seconds after the end in which it still answers: as long as most scrape intervals."""


class AddressError(ValueError):
    """An address that cannot be listened on; the message is one line."""


def parse_address(text: str) -> tuple[str, int]:
    """Host and port of ``127.0.0.1:9464``, ``[::1]:9464`` or ``:9464`` (this machine alone); raises AddressError."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:  # noqa: PLR2004 - the largest port there is
        raise AddressError(f"'{text}' is no address; write one such as 127.0.0.1:9464")
    return host.strip("[]") or "127.0.0.1", int(port)


async def serve(run_dir: Path, address: tuple[str, int], linger_s: float = LINGER_S) -> None:
    """Serve one run; raises AddressError where the address is taken."""
    collector, registry = RunCollector(), CollectorRegistry()
    registry.register(collector)
    try:
        server, thread = start_http_server(address[1], address[0], registry)
    except OSError as error:
        host = f"[{address[0]}]" if ":" in address[0] else address[0]
        raise AddressError(f"{host}:{address[1]} cannot be listened on: {error.strerror or error}") from None
    try:
        await follow(run_dir, collector.renew)
        await asyncio.sleep(linger_s)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
