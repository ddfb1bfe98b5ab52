"""Faults on demand: how they are written, and what each does to a real relay."""

import re
import signal
from typing import TYPE_CHECKING

import psutil
import pytest
from click.testing import CliRunner

from stresstui.cli import cli
from stresstui.core.model.fault import EXAMPLES, FaultError
from stresstui.lab.relay.fault_injector import FaultInjector
from stresstui.lab.relay.faults.kinds import KINDS, parse_fault
from stresstui.lab.relay.faults.slowdown import Allowance

if TYPE_CHECKING:
    from tests.lab.conftest import RunningLab, StartLab

MIB = 2**20
TAKEN = (
    "import sys, socket; from stresstui.lab import session; from stresstui.lab.driven_load import DrivenLoad\n"
    "from stresstui.lab.load.profiles import LoadPlan; from stresstui.lab.options import Options\n"
    "from stresstui.lab.stacks import singbox\n"
    "bound = socket.create_server(('127.0.0.1', 0)); taken = [bound.getsockname()[1]]\n"
    "free = singbox.free_port; singbox.free_port = lambda: taken.pop() if taken else free()\n"
    "sys.exit(session.run(Options('plain', LoadPlan(), 0.3), DrivenLoad()))"
)


@pytest.mark.parametrize(
    ("text", "amount", "at"),
    [
        ("leak-memory=1MiB/min", MIB / 60, 0),
        ("leak-memory=20MiB/s", 20 * MIB, 0),
        ("leak-fds=1/10s", 0.1, 0),
        ("leak-sockets=6/m", 0.1, 0),
        ("stall=5s@60s", 5, 60),
        ("stall=500ms@1m30s", 0.5, 90),
        ("drop=1%", 0.01, 0),
        ("corrupt=2@90s", 2, 90),
        ("crash@2m", 0, 120),
        ("slowdown=36%/h", 0.0001, 0),
    ],
)
def test_a_fault_is_read(text: str, amount: float, at: float) -> None:
    fault = parse_fault(text)
    assert fault.amount == pytest.approx(amount)
    assert fault.at == at
    assert text.startswith(fault.kind)


