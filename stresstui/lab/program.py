"""What the lab's own programs (relay, site, SSH server) have in common: they report as JSON and end with the lab."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Callable, Mapping

_INTERVAL = 1.0


async def serve_until_told(port: int, metrics: Callable[[], Mapping[str, float]]) -> None:
    """Print the port, then the metrics every second, until SIGTERM or the end of standard input."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, done.set)
    await loop.connect_read_pipe(lambda: _UntilEnd(done), sys.stdin)
    _say({"port": port})
    while not done.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(done.wait(), _INTERVAL)
        _say(metrics())


class _UntilEnd(asyncio.Protocol):
    def __init__(self, done: asyncio.Event) -> None:
        self._done = done

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._done.set()


def _say(facts: Mapping[str, float]) -> None:
    with contextlib.suppress(BrokenPipeError):  # a killed lab does not listen; its end is noticed on standard input
        print(json.dumps(facts), flush=True)
