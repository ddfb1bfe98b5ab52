"""The lab's smaller parts: its lines, its plans, its private folder, its datagrams."""

import asyncio
import itertools
import os
import shlex
import tempfile
import time
from pathlib import Path

import pytest

from stresstui.lab.load.datagrams import DatagramFlow
from stresstui.lab.load.driver import Driver, grid
from stresstui.lab.load.profiles import PROFILES, LoadPlan, adapted
from stresstui.lab.load.stats import Tally
from stresstui.lab.loaded_tunnel import merged
from stresstui.lab.net.payload import BLOCK, Payload
from stresstui.lab.net.socks import Address, unwrap_datagram, wrap_datagram
from stresstui.lab.process.announce import declare, metrics_line
from stresstui.lab.testbed.certs import issue
from stresstui.lab.testbed.testbed import Testbed


def test_the_metrics_line_keeps_counters_exact() -> None:
    line = metrics_line({"bytes_total": 12345678901234, "latency_ms_p50": 1.23456789, "load_on": 1})
    assert line == "STRESSTUI bytes_total=12345678901234 latency_ms_p50=1.23457 load_on=1"


def test_a_state_with_any_detail_is_one_line_that_a_shell_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    declare("failed", 'it\'s "gone"\nand $HOME | more')
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert shlex.split(said) == ["STRESSTUI_STATE", "state=failed", 'detail=it\'s "gone" and $HOME | more']


def test_tunnels_are_summed_and_kept_apart() -> None:
    one = {"bytes_total": 10, "latency_ms_p99": 5.0, "streams_per_connection": 2.0}
    two = {"bytes_total": 32, "latency_ms_p99": 7.0}
    assert merged({"a": one}) == one
    together = merged({"a": one, "b": two})
    assert together["bytes_total"] == 42
    assert together["latency_ms_p99"] == 7
    assert (together["a_bytes_total"], together["b_bytes_total"]) == (10, 32)
    assert together["streams_per_connection"] == 2


def test_waves_shrink_to_fit_a_short_run() -> None:
    plan = adapted(PROFILES["fd_leak"], duration=18.0)
    assert plan.load + plan.idle == pytest.approx(6)
    assert adapted(PROFILES["fd_leak"], duration=3600.0).load == PROFILES["fd_leak"].load
    assert adapted(PROFILES["steady"], payload=100, rate=0.0).payloads == (100,)


def test_the_payload_repeats_and_shows_any_change() -> None:
    payload = Payload(7)
    assert payload.cut(BLOCK - 10, 20) == payload.cut(2 * BLOCK - 10, 20)
    long = payload.cut(5, BLOCK) + payload.cut(5, BLOCK) + payload.cut(5, 9)
    assert payload.matches(5, long)
    assert not payload.matches(5, long[:-1] + bytes([long[-1] ^ 1]))
    assert not payload.matches(6, long)
    assert Payload(8).cut(0, 64) != payload.cut(0, 64)


def test_the_private_folder_is_private_and_abandoned_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    abandoned = tmp_path / "stresstui-lab-left"
    abandoned.mkdir()
    (abandoned / "lock").touch()
    living = Testbed()
    for folder in (abandoned, living.workspace.folder):
        os.utime(folder, (time.time() - 60, time.time() - 60))
    stranger = tmp_path / "stresstui-lab-not-ours"
    stranger.mkdir()
    testbed = Testbed()
    assert set(tmp_path.iterdir()) == {living.workspace.folder, stranger, testbed.workspace.folder}
    assert testbed.workspace.folder.stat().st_mode & 0o777 == 0o700
    assert issue(testbed.workspace.folder).key.stat().st_mode & 0o777 == 0o600
    assert testbed.workspace.write("x.json", {}).stat().st_mode & 0o777 == 0o600
    for one in (testbed, living):
        asyncio.run(one.close())
    assert list(tmp_path.iterdir()) == [stranger]


def test_datagrams_in_their_wrapping() -> None:
    target = Address("127.0.0.1", 4242)
    assert unwrap_datagram(wrap_datagram(target, b"hello")) == b"hello"
    for other in (b"", b"\x00\x00\x01" + bytes(9), b"\x00\x00\x00\x03" + bytes(9)):
        assert unwrap_datagram(other) is None


class _Captured(asyncio.DatagramTransport):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    def sendto(self, data: object, addr: object = None) -> None:
        assert isinstance(data, bytes)
        self.sent.append(data)


async def test_datagrams_lost_late_reordered_and_changed_are_told_apart() -> None:
    tally, wire = Tally(), _Captured()
    flow = DatagramFlow(Address("127.0.0.1", 9), Payload(1), tally, size=100)
    flow.connection_made(wire)
    now = time.monotonic()
    for _ in range(5):
        flow.send(now)
    one, two, three, four, five = wire.sent
    flow.datagram_received(one, ("", 0))
    flow.datagram_received(three, ("", 0))
    flow.datagram_received(two, ("", 0))  # after a later one
    flow.datagram_received(two, ("", 0))  # a second time
    flow.datagram_received(four[:-1] + bytes([four[-1] ^ 1]), ("", 0))
    flow.expire(now + 1.0)
    assert (tally.datagrams, tally.reordered, tally.corrupt, tally.lost) == (3, 1, 1, 0)
    flow.expire(now + 10.0)
    flow.datagram_received(five, ("", 0))  # too late: it is lost already
    assert (tally.datagrams, tally.lost) == (3, 1)


async def test_the_grid_catches_up_after_a_delay() -> None:
    times = []
    async for intended in grid(1000.0):
        times.append(intended)
        if len(times) == 5:
            await asyncio.sleep(0.05)
        if len(times) == 60:
            break
    steps = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(step == pytest.approx(0.001, abs=1e-6) for step in steps)
    assert time.monotonic() - times[0] < 0.5


async def test_a_part_of_the_load_that_breaks_is_not_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    driver = Driver(Address("127.0.0.1", 9), Address("127.0.0.1", 9), LoadPlan(flows=0, datagrams=0.0), udp=False)

    def broken(intended: float) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(driver, "_exchange", broken)
    with pytest.raises(RuntimeError, match="broken"):
        await driver.run()
