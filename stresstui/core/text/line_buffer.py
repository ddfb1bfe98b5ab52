"""A stream of bytes to lines: what every reader of chunks needs, once."""


class LineBuffer:
    """Keeps the line that has not ended yet."""

    def __init__(self) -> None:
        self.partial = b""
        """The line that has not ended yet."""

    def feed(self, chunk: bytes) -> list[bytes]:
        """Take a chunk; give the lines that it completes, without their ends."""
        *lines, self.partial = (self.partial + chunk).split(b"\n")
        return lines

    def take_partial(self) -> bytes:
        """Give up the line that has not ended: nothing more comes, or it is too long to wait for."""
        partial, self.partial = self.partial, b""
        return partial
