"""The connections that make the load: short exchanges, long-lived flows, and the check of every byte."""

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable

from stresstui.lab.load.profiles import Closing
from stresstui.lab.load.stats import Tally
from stresstui.lab.net.payload import Payload
from stresstui.lab.net.socks import Address, SocksClient
from stresstui.lab.net.wire import WireProtocol

CONNECT_TIMEOUT = 10.0
"""Seconds until a connection that has not reached its target has failed."""
ANSWER_TIMEOUT = 30.0
"""Seconds without progress until an open connection has failed."""
CLOSE_TIMEOUT = 5.0
"""Seconds that a close waits for the far end's."""
_PIECE = 2**18
_OFFSETS = itertools.count(0, 7919)


class Traffic(SocksClient, WireProtocol):
    """A connection to the echo target that sends requests and proves that the same bytes came back."""

    def __init__(self, target: Address, payload: Payload, tally: Tally, *, intended: float, close: Closing) -> None:
        super().__init__(target)
        self.deadline = time.monotonic() + CONNECT_TIMEOUT
        self.when_over: Callable[[Traffic], None] | None = None
        """Called once, when the connection has ended or could not be made."""
        self.cause: str | None = None
        """Why it failed, once it is over; None where it did not."""
        self.finishing = False
        self._payload, self._tally, self._intended, self._close = payload, tally, intended, close
        self._offset = next(_OFFSETS)  # connections differ, so that bytes of another one do not pass
        self._sent = self._due = self._got = 0
        self._pending: deque[tuple[int, float]] = deque()
        self._paused = self._half_closed = False

    @property
    def backlog(self) -> int:
        """Requests that wait for their answer."""
        return len(self._pending)

    def answered(self) -> None:
        """Act on a completed round trip."""

    def started(self) -> None:
        """Act on the open tunnel."""

    def request(self, size: int, intended: float) -> None:
        """Send size bytes, once the tunnel is open; the latency counts from the intended time (monotonic seconds)."""
        if self.is_open and not self._pending:
            self.deadline = time.monotonic() + ANSWER_TIMEOUT
        self._due += size
        self._pending.append((self._due, intended))
        self._pump()

    def finish(self) -> None:
        """Close as planned once every request is answered."""
        self.finishing = True
        if self._pending or not self.is_open or self._half_closed:
            return
        if self._close == "rst":
            self.reset()
            return
        self._half_closed = True
        self.deadline = time.monotonic() + CLOSE_TIMEOUT
        self.transport.write_eof()

    def expire(self, now: float) -> None:
        """Give up if nothing has moved for too long."""
        if now < self.deadline or (self.is_open and not self._pending and not self._half_closed):
            return
        if not self._half_closed:
            self.fail("timeout")
            return
        self._tally.unanswered_closes += 1
        self.transport.abort()
        self._finish(None)

    def opened(self, bound: Address) -> None:
        """Record the time to connect and start sending."""
        del bound
        self._tally.opened += 1
        self._tally.connect.record(time.monotonic() - self._intended)
        self.deadline = time.monotonic() + ANSWER_TIMEOUT
        self.started()
        self._pump()
        if self.finishing:
            self.finish()

    def received(self, data: bytes) -> None:
        """Compare with what was sent and settle the requests that are complete."""
        got = self._got + len(data)
        if got > self._sent or not self._payload.matches(self._offset + self._got, data):
            self._tally.corrupt += 1
            self.fail("corrupt")
            return
        self._got = got
        self._tally.bytes += len(data)
        now = time.monotonic()
        self.deadline = now + ANSWER_TIMEOUT
        while self._pending and got >= self._pending[0][0]:
            self._settle(now)

    def half_closed(self) -> bool:
        """Say whether this end has closed already."""
        return self._half_closed

    def ended(self, cause: str | None) -> None:
        """Count the connection."""
        if cause is None:
            self._tally.connections += 1
        else:
            self._tally.failed(cause)
        self.cause = cause
        if self.when_over is not None:
            self.when_over(self)

    def unreached(self, error: OSError) -> None:
        """Count an entrance that cannot be reached as this connection's failure."""
        refused, broken = isinstance(error, ConnectionRefusedError), isinstance(error, ConnectionError)
        self.fail("refused" if refused else "reset" if broken else "other")

    def pause_writing(self) -> None:
        """Stop sending while the tunnel does not take more."""
        self._paused = True

    def resume_writing(self) -> None:
        """Send again."""
        self._paused = False
        self._pump()

    def _settle(self, now: float) -> None:
        _, intended = self._pending.popleft()
        self._tally.requests += 1
        self._tally.latency.record(now - intended)
        if self.finishing:
            self.finish()
        else:
            self.answered()

    def _pump(self) -> None:
        while self._sent < self._due and self.is_open and not self._paused:
            size = min(_PIECE, self._due - self._sent)
            data = self._payload.view(self._offset + self._sent, size)
            self._sent += size
            self.transport.write(data)


class Exchange(Traffic):
    """A short connection: some round trips, then a close."""

    def __init__(
        self,
        target: Address,
        payload: Payload,
        tally: Tally,
        *,
        intended: float,
        close: Closing,
        size: int,
        requests: int,
    ) -> None:
        super().__init__(target, payload, tally, intended=intended, close=close)
        self._size, self._left = size, requests

    def started(self) -> None:
        """Send the first request, whose latency includes the connecting."""
        self._left -= 1
        self.request(self._size, self._intended)

    def answered(self) -> None:
        """Send the next request, or close after the last."""
        if self._left > 0:
            self._left -= 1
            self.request(self._size, time.monotonic())
        else:
            self.finish()


class Flow(Traffic):
    """A long-lived connection; with bulk it keeps some requests in flight by itself."""

    def __init__(
        self,
        target: Address,
        payload: Payload,
        tally: Tally,
        *,
        intended: float,
        close: Closing,
        bulk: int,
        in_flight: int = 4,
    ) -> None:
        super().__init__(target, payload, tally, intended=intended, close=close)
        self._bulk, self._in_flight = bulk, in_flight

    def started(self) -> None:
        """Fill the pipe, if it is to be filled."""
        for _ in range(self._in_flight if self._bulk else 0):
            self.request(self._bulk, time.monotonic())

    def received(self, data: bytes) -> None:
        """Count the bytes that were right once more, as bulk."""
        before = self._tally.bytes
        super().received(data)
        self._tally.bulk += self._tally.bytes - before

    def answered(self) -> None:
        """Keep the pipe filled."""
        if self._bulk:
            self.request(self._bulk, time.monotonic())


def over(connection: Traffic, then: Callable[[Traffic], None] | None = None) -> asyncio.Future[None]:
    """Return what is done when a connection is over; ``then`` is called first."""
    future = asyncio.get_running_loop().create_future()

    def tell(ended: Traffic) -> None:
        if then is not None:
            then(ended)
        if not future.done():
            future.set_result(None)

    connection.when_over = tell
    return future
