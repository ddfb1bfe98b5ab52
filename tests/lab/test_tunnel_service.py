"""Tunnels that are up for other programs: a plain address, and everything sent to it seen on the wire."""

import os
import shlex
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.lab.conftest import RunningLab, StartLab

UP = ["-m", "stresstui.lab", "up"]


def addresses(running: "RunningLab") -> dict[str, tuple[str, int]]:
    """Return what the lab exports, once it is ready."""
    detail = running.state("ready")["detail"]
    found = {}
    for line in running.lines:
        word, _, rest = line.partition(" ")
        if word == "STRESSTUI_ENV":
            for name, address in (part.split("=") for part in shlex.split(rest)):
                assert f"={address}" in detail
                host, _, port = address.partition(":")
                found[name] = (host, int(port))
    return found


def echoed(address: tuple[str, int], size: int) -> bool:
    data = bytes(range(256)) * (size // 256)
    with socket.create_connection(address, timeout=10) as link:
        link.sendall(data)
        back = b""
        while len(back) < size and (chunk := link.recv(65536)):
            back += chunk
    return back == data


def test_ech_carries_what_a_program_sends_to_a_plain_address(lab: "StartLab") -> None:
    running = lab("ech", "--env", "--interval", "250ms", program=UP)
    found = addresses(running)
    assert list(found) == ["SB_ECH_STRESS_ADDR", "SB_BENCH_ECH_ADDR"]
    assert len(set(found.values())) == 1
    assert {role for name, (role, _) in running.processes().items() if name in ("lab", "echo")} == {"service"}
    before = running.metrics(lambda now: "ech_handshakes_total" in now)
    for _ in range(5):
        assert echoed(found["SB_ECH_STRESS_ADDR"], 65536)
    handshakes, size = before["ech_handshakes_total"] + 5, before["ech_wire_bytes_total"] + 10 * 65536
    after = running.metrics(
        lambda now: now["ech_handshakes_total"] >= handshakes and now["ech_wire_bytes_total"] > size
    )
    assert after["ech_share_percent"] == 100
    assert after["ech_wire_handshakes_total"] == handshakes
    running.send(signal.SIGTERM)
    assert running.finish() == 0
    running.nothing_left()


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("reality", ["REALITY"]),
        ("hysteria", ["HYSTERIA1", "HYSTERIA2"]),
        ("ssh", ["SSH"]),
        ("tuic", ["TUIC"]),
    ],
)
def test_every_protocol_has_its_variables(lab: "StartLab", name: str, variables: list[str]) -> None:
    running = lab(name, "--env", "--interval", "250ms", program=UP)
    found = addresses(running)
    assert list(found) == [f"SB_{form}_ADDR" for one in variables for form in (f"{one}_STRESS", f"BENCH_{one}")]
    for address in found.values():
        assert echoed(address, 32768)
    for prefix in ("hy1", "hy2") if name == "hysteria" else (name,):
        running.metrics(lambda now, prefix=prefix: now.get(f"{prefix}_wire_bytes_total", 0) > 65536)  # type: ignore[misc]
    running.send(signal.SIGTERM)
    assert running.finish() == 0
    running.nothing_left()


def test_round_trips_beside_the_load_say_how_soon_a_tunnel_answers_and_when_it_does_not(lab: "StartLab") -> None:
    running = lab("plain", "--env", "--interval", "250ms", program=UP)
    before = running.metrics(lambda now: "plain_round_trip_ms_p50" in now)
    assert before["plain_round_trip_failures_total"] == 0
    assert 0 < before["plain_round_trip_ms_p50"] < 5000
    proxy = next(pid for name, (_, pid) in running.processes().items() if name.startswith("plain"))
    os.kill(proxy, signal.SIGSTOP)  # it neither answers nor refuses
    try:
        running.metrics(lambda now: now["plain_round_trip_failures_total"] >= 1)
    finally:
        os.kill(proxy, signal.SIGCONT)
    running.send(signal.SIGTERM)
    running.finish()


def test_without_env_the_address_is_in_the_ready_line_only(lab: "StartLab") -> None:
    running = lab("plain", program=UP)
    assert "SB_PLAIN_STRESS_ADDR=127.0.0.1:" in running.state("ready")["detail"]
    assert not any(line.startswith("STRESSTUI_ENV") for line in running.lines)
    running.stop_listening()
    assert running.process.wait(20) == 1
    running.nothing_left()


def test_a_dead_proxy_ends_it(lab: "StartLab") -> None:
    running = lab("plain", "--inject", "crash@100ms", program=UP)
    running.state("failed")
    assert running.finish() == 1
    running.nothing_left()


@pytest.mark.parametrize("name", ["reality", "plain"])
def test_no_module_of_the_folder_is_taken_for_pythons(
    lab: "StartLab", name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("types", "json", "logging", "xray"):
        (tmp_path / f"{module}.py").write_text("raise SystemExit('not of Python')\n")
    monkeypatch.chdir(tmp_path)
    running = lab(name, program=["-P", *UP])
    assert running.state("ready")
    running.send(signal.SIGTERM)
    assert running.finish() == 0
