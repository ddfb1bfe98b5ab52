"""The parts of the specific checks: keys and records, stalls, lost connections, visitors, and the pause at rest."""

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import psutil
import pytest

from stresstui.lab.drills.auth_probe import Answer, Tunneller, Visit, Visitors
from stresstui.lab.drills.stall_recovery import StallDrill
from stresstui.lab.load.driver import Driver
from stresstui.lab.load.profiles import LoadPlan, small_part
from stresstui.lab.load.stats import Tally
from stresstui.lab.loaded_tunnel import merged
from stresstui.lab.net.socks import Address
from stresstui.lab.protocols.ech_keys import Records, answer, generate_keys, key_file
from stresstui.lab.relay.client_hello import ECH, PRE_SHARED_KEY, parse_client_hello
from stresstui.lab.relay.delay_queue import DelayQueue
from stresstui.lab.relay.handshake import Handshakes, TlsHandshake
from stresstui.lab.relay.quic_connections import IDLE_TIMEOUT, Connections
from stresstui.lab.testbed.schedule import Schedule

if TYPE_CHECKING:
    from tests.lab.conftest import StartLab

QUESTION = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x09localhost\x00\x00%b\x00\x01"
HTTPS, ADDRESS = b"\x41", b"\x01"


async def test_keys_carry_their_number_in_both_parts() -> None:
    first, second = await generate_keys(7), await generate_keys(256)
    assert (first.number, second.number) == (7, 255)
    # An ECHConfig (RFC 9849, section 4) is the same in both parts, behind the list's length or the secret.
    for keys in (first, second):
        assert keys.config[2:4] == b"\xfe\x0d"
        assert keys.config[6] == keys.number
        assert keys.key.endswith(keys.config[2:])
    assert key_file(first, second).count("BEGIN ECH KEYS") == 1


@pytest.mark.parametrize(("kind", "records"), [(HTTPS, 1), (ADDRESS, 0)])
def test_only_the_https_record_is_known(kind: bytes, records: int) -> None:
    query = QUESTION % kind
    reply = answer(query, len(query), b"config")
    assert reply[:2] == query[:2]
    assert struct.unpack_from(">HH", reply, 4) == (1, records)
    assert reply[12:].startswith(query[12:])
    assert reply.endswith(b"\x00\x01\x00\x00\x05\x00\x06config") is bool(records)


async def test_a_name_server_answers_and_leaves_what_is_no_question_alone() -> None:
    records = Records(b"config")
    port = await records.open()
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        client.connect(("127.0.0.1", port))
        client.send(b"\x00" * 11)
        client.send(QUESTION % HTTPS)
        reply = await asyncio.wait_for(asyncio.get_running_loop().sock_recv(client, 512), 5)
    records.close()
    assert reply.endswith(b"config")


def hello(*extensions: tuple[int, bytes]) -> bytes:
    packed = b"".join(struct.pack(">HH", kind, len(value)) + value for kind, value in extensions)
    body = bytes(34) + b"\x00" + b"\x00\x02\x13\x01" + b"\x01\x00" + struct.pack(">H", len(packed)) + packed
    message = b"\x01" + len(body).to_bytes(3) + body
    return b"\x16\x03\x01" + struct.pack(">H", len(message)) + message


OUTER = b"\x00\x00\x01\x00\x01\x2a" + bytes(40)
REST = b"".join(b"\x17\x03\x03" + struct.pack(">H", size) + bytes(size) for size in (53, 400))


@pytest.mark.parametrize(("value", "number"), [(OUTER, 42), (b"\x01", None), (b"\x00\x00", None)])
def test_the_number_of_the_ech_configuration_is_read(value: bytes, number: int | None) -> None:
    found = parse_client_hello(hello((ECH, value)))
    assert found is not None
    assert found.ech_config == number


