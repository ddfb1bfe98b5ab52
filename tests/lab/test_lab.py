"""The lab as its supervisor sees it: real proxies, real sockets, a few seconds each."""

import signal
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from tests.lab.conftest import StartLab


def test_ech_is_loaded_proved_idle_and_gone(lab: "StartLab") -> None:
    running = lab("ech", "--interval", "500ms")
    assert "round trip in" in running.state("ready")["detail"]
    roles = {name: role for name, (role, _) in running.processes().items()}
    assert roles == {
        "driver": "driver",
        "echo": "service",
        "ech-server": "sut",
        "ech-relay": "sut",
        "ech-client": "sut",
        "mux-relay": "sut",
        "mux-client": "sut",
    }
    relay = psutil.Process(running.processes()["ech-relay"][1])
    at_rest = relay.num_fds()
    running.state("loading")
    first = running.metrics()
    later = running.metrics(lambda found: found["connections_total"] >= 20)
    for name in ("connections_total", "bytes_total", "requests_total", "udp_round_trips_total"):
        assert later[name] > first[name], name
    assert later["ech_handshakes_total"] == later["handshakes_total"] >= 20
    assert later["ech_share_percent"] == 100
    assert later["handshake_failures_total"] == later["corrupt_bytes_total"] == 0
    assert later["connection_failures_total"] == later["udp_lost_total"] == 0
    assert 0 < later["connect_ms_p50"] <= later["connect_ms_p99"] <= later["connect_ms_p999"]
    assert later["latency_ms_p50"] > 0
    assert later["handshake_ms_p50"] > 0
    assert later["active_connections"] >= 8

    running.send(signal.SIGUSR1)
    running.state("idle")
    idle = running.metrics()
    assert idle["active_connections"] == idle["load_on"] == idle["connection_failures_total"] == 0
    assert idle["connections_total"] == idle["offered_total"] - idle["missed_total"]
    assert idle["unanswered_closes_total"] == 0
    driver = psutil.Process(running.process.pid)
    assert [c for c in driver.net_connections("tcp") if c.status == psutil.CONN_ESTABLISHED] == []
    assert running.eventually(lambda: relay.num_fds() <= at_rest)
    assert all(psutil.pid_exists(pid) for _, pid in running.processes().values())

    running.send(signal.SIGTERM)
    assert running.finish() == 0
    assert running.lines[-1].startswith("STRESSTUI_STATE state=stopped")
    assert any(line.startswith("ech latency ms: n=") for line in running.lines)
    running.nothing_left()


def test_killing_the_lab_leaves_no_process_and_no_file(lab: "StartLab") -> None:
    running = lab("ech")
    running.metrics()
    assert any(running.temporary.iterdir())
    running.send(signal.SIGKILL)
    running.finish()
    running.nothing_left()


def test_a_dead_proxy_ends_the_run_with_its_last_output(lab: "StartLab") -> None:
    running = lab("plain")
    running.metrics()
    psutil.Process(running.processes()["plain-server"][1]).kill()
    detail = running.state("failed")["detail"]
    assert "plain-server" in detail
    assert "signal 9" in detail
    assert running.finish() == 1
    running.nothing_left()


def test_a_load_by_several_processes_is_one_load(lab: "StartLab") -> None:
    running = lab("plain", "--drivers", "3", "--rate", "0", "--flows", "6", "--interval", "500ms")
    running.metrics(lambda found: found["active_connections"] == 6 and found.get("bulk_throughput", 0) > 0)
    names = {role: [n for n, (r, _) in running.processes().items() if r == role] for role in ("driver", "service")}
    assert names == {"driver": ["driver", "driver-2", "driver-3"], "service": ["echo", "echo-2", "echo-3"]}
    echoes = [psutil.Process(running.processes()[name][1]) for name in names["service"]]
    held = [[c.status for c in echo.net_connections("tcp")] for echo in echoes]
    assert all(psutil.CONN_LISTEN in states for states in held)
    assert sum(states.count(psutil.CONN_ESTABLISHED) for states in held) == 6
    running.send(signal.SIGUSR1)
    running.state("idle")
    idle = running.metrics()
    assert idle["connections_total"] == idle["offered_total"] == 6
    assert idle["active_connections"] == idle["connection_failures_total"] == idle["corrupt_bytes_total"] == 0
    running.send(signal.SIGTERM)
    assert running.finish() == 0
    assert any(line.startswith(f"plain latency ms: n={idle['requests_total']:.0f} ") for line in running.lines)
    running.nothing_left()


