"""The Rust project's own suite as scenarios: its commands, its services, and its printed numbers."""

import re
from pathlib import Path

import pytest

from stresstui import catalogue
from stresstui.core.model.event import Reported
from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.core.run.stop import PLAN_REACHED
from stresstui.engine.output.line_reader import LineReader

SERVICES = {"baseline": (), **{name: (name,) for name in ("reality", "ech", "hysteria1", "hysteria2", "ssh", "tuic")}}
SUMMARY = """\
  Progress: 5200 connections, 59.1s elapsed
Successful:            5284 (99.98%)
Failed:                1 (0.02%)
Bytes Sent:            2705920 (2.58 MB)
Bytes Received:        2705408 (2.58 MB)
FD Leak Detected:      ⚠️  YES
Memory Leak Detected:  ✅ NO
Peak FDs:              212
"""


def suite() -> list[Scenario]:
    return [catalogue.load(entry.name) for entry in catalogue.list_scenarios() if entry.origin == "suite"]


def test_every_protocol_has_an_endurance_test_with_its_service(project: Path) -> None:
    for protocol, services in SERVICES.items():
        scenario = catalogue.load(f"suite_endurance_{protocol}")
        assert scenario.services == services
        assert scenario.duration == 86400 + 600
        assert 100 * 86400 / scenario.duration >= PLAN_REACHED
        assert [spec.rule for spec in scenario.criteria if spec.id == "fds_stable"] == ["growth(fds) < 60/h"]
        live = {re.sub(r"^\w+\(\w*?_((?:wire|round_trip)_\w+).*", r"\1", spec.rule) for spec in scenario.criteria}
        seen_live = {"wire_bytes_total", "wire_handshake_failures_total", "round_trip_failures_total"}
        assert (live >= {*seen_live, "round_trip_ms_p99"}) is bool(services)


def test_each_scenario_runs_one_test_of_the_suite(project: Path) -> None:
    scenarios = suite()
    assert len(scenarios) == 19
    assert len({scenario.cargo.test for scenario in scenarios if scenario.cargo}) == 19
    for scenario in scenarios:
        assert scenario.cargo is not None
        assert scenario.until_exit is (scenario.duration is None)  # an endurance test that ends early is cut short
        assert (scenario.cargo.test_target, scenario.cargo.release) == ("stress_tests", True)
        assert scenario.cargo.features[0] == "long_tests"
        assert catalogue.runners_of(scenario) == (RunnerKind.CARGO,)


def test_the_command_is_the_suites(project: Path) -> None:
    cargo = catalogue.load("suite_connection_rate_ech").cargo
    assert cargo is not None
    assert " ".join(cargo.command) == (
        "cargo test --package app --test stress_tests --release --features long_tests,tls_ech"
        " stress_ech_high_connection_rate -- --nocapture --ignored --test-threads=1"
    )


def test_its_printed_numbers_are_read(project: Path) -> None:
    reader = LineReader(catalogue.load("suite_resource_monitoring"))
    found = [one for line in SUMMARY.splitlines() for one in reader.read(1.0, line.encode())]
    values = {name: value for one in found if isinstance(one, Reported) for name, value in one.values.items()}
    assert values == {
        "connections_total": 5200,
        "suite_successful_total": 5284,
        "suite_success_percent": 99.98,
        "connection_failures_total": 1,
        "suite_bytes_sent_total": 2705920,
        "suite_bytes_received_total": 2705408,
        "suite_fd_leak": 1,
        "suite_memory_leak": 0,
        "suite_peak_fds": 212,
    }


@pytest.mark.parametrize(("word", "value"), [("true", 1), ("false", 0), ("3", 3), ("perhaps", None)])
def test_a_leak_is_said_in_words_or_numbers(word: str, value: float | None, project: Path) -> None:
    reader = LineReader(catalogue.load("suite_fd_leak"))
    found = reader.read(1.0, f"FD Leak Detected: {word}".encode())
    assert [one.values for one in found if isinstance(one, Reported)] == (
        [] if value is None else [{"suite_fd_leak": value}]
    )


def test_a_file_of_a_users_own_comes_first(project: Path, user_folder: Path) -> None:
    user_folder.mkdir(parents=True)
    (user_folder / "suite_fd_leak.toml").write_text('[cargo]\ntest = "my_own"\n')
    cargo = catalogue.load("suite_fd_leak").cargo
    assert cargo is not None
    assert cargo.test == "my_own"