def test_new_keys_count_from_the_first_handshake_that_comes_through_with_them() -> None:
    counts = Handshakes("outer.example")
    for data in (hello((ECH, OUTER)), hello((ECH, OUTER)) + REST, hello((ECH, OUTER)) + REST):
        before = time.monotonic()
        handshake = TlsHandshake(counts)
        handshake.feed(data)
        handshake.leave()
        if counts.done == 1:
            assert counts.ech_config_since >= before
    assert (counts.ech_config, counts.failed, counts.open, counts.ended) == (42, 1, 0, 2)


def test_an_offer_to_resume_is_counted_when_the_handshake_comes_through() -> None:
    counts = Handshakes()
    TlsHandshake(counts).feed(hello((PRE_SHARED_KEY, b"")) + REST)
    TlsHandshake(counts).feed(hello((PRE_SHARED_KEY, b"")))
    TlsHandshake(counts).feed(hello() + REST)
    assert counts.resumed == 1


def test_what_fails_while_keys_change_counts_apart() -> None:
    counts, tally = Handshakes("outer.example", forgiving=True), Tally(forgiving=True)
    TlsHandshake(counts).feed(b"GET / HTTP/1.1\r\n")
    tally.failed("socks")
    assert (counts.failed, counts.metrics()["rotation_handshake_failures_total"]) == (0, 1)
    assert (tally.failures.total(), tally.forgiven) == (0, 1)


@pytest.mark.parametrize(
    ("heard", "begun", "idle"), [(100.0, 101.0, 0), (100.0, 100.0 + IDLE_TIMEOUT, 1)], ids=["broken", "silent"]
)
def test_a_new_connection_means_the_end_of_the_old(heard: float, begun: float, idle: int) -> None:
    connections = Connections()
    connections.begin(99.0)
    connections.establish(99.1)
    connections.heard = heard
    connections.begin(begun)
    assert connections.lost == 0
    connections.establish(begun + 0.1)
    assert connections.metrics() == {"connections_lost_total": 1, "idle_timeouts_total": idle, "reconnects_total": 1}


def test_a_silent_server_is_an_idle_timeout_counted_once() -> None:
    connections = Connections()
    connections.establish(100.0)
    connections.expire(100.0 + IDLE_TIMEOUT)
    assert (connections.lost, connections.open) == (0, True)
    connections.expire(101.0 + IDLE_TIMEOUT)
    connections.establish(102.0 + IDLE_TIMEOUT)
    assert (connections.lost, connections.idle_timeouts, connections.reconnects) == (1, 1, 1)


async def test_a_stall_keeps_everything_and_its_order() -> None:
    sent: list[bytes] = []
    done = asyncio.Event()

    def send(_: socket.socket, data: bytes, _size: int) -> bool:
        sent.append(data)
        if data == b"last":
            done.set()
        return True

    stall = DelayQueue(send)
    with socket.socket(type=socket.SOCK_DGRAM) as to:
        assert not stall.keeps(to, b"before", 0)
        stall.hold(0.05)
        stall.hold(0.15)
        for number in range(100):
            assert stall.keeps(to, b"%d" % number, 0)
        began = time.monotonic()
        asyncio.get_running_loop().call_later(0.153, stall.keeps, to, b"last", 0)
        await asyncio.wait_for(done.wait(), 5)
        assert time.monotonic() - began >= 0.14
        assert sent == [b"%d" % number for number in range(100)] + [b"last"]
        assert not stall.keeps(to, b"after", 0)


async def test_recovery_counts_from_the_end_of_the_stall_until_the_throughput_is_back() -> None:
    tally, told = Tally(), list[str]()
    loop = asyncio.get_running_loop()

    def flow() -> None:
        tally.bulk += 1000
        loop.call_later(0.7 if told and not told[0].endswith("!") else 0.01, flow)
        if told:
            told[0] = told[0].rstrip("!") + "!"

    drill = StallDrill("one", Schedule(stall_every=0.5, stall=0.2), told.append)
    task = asyncio.create_task(drill.run({"one": tally}))
    flow()
    async with asyncio.timeout(10):
        while not drill._took:
            await asyncio.wait([task], timeout=0.02)
    task.cancel()
    assert told[0] == "hold 0.2!"
    # Nothing flowed for 0.5 s behind the end of the stall; it takes 0.4 s more until half a second is fast enough.
    assert 0.7 < drill.readings()["stall_recovery_seconds"] < 1.7
    assert tally.disturbed(time.monotonic())


