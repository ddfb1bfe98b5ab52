"""Connections by epoll itself: they tell their protocol what asyncio's transports would, in order and once."""

import asyncio
import gc
import random
import select
import socket
import struct
import sys
import weakref
from collections.abc import AsyncIterator, Iterator

import pytest

from stresstui.lab.net.payload import BLOCK, Payload
from stresstui.lab.net.socks import Address

if sys.platform != "linux":
    pytest.skip("epoll is Linux's", allow_module_level=True)

from stresstui.lab.net.wire import WireProtocol, Wires

MUCH = random.Random(1).randbytes(2**24)
FEW = 2**20


class Told(WireProtocol):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.data = b""
        self.heard = asyncio.Event()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.hear("made")

    def data_received(self, data: bytes) -> None:
        self.data += data
        self.hear("data")

    def eof_received(self) -> None:
        self.hear("eof")

    def connection_lost(self, exc: Exception | None) -> None:
        self.hear(f"lost {type(exc).__name__}")

    def unreached(self, error: OSError) -> None:
        self.hear(f"unreached {type(error).__name__}")

    def pause_writing(self) -> None:
        self.hear("pause")

    def resume_writing(self) -> None:
        self.hear("resume")

    def hear(self, word: str) -> None:
        if not (word == "data" and self.words[-1:] == ["data"]):
            self.words.append(word)
        self.heard.set()

    async def until(self, word: str) -> None:
        async with asyncio.timeout(10):
            while word not in self.words:
                self.heard.clear()
                await self.heard.wait()


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
async def wires() -> AsyncIterator[Wires]:
    opened = Wires()
    yield opened
    opened.close()


def joined(wires: Wires, listener: socket.socket) -> tuple[Told, socket.socket]:
    told = Told()
    wires.connect(told, Address(*listener.getsockname()))
    far, _ = listener.accept()
    far.settimeout(10)
    return told, far


async def received(far: socket.socket, size: int) -> bytes:
    far.setblocking(False)
    data = bytearray()
    while len(data) < size and (piece := await asyncio.get_running_loop().sock_recv(far, FEW)):
        data += piece
    return bytes(data)


async def test_what_the_kernel_does_not_take_at_once_follows_in_order_before_the_end(
    wires: Wires, listener: socket.socket
) -> None:
    told, far = joined(wires, listener)
    with far:
        told.transport.write(MUCH)
        assert told.words == ["made", "pause"]
        first = far.recv(FEW)  # so that the kernel would take what is not its turn
        told.transport.write(b"and this")
        assert first + await received(far, len(MUCH) + 8 - len(first)) == MUCH + b"and this"
        await told.until("resume")
        assert told.words == ["made", "pause", "resume"]
        told.transport.write(MUCH)
        told.transport.write_eof()
        assert await received(far, len(MUCH) + 1) == MUCH
        far.send(b"answer")
        await told.until("data")
        assert told.data == b"answer"
    await told.until("lost NoneType")
    assert told.words[-2:] == ["eof", "lost NoneType"]
    assert told.words.count("resume") == 1  # nothing is to be written after the end


async def test_nobody_listening_is_said_once(wires: Wires) -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        told = Told()
        wires.connect(told, Address(*reserved.getsockname()))
        await told.until("unreached ConnectionRefusedError")
    assert told.words == ["unreached ConnectionRefusedError"]


async def test_a_connection_that_takes_its_time_is_made_when_it_stands(wires: Wires) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.create_connection(full.getsockname()):
            told = Told()
            wire = wires.connect(told, Address(*full.getsockname()))
            wire.ready(select.EPOLLOUT)  # meant for whoever had its number before
            assert told.words == []
            full.accept()[0].close()
            await told.until("made")  # once the kernel has asked again, after a second
            far, _ = full.accept()
            with far:
                told.transport.write(b"here")
                assert await received(far, 4) == b"here"


async def test_a_reset_is_the_end_and_named(wires: Wires, listener: socket.socket) -> None:
    told, far = joined(wires, listener)
    far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    far.close()
    told.transport.write(b"too late")
    told.transport.write(b"much too late")
    await told.until("lost ConnectionResetError")
    assert [word for word in told.words if word.startswith("lost")] == ["lost ConnectionResetError"]


async def test_what_was_aborted_says_nothing_more_and_waits_for_no_garbage_collector(
    wires: Wires, listener: socket.socket
) -> None:
    told, far = joined(wires, listener)
    other, other_far = joined(wires, listener)
    gc.disable()
    try:
        with far, other_far:
            far.send(b"unread")
            told.transport.abort()
            other_far.send(b"read")
            await other.until("data")
            assert told.words == ["made"]
            gone = weakref.ref(told)
            del told
            assert gone() is None
    finally:
        gc.enable()


async def test_closing_ends_all_that_is_open_and_others_may_follow(wires: Wires, listener: socket.socket) -> None:
    told, far = joined(wires, listener)
    wires.close()
    with far:
        assert far.recv(1) == b""
    assert told.transport.is_closing()
    again, far = joined(wires, listener)
    with far:
        far.send(b"x")
        await again.until("data")


def test_every_byte_of_what_came_back_is_compared() -> None:
    payload = Payload(1)
    for position, size in ((0, 10), (BLOCK - 3, 2048), (5 * BLOCK + 7, BLOCK), (11, 2 * BLOCK + 5)):
        right = bytearray(payload.cut(position, min(size, BLOCK)))
        while len(right) < size:
            right += payload.cut(position + len(right), min(size - len(right), BLOCK))
        assert payload.matches(position, memoryview(right))
        assert payload.matches(position, bytes(right))
        assert not payload.matches(position + 1, memoryview(right))
        for at in (0, size // 2, size - 1):
            right[at] ^= 1
            assert not payload.matches(position, memoryview(right))
            right[at] ^= 1
    assert payload.view(BLOCK - 3, 2048) == payload.cut(BLOCK - 3, 2048)
