"""A stream of bytes to lines: what every reader of chunks needs, once."""


class LineBuffer:
    """Keeps the line that has not ended yet, in the pieces that it came in: each byte is copied once."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self.waiting = 0
        """Bytes of the line that has not ended yet."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take a chunk; give the lines that it completes, without their ends."""
        first, *others = chunk.split(b"\n")
        if not others:
            self._keep(first)
            return []
        lines = [self.take_partial() + first, *others[:-1]]
        self._keep(others[-1])
        return lines

    def take_partial(self) -> bytes:
        """Give up the line that has not ended: nothing more comes, or it is too long to wait for."""
        partial = b"".join(self._pieces)
        self._pieces, self.waiting = [], 0
        return partial

    def _keep(self, piece: bytes) -> None:
        if piece:
            self._pieces.append(piece)
            self.waiting += len(piece)