async def visit(name: str, answer: Answer, *, welcome: bool) -> dict[str, float]:
    async def knock() -> Answer:
        return answer

    visitors = Visitors(Schedule(visit_every=0.01), [Visit(knock, welcome, f"{name}_right", f"{name}_wrong")])
    task = asyncio.create_task(visitors.run({}))
    await asyncio.wait([task], timeout=0.1)
    task.cancel()
    return {key: min(1, count) for key, count in visitors.readings().items()}


@pytest.mark.parametrize(
    ("welcome", "answer", "right", "wrong"),
    [
        (True, "let in", 1, 0),
        (True, "refused", 0, 1),
        (True, "unclear", 0, 1),
        (False, "let in", 0, 1),
        (False, "refused", 1, 0),
        (False, "unclear", 0, 0),
    ],
)
async def test_who_is_let_in_decides(answer: Answer, right: int, wrong: int, *, welcome: bool) -> None:
    assert await visit("a", answer, welcome=welcome) == {"a_right": right, "a_wrong": wrong}


@pytest.fixture
async def closed_door() -> AsyncIterator[Address]:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    yield Address(*server.sockets[0].getsockname())
    server.close()


async def test_nobody_at_the_door_is_no_refusal(closed_door: Address) -> None:
    target = Address("127.0.0.1", 9)
    assert await Tunneller(closed_door, target).knock() == "refused"
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        assert await Tunneller(Address(*reserved.getsockname()), target).knock() == "unclear"


def test_a_side_is_part_of_the_counts_but_not_of_the_gauges() -> None:
    main = {"connections_total": 10.0, "streams_per_connection": 1.0, "latency_ms_p99": 5.0, "ech_share_percent": 100.0}
    side = {"connections_total": 2.0, "streams_per_connection": 9.0, "latency_ms_p99": 50.0, "ech_share_percent": 50.0}
    assert merged({"ech": main}, {"mux": side}) == {
        "connections_total": 12.0,
        "streams_per_connection": 1.0,
        "latency_ms_p99": 5.0,
        "ech_share_percent": 50.0,
        "mux_connections_total": 2.0,
        "mux_streams_per_connection": 9.0,
    }


def test_of_several_tunnels_the_worst_gauge_counts() -> None:
    both = merged(
        {"a": {"concurrent_streams": 8.0, "x_seconds": 1.0}, "b": {"concurrent_streams": 2.0, "x_seconds": 3}}
    )
    assert (both["concurrent_streams"], both["x_seconds"], both["a_concurrent_streams"]) == (2.0, 3, 8.0)


def test_a_disturbed_time_has_no_throughput(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(Address("127.0.0.1", 9), Address("127.0.0.1", 9), small_part(LoadPlan()), udp=False)
    times = (100.0, 101.0, 102.0, 103.0, 104.0, 105.0)
    clock = iter(times)
    monkeypatch.setattr("stresstui.lab.load.driver.time.monotonic", lambda: next(clock))
    driver.loading = True
    driver.tally.disturbance = (101.5, 103.5)
    found = []
    for _ in times:
        driver.tally.bulk += 500
        found.append(driver.metrics().get("bulk_throughput"))
    assert found == [None, 500.0, None, None, None, 500.0]


def test_between_ready_and_the_load_everything_rests(lab: "StartLab") -> None:
    running = lab("plain", "--settle", "1s", "--interval", "200ms", "--duration", "500ms")
    running.state("ready")
    driver = psutil.Process(running.process.pid)
    assert [one for one in driver.net_connections("tcp") if one.status == psutil.CONN_ESTABLISHED] == []
    resting = running.metrics()
    assert (resting["load_on"], resting["offered_total"]) == (0, 0)
    running.state("loading")
    assert running.metrics(lambda found: found["load_on"] == 1)
    assert running.finish() == 0
