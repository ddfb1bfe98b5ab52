"""The bytes that are sent, and the proof that the same bytes came back."""

import random

BLOCK = 2**20
"""Bytes in the pre-generated block, after which the payload repeats."""


class Payload:
    """One block of seeded random bytes; any position of the endless repetition can be cut from it."""

    def __init__(self, seed: int) -> None:
        block = random.Random(seed).randbytes(BLOCK)
        self._twice = block + block
        self._seen = memoryview(self._twice)

    def cut(self, position: int, length: int) -> bytes:
        """Return length bytes (at most one block) from a position of the endless payload."""
        at = position % BLOCK
        return self._twice[at : at + length]

    def view(self, position: int, length: int) -> memoryview:
        """Return the same as ``cut`` without copying it."""
        at = position % BLOCK
        return self._seen[at : at + length]

    def matches(self, position: int, data: bytes | memoryview) -> bool:
        """Say whether data is exactly what was sent from a position on."""
        while len(data) > BLOCK:
            if not self.matches(position, data[:BLOCK]):
                return False
            data = data[BLOCK:]
        # The whole of data is compared, in place: what it could exceed is a block longer than what is left of it.
        return self._twice.startswith(data, position % BLOCK)
