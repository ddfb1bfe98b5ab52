"""What every fault is to the relay that carries it out."""

from typing import ClassVar


class Fault:
    """One fault in force; its times count from ``begin``, and it lasts until the relay ends."""

    kind: ClassVar[str]
    """What a person calls it."""
    after_tunnel: ClassVar[bool] = False
    """True where it takes place behind the tunnel, before the echo target, where nothing guards the bytes."""

    def __init__(self, amount: float, at: float) -> None:
        """``amount`` in base units, per second where it is written per time; ``at`` in seconds under load."""
        self.amount, self.at = amount, at

    def begin(self) -> None:
        """Put it in force; the event loop is running."""

    def alter(self, data: bytes) -> bytes:
        """What is passed on in the place of a chunk."""
        return data

    def drops(self) -> bool:
        """Whether a new connection, or a datagram, is to be lost."""
        return False

    def pause(self, size: int) -> float:
        """Seconds for which a sender of so many bytes has to wait."""
        del size
        return 0.0
