"""The driver against an entrance that misbehaves on command: every failure has its cause, no stall is hidden."""

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from stresstui.lab.load.driver import Driver, due_together
from stresstui.lab.load.opener import OpenTransports
from stresstui.lab.load.profiles import LoadPlan
from stresstui.lab.net.socks import Address

Behaviour = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
OpenDriver = Callable[[Behaviour, LoadPlan], Awaitable[Driver]]
SHORT = LoadPlan(rate=200.0, payloads=(4096,), requests=1, flows=0, datagrams=0.0)
SUCCESS = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00"


async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: bytes = SUCCESS) -> None:
    await reader.readexactly(3)
    writer.write(b"\x05\x00")
    await reader.readexactly(10)
    writer.write(reply)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await accept(reader, writer)
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def corrupt_one_byte(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await accept(reader, writer)
    data = bytearray(await reader.readexactly(4096))
    data[4000] ^= 1
    writer.write(data)
    await reader.read()


async def send_too_much(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await accept(reader, writer)
    writer.write(await reader.readexactly(4096) + b"more")
    await reader.read()


async def end_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await accept(reader, writer)
    await reader.readexactly(100)


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await accept(reader, writer)
    await reader.readexactly(4096)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def refuse_target(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await accept(reader, writer, b"\x05\x01\x00\x01" + bytes(6))


async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.fixture
async def open_driver() -> AsyncIterator[OpenDriver]:
    servers: list[asyncio.Server] = []

    async def start(behaviour: Behaviour, plan: LoadPlan) -> Driver:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await behaviour(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        servers.append(server)
        entrance = Address("127.0.0.1", server.sockets[0].getsockname()[1])
        return Driver(entrance, Address("127.0.0.1", 9), plan, udp=False)

    yield start
    for server in servers:
        server.close()


async def run_until(driver: Driver, enough: Callable[[], bool]) -> None:
    task = asyncio.create_task(driver.run())
    try:
        async with asyncio.timeout(15):
            while not enough():
                await asyncio.wait([task], timeout=0.01)
                assert not task.done()
    finally:
        task.cancel()
        await asyncio.wait([task])


@pytest.mark.parametrize(
    ("behaviour", "cause"),
    [
        (corrupt_one_byte, "corrupt"),
        (send_too_much, "corrupt"),
        (end_early, "eof"),
        (reset, "reset"),
        (refuse_target, "socks"),
    ],
)
async def test_failures_are_counted_by_cause(open_driver: OpenDriver, behaviour: Behaviour, cause: str) -> None:
    driver = await open_driver(behaviour, SHORT)
    await run_until(driver, lambda: driver.tally.failures.total() >= 3)
    assert set(driver.tally.failures) == {cause}
    assert (driver.tally.corrupt > 0) == (cause == "corrupt")
    assert driver.metrics()["connection_failures_total"] == driver.metrics()[f"failures_{cause}_total"] >= 3


async def test_an_entrance_that_says_nothing_times_out(
    open_driver: OpenDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.lab.load.connections.CONNECT_TIMEOUT", 0.2)
    driver = await open_driver(say_nothing, SHORT)
    await run_until(driver, lambda: driver.tally.failures["timeout"] >= 3)
    assert set(driver.tally.failures) == {"timeout"}


@pytest.mark.parametrize("by", ["epoll", "asyncio"])
async def test_nobody_listening_is_refused(monkeypatch: pytest.MonkeyPatch, by: str) -> None:
    if by == "asyncio":
        monkeypatch.setattr("stresstui.lab.load.driver.opener", OpenTransports)
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        entrance = Address("127.0.0.1", reserved.getsockname()[1])
        driver = Driver(entrance, Address("127.0.0.1", 9), SHORT, udp=False)
        await run_until(driver, lambda: driver.tally.failures["refused"] >= 3)
    assert set(driver.tally.failures) == {"refused"}


@pytest.mark.parametrize("by", ["epoll", "asyncio"])
async def test_every_byte_is_verified_and_every_connection_closed(
    open_driver: OpenDriver, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    if by == "asyncio":
        monkeypatch.setattr("stresstui.lab.load.driver.opener", OpenTransports)
    driver = await open_driver(echo, LoadPlan(rate=50.0, flows=2, datagrams=0.0))
    await run_until(driver, lambda: driver.tally.requests >= 60)
    tally = driver.tally
    assert tally.connections == tally.offered
    assert (tally.failures.total(), tally.corrupt, tally.unanswered_closes, driver.active) == (0, 0, 0, 0)
    assert tally.bytes >= tally.requests * 4096


async def test_a_stall_shows_in_the_latency_of_all_that_was_due(open_driver: OpenDriver) -> None:
    held = asyncio.Event()

    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await accept(reader, writer)
        await held.wait()
        while data := await reader.read(65536):
            writer.write(data)

    plan = LoadPlan(rate=0.0, flows=1, flow_block=1024, flow_rate=100 * 1024.0, datagrams=0.0)
    driver = await open_driver(stall, plan)
    asyncio.get_running_loop().call_later(0.6, held.set)
    await run_until(driver, lambda: driver.tally.requests >= 60)
    found = driver.metrics()
    # About 60 requests were due during the stall, evenly spaced: the middle one waited about half of it.
    assert 200 < found["latency_ms_p50"] < 450
    assert found["latency_ms_p99"] > 500


async def test_a_stall_of_the_driver_itself_is_not_hidden_either(open_driver: OpenDriver) -> None:
    plan = LoadPlan(rate=0.0, flows=1, flow_block=1024, flow_rate=100 * 1024.0, datagrams=0.0)
    driver = await open_driver(echo, plan)
    asyncio.get_running_loop().call_later(0.2, time.sleep, 0.4)
    await run_until(driver, lambda: driver.tally.requests >= 70)
    assert driver.metrics()["latency_ms_p99"] > 300


async def test_what_a_slow_driver_never_started_is_missed(
    open_driver: OpenDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = await open_driver(echo, LoadPlan(rate=1000.0, flows=0, datagrams=0.0))
    monkeypatch.setattr(driver, "_exchange", lambda _: time.sleep(0.01))
    began = time.monotonic()
    await run_until(driver, lambda: time.monotonic() - began > 1.2)
    tally = driver.tally
    assert tally.missed > 300
    assert tally.offered - tally.missed < 200


async def test_a_close_without_an_answer_is_counted(open_driver: OpenDriver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstui.lab.load.connections.CLOSE_TIMEOUT", 0.1)

    async def never_close(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await echo(reader, writer)
        await asyncio.sleep(5)

    driver = await open_driver(never_close, SHORT)
    await run_until(driver, lambda: driver.tally.unanswered_closes >= 1)
    assert driver.tally.failures.total() == 0


async def test_a_reset_close_is_a_proper_end(open_driver: OpenDriver) -> None:
    driver = await open_driver(echo, LoadPlan(rate=100.0, payloads=(1024,), flows=0, datagrams=0.0, close="rst"))
    await run_until(driver, lambda: driver.tally.connections >= 5)
    assert driver.tally.failures.total() == 0


async def test_what_is_overdue_comes_a_few_at_a_time_at_the_times_that_were_intended() -> None:
    batches = due_together(1000.0)
    first = await anext(batches)
    asyncio.get_running_loop().call_soon(time.sleep, 0.1)  # the whole program stands still
    await asyncio.sleep(0)
    late = [await anext(batches) for _ in range(4)]
    assert [len(due) for due in late] == [16] * 4
    times = first + [one for due in late for one in due]
    assert [round((one - times[0]) * 1000) for one in times] == list(range(len(times)))


async def test_what_is_beyond_the_concurrency_is_missed_and_the_rest_begun(
    open_driver: OpenDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.lab.load.driver._DRAIN", 0.1)
    driver = await open_driver(say_nothing, LoadPlan(rate=500.0, concurrency=5, flows=0, datagrams=0.0))
    await run_until(driver, lambda: driver.tally.offered >= 50)
    tally = driver.tally
    assert tally.offered - tally.missed == 5
