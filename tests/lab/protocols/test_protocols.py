"""Every protocol of the guide through its real proxies, a few seconds each."""

import os
import pwd
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stresstui.core.model.lab_words import PROTOCOLS as NAMES
from stresstui.lab.protocols import PROTOCOLS, ssh

if TYPE_CHECKING:
    from tests.lab.conftest import RunningLab, StartLab


def test_the_command_line_knows_every_protocol() -> None:
    assert set(NAMES) == set(PROTOCOLS)


def loaded(start: "StartLab", name: str) -> "tuple[RunningLab, str, dict[str, float]]":
    running = start(name, "--duration", "1500ms")
    detail = running.state("ready")["detail"]
    running.state("idle")
    found = running.metrics()
    assert running.finish() == 0
    running.nothing_left()
    return running, detail, found


def sound(found: dict[str, float], prefix: str = "", *, udp: bool = True) -> None:
    """Fail unless the load went through whole and every byte came back."""
    assert found[f"{prefix}connections_total"] >= 20
    assert found[f"{prefix}requests_total"] > 0
    assert found[f"{prefix}bytes_total"] > 2_000_000
    for name in ("connection_failures_total", "corrupt_bytes_total", "missed_total", "requests_missed_total"):
        assert found[f"{prefix}{name}"] == 0, name
    if udp:
        assert found[f"{prefix}udp_round_trips_total"] >= 20
        assert found[f"{prefix}udp_lost_total"] == 0


def test_reality(lab: "StartLab") -> None:
    running, detail, found = loaded(lab, "reality")
    assert "destination site" in detail
    assert running.processes()["reality-site"][0] == "service"
    sound(found)
    assert found["handshakes_total"] >= 20
    assert found["handshake_failures_total"] == 0


def test_hysteria_carries_both_versions_apart(lab: "StartLab") -> None:
    running, _, found = loaded(lab, "hysteria")
    assert {"hy1-server", "hy1-client", "hy2-server", "hy2-client"} <= set(running.processes())
    sound(found, "hy1_")
    sound(found, "hy2_")
    assert found["hy1_handshakes_total"] == found["hy2_handshakes_total"] == 1
    assert found["bytes_total"] == found["hy1_bytes_total"] + found["hy2_bytes_total"]
    assert found["latency_ms_p99"] == max(found["hy1_latency_ms_p99"], found["hy2_latency_ms_p99"])


def test_tuic_carries_everything_over_one_quic_connection(lab: "StartLab") -> None:
    found = loaded(lab, "tuic")[2]
    sound(found)
    assert found["handshakes_total"] == found["wire_connections_open"] == 1
    assert found["handshake_failures_total"] == 0
    assert found["handshake_ms_p50"] > 0
    assert found["streams_per_connection"] >= 20
    assert found["wire_packets_sent_total"] > 1000
    assert found["wire_packets_received_total"] > 1000


def test_plain(lab: "StartLab") -> None:
    sound(loaded(lab, "plain")[2])


def test_ssh_says_which_server_and_reuses_one_connection(lab: "StartLab") -> None:
    _, detail, found = loaded(lab, "ssh")
    assert "OpenSSH" in detail
    sound(found, udp=False)
    assert found["handshakes_total"] == 1
    assert found["handshake_failures_total"] == 0
    assert found["streams_per_connection"] >= 20
    assert "udp_round_trips_total" not in found


@pytest.mark.parametrize(
    ("user", "folder", "lacks"),
    [
        (1000, "sshd", None),
        (0, "", None),
        (0, "sshd", "needs the folder {} to run as root"),
    ],
)
def test_what_sshd_lacks_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, user: int, folder: str, lacks: str | None
) -> None:
    place = tmp_path / folder
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(pwd, "getpwnam", lambda _: None)
    monkeypatch.setattr(ssh, "_SSHD_AS_ROOT", place)
    assert ssh._lacks_as_root() == (lacks and lacks.format(place))


def test_a_missing_user_of_sshd_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str) -> None:
        raise KeyError

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", nobody)
    assert ssh._lacks_as_root() == "needs a user 'sshd' to run as root"
