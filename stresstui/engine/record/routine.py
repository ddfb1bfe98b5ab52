"""Lines of a journal that bring measurements only, told by their first bytes: who says nothing of them lets them wait.

A look at the bytes costs a reader a fraction of what decoding and folding them does, and of waking its loop for that.
Whatever the supervisor makes of measurements, breaches first of all, is a line of its own, and no routine.
"""

import re
from typing import Final

_NEWS: Final = re.compile(rb'(?m)^(?!\{"event":"(?:sample|report|times)",|\Z)|"missed":')
_SAMPLE: Final = b'{"event":"sample","t":'
WAITING_MAX: Final = 1 << 16
"""Bytes that may wait: even of short lines fewer than make a past of them."""


class Routine:
    """Says which bytes of a journal may wait until more come."""

    def __init__(self) -> None:
        self.until = float("-inf")
        """Time of the run from which a sample is wanted, seconds."""

    def may_wait(self, chunk: bytes) -> bool:
        """Say whether all of this is routine, of before ``until``; without a sample there is no telling."""
        at = chunk.rfind(_SAMPLE)
        if at < 0:
            return self.until > float("-inf") and _NEWS.search(chunk) is None
        t = chunk[at + len(_SAMPLE) : at + len(_SAMPLE) + 24].partition(b",")[0]
        try:
            return float(t) < self.until and _NEWS.search(chunk) is None
        except ValueError:
            return False
