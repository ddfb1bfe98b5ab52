"""UDP load: numbered datagrams through a SOCKS5 association, each compared when it comes back."""

import asyncio
import time
from typing import cast

from stresstui.lab.load.stats import Tally
from stresstui.lab.net.payload import Payload
from stresstui.lab.net.socks import Address, SocksAssociation, unwrap_datagram, wrap_datagram
from stresstui.within import within

LOST_AFTER = 2.0
"""Seconds without an answer until a datagram counts as lost."""
_NUMBER = 8
_ASSOCIATE_TIMEOUT = 10.0


class DatagramFlow(asyncio.DatagramProtocol):
    """Datagrams to the echo target over one association."""

    def __init__(self, target: Address, payload: Payload, tally: Tally, *, size: int) -> None:
        self._target, self._payload, self._tally = target, payload, tally
        self._size = max(1, size - _NUMBER)
        self._number = self._highest = 0
        self._waiting: dict[int, float] = {}
        self._settled = asyncio.Event()
        self._socks: SocksAssociation | None = None
        self._transport: asyncio.DatagramTransport | None = None

    async def open(self, entrance: Address) -> None:
        """Associate with the entrance; raises OSError where it does not relay UDP."""
        loop = asyncio.get_running_loop()
        _, self._socks = await loop.create_connection(SocksAssociation, *entrance)
        bound = await within(_ASSOCIATE_TIMEOUT, self._socks.bound)
        host = entrance.host if bound.host == "0.0.0.0" else bound.host  # noqa: S104 -- compared, not bound
        await loop.create_datagram_endpoint(lambda: self, remote_addr=(host, bound.port))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.DatagramTransport", transport)

    def send(self, intended: float) -> None:
        """Send the next datagram; its round trip counts from the intended time (monotonic seconds)."""
        if self._transport is None:
            return
        self._number += 1
        self._waiting[self._number] = intended
        data = self._number.to_bytes(_NUMBER) + self._payload.cut(self._number, self._size)
        self._transport.sendto(wrap_datagram(self._target, data))

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Settle the datagram that came back; one that is late or unknown is already counted as lost."""
        del addr
        content = unwrap_datagram(data)
        if content is None:
            return
        number = int.from_bytes(content[:_NUMBER])
        intended = self._waiting.pop(number, None)
        if not self._waiting:
            self._settled.set()
        if content[_NUMBER:] != self._payload.cut(number, self._size):
            self._tally.corrupt += 1
        elif intended is not None:
            self._tally.datagrams += 1
            self._put_in_order(number)
            self._tally.udp.record(time.monotonic() - intended)

    def _put_in_order(self, number: int) -> None:
        late = number < self._highest
        self._highest = max(self._highest, number)
        if self._tally.disturbed(time.monotonic()):
            self._tally.reordered_in_stalls += late
        else:
            self._tally.reordered += late

    def error_received(self, exc: Exception) -> None:
        """Leave a refused datagram to be counted as lost."""

    def expire(self, now: float) -> None:
        """Count the datagrams whose answer is overdue."""
        late = [number for number, intended in self._waiting.items() if now - intended > LOST_AFTER]
        in_stalls = sum(self._tally.disturbed(self._waiting.pop(number)) for number in late)
        self._tally.lost += len(late) - in_stalls
        self._tally.lost_in_stalls += in_stalls

    @property
    def alive(self) -> bool:
        """Whether the association still stands."""
        return self._socks is not None and not self._socks.over

    async def settled(self) -> None:
        """Return when every datagram sent so far has its answer."""
        if self._waiting:
            self._settled.clear()
            await self._settled.wait()

    def close(self) -> None:
        """End the association."""
        if self._transport is not None:
            self._transport.close()
        if self._socks is not None:
            self._socks.transport.close()
