"""How much a box is asked for at a time: less where that comes slowly or not at all, as where packets are lost."""

import contextlib
import time
from collections.abc import Iterator
from typing import Final

from stresstui.fleet.reach.box_side import PIECE
from stresstui.fleet.reach.link import LinkError

LEAST: Final = 1 << 14
"""Bytes that are asked for in any case."""
FIRST: Final = 1 << 16
"""Bytes that are asked for at first, while nothing is known of the way; where that is fast it is soon PIECE."""
SLOW_S: Final = 5.0
"""Seconds from which on a piece was too large."""
_FAST_S: Final = 1.0


class PieceSize:
    """What the next piece of a run may have."""

    def __init__(self) -> None:
        self.most = FIRST
        """Bytes, at most."""

    @contextlib.contextmanager
    def asked(self) -> Iterator[int]:
        """Ask for so many bytes; the next time for fewer where they took long or never came, for more where not."""
        began = time.monotonic()
        try:
            yield self.most
        except LinkError:
            self.most = max(self.most // 4, LEAST)
            raise
        took = time.monotonic() - began
        if took > SLOW_S:
            self.most = max(self.most // 4, LEAST)
        elif took < _FAST_S:
            self.most = min(2 * self.most, PIECE)