def test_every_example_is_a_fault() -> None:
    assert [parse_fault(text).kind for text in EXAMPLES.values()] == list(EXAMPLES) == list(KINDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "known are leak-memory=1MiB/min"),
        ("leek-fds=1/s", "known are"),
        ("drop=1%@5s", "it has a time behind '@'"),
        ("drop", "it needs an amount behind '='"),
        ("drop=200%", "'200%' is out of range"),
        ("drop=0%", "'0%' is out of range"),
        ("drop=1", "'1' is not in %"),
        ("leak-memory=1MiB", "'1MiB' is not per time"),
        ("leak-memory=5/s", "'5' is not in bytes"),
        ("leak-fds=1/fortnight", "'1fortnight' is not a duration"),
        ("leak-fds=1/0s", "'/0s' is no time"),
        ("stall=5s", "it needs a time behind '@'"),
        ("stall=5MiB@1s", "is not a duration"),
        ("corrupt=1/s@5s", "'1/s' is per time"),
        ("crash=1@5s", "it has an amount behind '='"),
        ("crash@soon", "'soon' is not a duration"),
    ],
)
def test_what_is_no_fault_is_one_line(text: str, said: str) -> None:
    with pytest.raises(FaultError, match=re.escape(said)) as caught:
        parse_fault(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "stress_24h", "--runner", "lab", "--inject", "drop=2"), "--inject: 'drop=2'"),
        (("run", "stress_24h", "--runner", "cargo", "--inject", "drop=2%"), "add --runner lab"),
        (("run", "--inject", "drop=2%", "--", "true"), "needs the lab"),
    ],
)
def test_a_rehearsal_that_cannot_be_is_refused(arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(cli, arguments)
    assert (done.exit_code, len(done.output.splitlines())) == (2, 1)
    assert said in done.output


def test_a_slowdown_learns_what_passes_and_lets_less_and_less_of_it_pass() -> None:
    slow = Allowance(0.1, 0.0)
    for tick in range(70):
        assert slow.charge(100, tick / 10) == 0  # 1000 bytes a second
    assert slow.charge(1000, 7.0) == pytest.approx(1.0)
    assert slow.charge(1000, 12.0) == pytest.approx(2.0)  # half of it is left
    assert slow.charge(1000, 100.0) == pytest.approx(20.0)  # and never less than a twentieth


def test_a_injector_without_faults_lets_everything_pass_and_counts_it() -> None:
    injector = FaultInjector()
    assert injector.pass_on(b"abc") == b"abc"
    assert (injector.passed, injector.pause(10**9), injector.drops()) == (3, 0, False)


def ended(running: "RunningLab") -> dict[str, float]:
    running.state("idle")
    found = running.metrics()
    assert running.finish() == 0
    return found


def relay(running: "RunningLab", name: str = "plain-relay") -> psutil.Process:
    return psutil.Process(running.processes()[name][1])


def test_leaks_are_in_the_relay_and_nowhere_else(lab: "StartLab") -> None:
    leaks = ("leak-memory=40MiB/s", "leak-fds=40/s", "leak-sockets=20/s")
    running = lab("plain", "--settle", "500ms", *(part for leak in leaks for part in ("--inject", leak)))
    running.state("ready")
    before, server = relay(running), relay(running, "plain-server")
    files, memory, other = before.num_fds(), before.memory_info().rss, server.memory_info().rss
    assert "injected: leak-memory=40MiB/s" in running.state("loading")["detail"]
    assert running.eventually(lambda: before.memory_info().rss > memory + 50 * MIB)
    assert running.eventually(lambda: before.num_fds() > files + 80)
    left = [one for one in before.net_connections("tcp") if one.status == psutil.CONN_CLOSE_WAIT]
    assert len(left) >= 20
    assert server.memory_info().rss < other + 30 * MIB
    assert running.metrics(lambda found: found["connections_total"] > 20)["connection_failures_total"] == 0
    running.send(signal.SIGTERM)
    assert running.finish() == 0
    running.nothing_left()


def test_wrong_bytes_are_seen_though_the_tunnel_guards_its_own(lab: "StartLab") -> None:
    running = lab("ech", "--inject", "corrupt=3@300ms", "--duration", "1500ms", "--settle", "0s")
    running.state("loading")
    assert running.processes()["echo-relay"][0] == "sut"
    found = ended(running)
    # A connection ends at its first wrong byte; several may have been its own.
    assert 1 <= found["corrupt_bytes_total"] <= 3
    assert found["connection_failures_total"] == found["failures_corrupt_total"] == found["corrupt_bytes_total"]
    assert found["udp_lost_total"] == found["handshake_failures_total"] == 0


def test_dropped_connections_fail_and_are_counted_by_cause(lab: "StartLab") -> None:
    found = ended(lab("plain", "--inject", "drop=30%", "--duration", "2s", "--flows", "0", "--settle", "0s"))
    failed = found["connection_failures_total"]
    assert 3 <= failed <= 30
    assert failed == found["failures_socks_total"] + found["failures_reset_total"] + found["failures_eof_total"]
    assert found["connections_total"] + failed == found["offered_total"]


def test_dropped_datagrams_are_lost_and_streams_survive(lab: "StartLab") -> None:
    running = lab("tuic", "--inject", "drop=20%", "--duration", "3s", "--throughput", "200KiB", "--settle", "0s")
    found = ended(running)
    assert found["wire_packets_dropped_total"] > 50
    assert found["udp_lost_total"] > 5
    assert found["connection_failures_total"] == found["corrupt_bytes_total"] == 0


def test_a_stall_shows_in_the_latency_and_passes(lab: "StartLab") -> None:
    running = lab("plain", "--inject", "stall=800ms@500ms", "--duration", "2s", "--interval", "3s", "--settle", "0s")
    found = ended(running)
    assert 400 < found["latency_ms_p999"] < 5000
    assert found["connection_failures_total"] == 0


def test_a_relay_that_crashes_is_a_crash_of_the_system_under_test(lab: "StartLab") -> None:
    running = lab("plain", "--inject", "crash@200ms", "--settle", "0s")
    line = running.until(lambda line: "ended=" in line)
    assert line.startswith("STRESSTUI_PROCESS pid=")
    assert line.endswith("role=sut name=plain-relay ended='killed by SIGABRT'")
    assert "signal 6" in running.state("failed")["detail"]
    assert running.finish() == 1
    running.nothing_left()


def test_a_relay_is_started_again_on_its_port_if_asked(lab: "StartLab") -> None:
    running = lab("plain", "--inject", "crash@200ms", "--restarts", "1", "--interval", "250ms", "--settle", "0s")
    running.until(lambda line: line.startswith("restarting: plain-relay"))
    hit = running.metrics(lambda found: found["restarts_total"] == 1)
    again = running.metrics(lambda found: found["connections_total"] > hit["connections_total"] + 20)
    assert "port" not in again
    running.send(signal.SIGTERM)
    assert running.finish() == 0
    running.nothing_left()


def test_a_port_that_was_taken_meanwhile_is_tried_again(lab: "StartLab") -> None:
    running = lab(program=["-c", TAKEN])
    running.until(lambda line: line.startswith("a port was taken meanwhile"))
    running.state("ready")
    assert ended(running)["connection_failures_total"] == 0
    running.nothing_left()