def test_a_part_of_the_load_that_dies_is_a_failure_though_proxies_may_be_replaced(lab: "StartLab") -> None:
    running = lab("plain", "--drivers", "2", "--restarts", "1")
    running.metrics()
    psutil.Process(running.processes()["driver-2"][1]).kill()
    assert "driver-2" in running.state("failed")["detail"]
    assert running.finish() == 1
    running.nothing_left()


def test_a_dead_proxy_is_started_again_if_asked(lab: "StartLab") -> None:
    running = lab("plain", "--restarts", "1", "--interval", "250ms")
    running.metrics()
    first = running.processes()["plain-server"][1]
    psutil.Process(first).kill()
    running.until(lambda line: line.startswith("restarting: plain-server"))
    running.until(lambda line: "name=plain-server" in line)
    second = running.processes()["plain-server"][1]
    assert second != first
    hit = running.metrics(lambda found: found["restarts_total"] == 1)
    done = hit["connections_total"]
    recovered = running.metrics(
        lambda found: found["connections_total"] > done + 10 and found["active_connections"] >= 8
    )
    assert recovered["connection_failures_total"] >= 8
    psutil.Process(second).kill()
    running.state("failed")
    assert running.finish() == 1
    running.nothing_left()


def test_nobody_listening_any_more_ends_the_run_cleanly(lab: "StartLab") -> None:
    running = lab("plain")
    running.metrics()
    running.stop_listening()
    assert running.process.wait(20) == 1
    running.nothing_left()
    assert running.process.stderr is not None
    assert running.process.stderr.read() == ""


def test_ending_before_ready_is_clean(lab: "StartLab") -> None:
    running = lab("plain")
    running.until(lambda line: "plain-server" in line)
    running.send(signal.SIGINT)
    assert running.finish() == 0
    running.nothing_left()


def test_a_bounded_run_of_waves_has_valleys(lab: "StartLab") -> None:
    running = lab("plain", "--profile", "fd_leak", "--duration", "3s", "--cool-down", "300ms", "--interval", "250ms")
    running.state("loading")
    assert running.metrics(lambda found: found["active_connections"] >= 32)["load_on"] == 1
    assert running.metrics(lambda found: found["load_on"] == 0)["connections_total"] > 0
    running.metrics(lambda found: found["load_on"] == 1)
    running.state("idle")
    assert running.finish() == 0


def test_a_rate_beyond_the_cap_shows_as_missed(lab: "StartLab") -> None:
    running = lab("plain", "--profile", "connection_rate", "--concurrency", "1", "--rate", "2000", "--duration", "1s")
    running.state("idle")
    found = running.metrics()
    assert found["missed_total"] > 0
    assert found["offered_total"] == pytest.approx(2000, rel=0.2)
    assert found["connections_total"] == found["offered_total"] - found["missed_total"]
    assert running.finish() == 0


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"STRESSTUI_SING_BOX": "/nowhere/sing-box"}, "STRESSTUI_SING_BOX names /nowhere/sing-box"),
        ({"STRESSTUI_SING_BOX": "/bin/false"}, "false generate ech-keypair"),
    ],
)
def test_what_cannot_start_is_one_line_and_exit_4(lab: "StartLab", environment: dict[str, str], said: str) -> None:
    running = lab("ech", **environment)
    assert said in running.state("failed")["detail"]
    assert running.finish() == 4
    running.nothing_left()


def test_a_missing_package_is_one_line_that_says_what_to_install(lab: "StartLab") -> None:
    hide = "import sys; sys.modules['uvloop'] = None; from stresstui.lab.__main__ import main; main(['plain'])"
    running = lab(program=["-c", hide])
    assert "stresstui[lab]" in running.state("failed")["detail"]
    assert running.finish() == 4
    assert running.process.stderr is not None
    assert running.process.stderr.read().splitlines() == [
        "stresstui lab: the Python package uvloop is missing: pip install 'stresstui[lab]'"
    ]
