"""What the lab's own programs (relay, site, SSH server) have in common: they report as JSON and end with the lab."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stresstui.core.text.line_buffer import LineBuffer

PORT = "STRESSTUI_LAB_PORT"
"""Variable that holds the port of a program that is started again."""
_INTERVAL = 1.0


def own_port(wanted: int = 0) -> int:
    """Return the port to listen on: the wanted one, or the same again for a program that is started again."""
    return int(os.environ.get(PORT, wanted))


@contextlib.contextmanager
def told_where(what: str, address: str) -> Iterator[None]:
    """Have a program that cannot go to an address, or listen at it, say that in a line, and end."""
    try:
        yield
    except OSError as error:
        sys.exit(f"cannot {what} {address}: {error.strerror or error}")


async def serve_until_told(
    port: int, metrics: Callable[[], Mapping[str, float]], obey: Callable[[str], None] = lambda _: None
) -> None:
    """Print the port, then the metrics every second, until SIGTERM or the end of standard input.

    Every line that comes on standard input until then is obeyed.
    """
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    await loop.connect_read_pipe(lambda: UntilEnd(done, obey), sys.stdin)
    say({"port": port})
    while not done.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _INTERVAL)
        say(metrics())


class UntilEnd(asyncio.Protocol):
    """Standard input, line by line, and the end of it."""

    def __init__(self, done: asyncio.Event, obey: Callable[[str], None]) -> None:
        self._done, self._obey = done, obey
        self._buffer = LineBuffer()

    def data_received(self, data: bytes) -> None:
        """Obey every whole line."""
        for line in self._buffer.feed(data):
            self._obey(line.decode())

    def connection_lost(self, exc: Exception | None) -> None:
        """End with the lab."""
        del exc
        self._done.set()


def say(facts: Mapping[str, Any]) -> None:
    """Print facts as one line of JSON."""
    with contextlib.suppress(BrokenPipeError):  # a killed lab does not listen; its end is noticed on standard input
        print(json.dumps(facts), flush=True)
