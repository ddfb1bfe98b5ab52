"""The bytes that are sent, and the proof that the same bytes came back."""

import random

BLOCK = 2**20
"""Bytes in the pre-generated block, after which the payload repeats."""


class Payload:
    """One block of seeded random bytes; any position of the endless repetition can be cut from it."""

    def __init__(self, seed: int) -> None:
        block = random.Random(seed).randbytes(BLOCK)
        self._twice = block + block

    def cut(self, position: int, length: int) -> bytes:
        """Return length bytes (at most one block) from a position of the endless payload."""
        at = position % BLOCK
        return self._twice[at : at + length]

    def matches(self, position: int, data: bytes) -> bool:
        """Say whether data is exactly what was sent from a position on."""
        while len(data) > BLOCK:
            if data[:BLOCK] != self.cut(position, BLOCK):
                return False
            data, position = data[BLOCK:], position + BLOCK
        return data == self.cut(position, len(data))
