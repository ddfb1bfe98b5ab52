"""A run in two parts: servers at an address that other boxes reach, and clients that only know an invitation."""

import base64
import json
import signal
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from stresstui.lab.__main__ import main
from stresstui.lab.net.latency import read_counts
from stresstui.lab.parts import counts

if TYPE_CHECKING:
    from tests.lab.conftest import RunningLab, StartLab

AT = "127.0.0.9"


def folder(tmp_path: Path) -> Path:
    made = tmp_path / "own"
    made.mkdir(mode=0o700)
    return made


def histograms(running: "RunningLab") -> dict[str, dict[int, int]]:
    """The last that were told of each name."""
    lines = [line.split() for line in running.lines if line.startswith("STRESSTUI_HISTOGRAM ")]
    return {name.partition("=")[2]: read_counts(text.partition("=")[2]) for _, name, text in lines}


def last(running: "RunningLab") -> dict[str, int]:
    """The counters of the last metrics line."""
    pairs = [part.split("=") for part in [one for one in running.lines if one.startswith("STRESSTUI ")][-1].split()[1:]]
    return {name: int(value) for name, value in pairs if name.endswith("_total")}


def test_what_clients_count_is_what_the_servers_relays_saw(lab: "StartLab", tmp_path: Path) -> None:
    """Two protocols at once, since each takes its seconds: a second client with keys by name, and one connection."""
    own, names = folder(tmp_path), ("ech", "ssh")
    servers = {name: lab(name, "--serve", AT, "--invitation", str(own / name)) for name in names}
    details = {name: server.state("waiting")["detail"] for name, server in servers.items()}
    clients = {name: lab(name, "--duration", "1s", "--invitation", str(own / name)) for name in names}
    for client in clients.values():
        assert client.finish() == 0
    invited = {name: json.loads((own / name).read_text())["tunnels"] for name in names}
    for server in servers.values():
        server.send(signal.SIGTERM)
    for name, client in clients.items():
        server = servers[name]
        assert server.finish() == 0
        server.nothing_left()
        client.nothing_left()
        told, saw = last(client), last(server)
        assert told["connections_total"] >= 10
        # Proxies answer before they have dialled: what the end of the load cuts off then never gets there.
        assert told["connections_total"] < saw["target_connections_total"] <= told["reached_total"]
        assert told["reached_total"] - saw["target_connections_total"] <= 2
        assert saw["target_bytes_total"] == 2 * told["returned_bytes_total"] > 2 * told["bytes_total"]
        assert saw["handshakes_total"] == told["handshakes_total"] >= len(invited[name])
        assert "connections_lost_total" not in saw  # nobody can say that of several clients
        assert sum(histograms(client)["latency_ms"].values()) == told["requests_total"]
        assert all(f"{AT}:{one['port']}" in details[name] and one["host"] == AT for one in invited[name])
        assert {role for role, _ in server.processes().values()} == {"sut", "service"}


def test_a_server_leads_who_has_its_keys_to_the_target_and_nobody_anywhere_else(
    lab: "StartLab", tmp_path: Path
) -> None:
    place = folder(tmp_path) / "invitation"
    running = lab("plain", "--serve", AT, "--invitation", str(place))
    running.state("waiting")
    assert place.stat().st_mode & 0o777 == 0o600
    invited = json.loads(place.read_text())
    door, keys = (AT, invited["tunnels"][0]["port"]), invited["tunnels"][0]["keys"]
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        other = elsewhere.getsockname()
        assert answer(door, other, keys["username"], keys["password"]) != 0
        assert answer(door, tuple(invited["target"]), keys["username"], "guessed") is None
        assert answer(door, tuple(invited["target"]), keys["username"], keys["password"]) == 0
    running.send(signal.SIGTERM)
    assert running.finish() == 0
    assert not place.exists()
    assert not any(keys["password"] in line for line in running.lines)


def answer(door: tuple[str, int], target: tuple[str, int], user: str, password: str) -> int | None:
    """What a SOCKS5 server answers who wants to a target (RFC 1928 and 1929); None where it lets nobody in so."""
    with socket.create_connection(door, timeout=10) as link:
        link.sendall(b"\x05\x01\x02")
        assert link.recv(2) == b"\x05\x02"
        link.sendall(bytes([1, len(user)]) + user.encode() + bytes([len(password)]) + password.encode())
        if link.recv(2) != b"\x01\x00":
            return None
        link.sendall(b"\x05\x01\x00\x01" + socket.inet_aton(target[0]) + target[1].to_bytes(2))
        said = link.recv(10)
        return said[1] if said else -1


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["ech", "--serve", AT], "--serve needs --invitation FILE"),
        (["ech", "--serve", "10.0.0.300", "--invitation", "x"], "'10.0.0.300' is no IPv4 address"),
        (["ech", "--inject", "corrupt=1@1s", "--invitation", "x"], "have the box with --serve do it"),
    ],
)
def test_what_cannot_be_apart_is_refused_before_anything_starts(argv: list[str], said: str) -> None:
    result = CliRunner().invoke(main, argv)
    assert result.exit_code == 2
    assert said in result.output


def test_an_address_of_another_box_is_said_to_be_none_of_here(lab: "StartLab", tmp_path: Path) -> None:
    running = lab("ssh", "--serve", "203.0.113.1:4433", "--invitation", str(folder(tmp_path) / "invitation"))
    detail = running.state("failed")["detail"]
    assert detail.endswith("last output: cannot listen at 203.0.113.1:4433: Cannot assign requested address")
    assert running.finish() == 4


def test_what_is_no_invitation_starts_nothing(lab: "StartLab", tmp_path: Path) -> None:
    place = folder(tmp_path) / "invitation"
    place.write_text(base64.b64encode(b"keys").decode())
    running = lab("ech", "--invitation", str(place))
    assert "holds no invitation" in running.state("failed")["detail"]
    assert running.finish() == 4


def test_each_side_counts_what_is_its_own() -> None:
    metrics = ("hy1_handshakes_total", "auth_wrong_decisions_total", "connections_total", "mux_streams_per_connection")
    assert [counts("server", name) for name in metrics] == [True, True, False, False]
    assert [counts("client", name) for name in metrics] == [True, False, True, True]
