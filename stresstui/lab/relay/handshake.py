"""Follows handshakes from outside: what a TLS ClientHello showed, how long each took, how it ended."""

import time
from dataclasses import dataclass, field

from stresstui.lab.net.latency import Latency
from stresstui.lab.relay.client_hello import PRE_SHARED_KEY, ClientHello, NotClientHelloError, parse_client_hello

_APPLICATION_DATA = 23
_ENCRYPTED_ALERT = 19  # a sealed alert record: 2 bytes, the inner type and the tag
_RECORD_HEADER = 5
_LIMIT = 2**16
_SSH_BANNER = b"SSH-2.0-"
_SSH_HEADER = 5  # packet length and padding length
_NEWKEYS = 21


@dataclass(slots=True)
class Handshakes:
    """The running counts of every handshake seen."""

    public_name: str = ""
    """The only name that may show on the wire; empty where ECH is not expected."""
    begun: int = 0
    """Handshakes begun, and first bytes that began none."""
    hidden: int = 0
    """ClientHellos that carried ECH and showed the public name."""
    done: int = 0
    """Handshakes after which the client sent data."""
    failed: int = 0
    """Handshakes that ended before that."""
    forgiving: bool = False
    """True while keys are being changed: what fails meanwhile is counted apart."""
    forgiven: int = 0
    """Handshakes that failed meanwhile."""
    resumed: int = 0
    """TLS handshakes that came through and began with the offer to resume a session."""
    open: int = 0
    """Connections open now."""
    ended: int = 0
    """Connections that ended after their handshake."""
    ech_config: int = 0
    """Number of the newest ECH configuration with which a handshake came through."""
    ech_config_since: float = 0.0
    """When the first one did (monotonic seconds)."""
    times: Latency = field(default_factory=Latency)
    """From the ClientHello to the client's Finished."""

    def metrics(self) -> dict[str, float]:
        """Return the counts as metrics; the share is left out before the first handshake."""
        found: dict[str, float] = {"handshakes_total": self.begun, "handshake_failures_total": self.failed}
        if self.public_name:
            found |= {"ech_config": self.ech_config, "ech_config_since": self.ech_config_since}
            found["rotation_handshake_failures_total"] = self.forgiven
            found["ech_handshakes_total"] = self.hidden
            if self.begun:
                found["ech_share_percent"] = 100.0 * self.hidden / self.begun
        return found | self.times.recent("handshake")


class Handshake:
    """One connection's handshake; feed it what the client sends until it is over."""

    def __init__(self, counts: Handshakes) -> None:
        self.over = self.came_through = False
        self._counts, self._data = counts, b""
        self._began: float | None = None
        counts.open += 1

    def feed(self, data: bytes) -> None:
        """Take bytes that the client sent."""
        self._data += data
        self.advance()
        if len(self._data) > _LIMIT and not self.over:
            self.close()

    def advance(self) -> None:
        """Read what has come so far; each protocol does it its way."""

    def close(self) -> None:
        """End it; one that has begun and not come through has failed."""
        if not self.over and (self._began is not None or self._data):
            self._counts.begun += self._began is None
            if self._counts.forgiving:
                self._counts.forgiven += 1
            else:
                self._counts.failed += 1
        self.over, self._data = True, b""

    def leave(self) -> None:
        """Note that the connection has ended."""
        self.close()
        self._counts.open -= 1
        self._counts.ended += self.came_through

    def _begin(self) -> None:
        self._began = time.monotonic()
        self._counts.begun += 1

    def _agreed(self) -> None:
        if self._began is not None:
            self._counts.times.record(time.monotonic() - self._began)

    def _succeed(self) -> None:
        self._counts.done += 1
        self.over, self.came_through, self._data = True, True, b""


class NoHandshake(Handshake):
    """For bytes that begin without one."""

    def __init__(self, counts: Handshakes) -> None:
        super().__init__(counts)
        self.over = True


class TlsHandshake(Handshake):
    """TLS 1.3, from its ClientHello to the first data that the client sends."""

    def __init__(self, counts: Handshakes) -> None:
        super().__init__(counts)
        self.hello: ClientHello | None = None
        self._sealed = self._skip = 0

    def advance(self) -> None:
        """Read the ClientHello, then the kinds of the records after it."""
        if self.hello is None:
            self._read_hello()
        if self.hello is not None and not self.over:
            self._read_records()

    def _read_hello(self) -> None:
        try:
            self.hello = parse_client_hello(self._data)
        except NotClientHelloError:
            self.close()
        if self.hello is not None:
            self._begin()
            self._counts.hidden += self.hello.carries_ech(self._counts.public_name)
            self._data = self._data[self.hello.length :]

    def _read_records(self) -> None:
        while not self.over:
            skipped = min(self._skip, len(self._data))
            self._data, self._skip = self._data[skipped:], self._skip - skipped
            if self._skip or len(self._data) < _RECORD_HEADER:
                return
            kind, length = self._data[0], int.from_bytes(self._data[3:5])
            self._skip = _RECORD_HEADER + length
            if kind == _APPLICATION_DATA:
                self._sealed_record(length)

    def _sealed_record(self, length: int) -> None:
        # The client's first sealed record is its Finished; the next is data, or an alert such as ech_required.
        self._sealed += 1
        if self._sealed == 1:
            self._agreed()
        elif length == _ENCRYPTED_ALERT:
            self.close()
        else:
            self._succeed()

    def _succeed(self) -> None:
        super()._succeed()
        if self.hello is None:
            return
        self._counts.resumed += PRE_SHARED_KEY in self.hello.extensions
        if self.hello.ech_config is not None and self.hello.ech_config != self._counts.ech_config:
            self._counts.ech_config, self._counts.ech_config_since = self.hello.ech_config, time.monotonic()


class SshHandshake(Handshake):
    """SSH, from the client's banner to the packet with which it takes its new keys into use (RFC 4253)."""

    def advance(self) -> None:
        """Read the banner, then the plain packets until NEWKEYS."""
        if self._began is None:
            self._read_banner()
        while self._began is not None and not self.over and len(self._data) > _SSH_HEADER:
            length = int.from_bytes(self._data[:4])
            if self._data[_SSH_HEADER] == _NEWKEYS:
                self._agreed()
                self._succeed()
            elif len(self._data) < 4 + length:
                return
            else:
                self._data = self._data[4 + length :]

    def _read_banner(self) -> None:
        line, end, rest = self._data.partition(b"\n")
        if not _SSH_BANNER.startswith(line[: len(_SSH_BANNER)]):
            self.close()
        elif end:
            self._begin()
            self._data = rest
