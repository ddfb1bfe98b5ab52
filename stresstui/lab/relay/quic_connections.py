"""What became of a client's QUIC connections: it keeps one at a time, so that a new one means the end of the old."""

from dataclasses import dataclass

IDLE_TIMEOUT = 30.0
"""Seconds of silence after which QUIC gives a connection up; sing-box's setting at both ends (RFC 9000, 10.1)."""
_NEARLY = 0.9  # a client whose timeout ran off reconnects at once, and its last datagram came a little later


@dataclass(slots=True)
class Connections:
    """The running counts of one client; times are monotonic seconds."""

    lost: int = 0
    """Established connections that ended although the client still wanted one."""
    idle_timeouts: int = 0
    """Those of them that ended because the server was silent for too long."""
    reconnects: int = 0
    """Connections established after the first."""
    heard: float = 0.0
    """When the server was last heard."""
    open: bool = False
    """Whether one is established and not known to be lost."""
    _silence: float = 0.0
    _first: bool = True

    def begin(self, now: float) -> None:
        """Note that a handshake begins, and for how long the server had been silent."""
        self._silence = now - self.heard

    def establish(self, now: float) -> None:
        """Note that the handshake came through: a connection that was still open has been lost."""
        if self.open:
            self._lose(self._silence)
        self.reconnects += not self._first
        self.open, self._first, self.heard = True, False, now

    def expire(self, now: float) -> None:
        """Give up a connection whose server is silent."""
        if self.open and now - self.heard > IDLE_TIMEOUT:
            self._lose(now - self.heard)

    def metrics(self) -> dict[str, float]:
        """Return the counts as metrics."""
        return {
            "connections_lost_total": self.lost,
            "idle_timeouts_total": self.idle_timeouts,
            "reconnects_total": self.reconnects,
        }

    def _lose(self, silence: float) -> None:
        self.lost += 1
        self.idle_timeouts += silence > IDLE_TIMEOUT * _NEARLY
        self.open = False
