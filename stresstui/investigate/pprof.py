"""Asks a Go program for its profiles (net/http/pprof)."""

import urllib.error
import urllib.request
from typing import Final

PROFILES: Final = {"heap": "heap?gc=1&debug=1", "goroutines": "goroutine?debug=1"}
"""Kinds and where they are asked for. A heap is profiled after a collection: what is garbage is nobody's."""
ANNOUNCED: Final = "announced"
"""Instead of an address: those that the run's programs announce."""
QUICK_S: Final = 30.0
"""Seconds that the programs of a run take to answer, at most."""
_WAIT_S: Final = 10.0
_SIZE_MAX: Final = 64 << 20


class NoAnswerError(Exception):
    """The program does not give its profile; the message is one line."""


def fetch(address: str, kind: str) -> str:
    """The profile of a kind from ``host:port``, in text form; raises NoAnswerError."""
    url = f"http://{address}/debug/pprof/{PROFILES[kind]}"
    try:
        with urllib.request.urlopen(url, timeout=_WAIT_S) as answer:
            return str(answer.read(_SIZE_MAX).decode(errors="replace"))
    except (OSError, ValueError, urllib.error.HTTPError) as error:
        raise NoAnswerError(f"no profile at {url}: {getattr(error, 'reason', error)}") from None
