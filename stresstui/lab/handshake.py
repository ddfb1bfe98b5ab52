"""Follows one TLS 1.3 handshake from outside: what its ClientHello showed, how long it took, how it ended."""

import time
from dataclasses import dataclass, field

from stresstui.lab.clienthello import ClientHello, NotClientHelloError, parse_client_hello
from stresstui.lab.latency import Latency

_APPLICATION_DATA = 23
_ENCRYPTED_ALERT = 19  # a sealed alert record: 2 bytes, the inner type and the tag
_RECORD_HEADER = 5
_LIMIT = 2**16


@dataclass(slots=True)
class Handshakes:
    """The running counts of every handshake seen."""

    public_name: str
    """The only name that may show on the wire."""
    begun: int = 0
    """ClientHellos seen, and first bytes that were none."""
    hidden: int = 0
    """ClientHellos that carried ECH and showed the public name."""
    done: int = 0
    """Handshakes after which the client sent data."""
    failed: int = 0
    """Handshakes that ended before that."""
    times: Latency = field(default_factory=Latency)
    """From the ClientHello to the client's Finished."""

    def metrics(self) -> dict[str, float]:
        """Return the counts as metrics; the share is left out before the first handshake."""
        share = {"ech_share_percent": 100.0 * self.hidden / self.begun} if self.begun else {}
        return {
            "handshakes_total": self.begun,
            "ech_handshakes_total": self.hidden,
            "handshake_failures_total": self.failed,
            **share,
            **self.times.recent("handshake"),
        }


class Handshake:
    """One connection's handshake; feed it what the client sends until it is over."""

    def __init__(self, counts: Handshakes) -> None:
        self.over = False
        self.hello: ClientHello | None = None
        self._counts, self._data, self._began = counts, b"", 0.0
        self._sealed = 0

    def feed(self, data: bytes) -> None:
        """Take bytes that the client sent."""
        self._data += data
        if self.hello is None:
            self._read_hello()
        if self.hello is not None and not self.over:
            self._read_records()
        if len(self._data) > _LIMIT and not self.over:
            self.close()

    def close(self) -> None:
        """End it; one that has begun and not come through has failed."""
        if not self.over and (self.hello is not None or self._data):
            self._counts.begun += self.hello is None
            self._counts.failed += 1
        self.over = True

    def _read_hello(self) -> None:
        try:
            self.hello = parse_client_hello(self._data)
        except NotClientHelloError:
            self.close()
        if self.hello is not None:
            self._began = time.monotonic()
            self._counts.begun += 1
            self._counts.hidden += self.hello.carries_ech(self._counts.public_name)
            self._data = self._data[self.hello.length :]

    def _read_records(self) -> None:
        while len(self._data) >= _RECORD_HEADER and not self.over:
            kind, length = self._data[0], int.from_bytes(self._data[3:5])
            if kind == _APPLICATION_DATA:
                self._sealed_record(length)
            elif len(self._data) < _RECORD_HEADER + length:
                return
            self._data = self._data[_RECORD_HEADER + length :]

    def _sealed_record(self, length: int) -> None:
        # The client's first sealed record is its Finished; the next is data, or an alert such as ech_required.
        self._sealed += 1
        if self._sealed == 1:
            self._counts.times.record(time.monotonic() - self._began)
        elif length == _ENCRYPTED_ALERT:
            self.close()
        else:
            self._counts.done += 1
            self.over, self._data = True, b""
