"""The built-in scenarios say what the stress testing guide says, word for word."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from stresstui import catalogue
from stresstui.core.criteria.rule import check_rule, parse_rule
from stresstui.core.model.scenario import RunnerKind, Scenario, criteria_for

HOUR, MINUTE = 3600.0, 60.0
STABLE = (
    "No crashes or panics",
    "Memory usage stable (no continuous growth)",
    "File descriptors stable (no leaks)",
    "CPU usage reasonable (<80% average)",
    "Network connections properly closed",
)


@dataclass(frozen=True)
class Page:
    """What the guide says of one test."""

    test: str
    duration: float
    success: tuple[str, ...]
    lab: tuple[str, str]
    specific: tuple[str, ...] = ()
    note: str = ""
    objective: str = ""


GUIDE = {
    "stress_24h": Page(
        "stress_24_hour", 24 * HOUR, STABLE, ("plain", "steady"),
        objective="Verify system stability over extended period",
    ),
    "memory_leak": Page(
        "stress_memory_leak_detection", 4 * HOUR,
        ("No memory leaks detected", "Memory usage stable over time", "All allocations properly freed",
         "No unbounded growth in collections"),
        ("plain", "memory_leak"), note="Variable (1-24 hours)",
        objective="Detect memory leaks in protocol implementations",
    ),
    "fd_leak": Page(
        "stress_fd_leak_detection", 4 * HOUR,
        ("File descriptor count stable", "All sockets properly closed", "No orphaned connections",
         "FD count returns to baseline after test"),
        ("plain", "fd_leak"), note="1-4 hours", objective="Detect file descriptor leaks",
    ),
    "high_connection_rate": Page(
        "stress_high_connection_rate", 10 * MINUTE,
        ("Handle >100 connections/second", "No connection failures", "Stable memory usage", "Stable CPU usage"),
        ("plain", "connection_rate"), note="10-30 minutes",
        objective="Test system under rapid connection creation",
    ),
    "large_data_transfer": Page(
        "stress_large_data_transfer", 10 * MINUTE,
        ("Achieve >50 MB/s throughput", "Stable memory usage", "No data corruption", "Proper flow control"),
        ("plain", "large_transfer"), note="10-30 minutes", objective="Test sustained high throughput",
    ),
    "reality_24h": Page(
        "stress_reality_24h", 24 * HOUR, STABLE, ("reality", "steady"),
        ("TLS session handling", "REALITY authentication stability", "Certificate validation", "Connection reuse"),
    ),
    "ech_24h": Page(
        "stress_ech_24h", 24 * HOUR, STABLE, ("ech", "steady"),
        ("ECH encryption stability", "TLS handshake handling", "Configuration updates", "Connection reuse"),
    ),
    "hysteria_24h": Page(
        "stress_hysteria_24h", 24 * HOUR, STABLE, ("hysteria", "steady"),
        ("QUIC connection handling", "UDP packet processing", "Congestion control stability", "Stream multiplexing"),
    ),
    "ssh_24h": Page(
        "stress_ssh_24h", 24 * HOUR, STABLE, ("ssh", "steady"),
        ("SSH session handling", "Channel multiplexing", "Authentication stability", "Connection reuse"),
    ),
    "tuic_24h": Page(
        "stress_tuic_24h", 24 * HOUR, STABLE, ("tuic", "steady"),
        ("QUIC connection handling", "UDP packet processing", "Stream multiplexing", "Connection reuse"),
    ),
}  # fmt: skip
EVERY = pytest.mark.parametrize("name", sorted(GUIDE))


def titles(scenario: Scenario, runner: RunnerKind, group: str) -> tuple[str, ...]:
    return tuple(spec.title for spec in criteria_for(scenario, runner) if spec.group == group)


def test_the_guides_ten_tests_and_the_suite_are_all_there_is(project: Path) -> None:
    entries = catalogue.list_scenarios()
    assert [entry.name for entry in entries if entry.origin == "built-in"] == sorted(GUIDE)
    assert {entry.name.partition("_")[0] for entry in entries if entry.origin == "suite"} == {"suite"}
    assert [entry.error for entry in entries if entry.error] == []


@EVERY
def test_the_cargo_command_is_the_guides(name: str, project: Path) -> None:
    cargo = catalogue.load(name).cargo
    assert cargo is not None
    assert " ".join(cargo.command) == (
        f"cargo test --package app --test bench_p0_protocols {GUIDE[name].test}"
        " -- --nocapture --ignored --test-threads=1"
    )


@EVERY
@pytest.mark.parametrize("runner", [RunnerKind.CARGO, RunnerKind.LAB])
def test_the_success_criteria_are_the_guides_in_its_order(name: str, runner: RunnerKind, project: Path) -> None:
    assert titles(catalogue.load(name), runner, "Success criteria") == GUIDE[name].success


@EVERY
def test_the_specific_checks_are_the_guides_in_its_order(name: str, project: Path) -> None:
    scenario = catalogue.load(name)
    groups = sorted({spec.group for spec in scenario.criteria if spec.group.startswith("Specific checks")})
    expected = {"hysteria_24h": ["Specific checks, Hysteria v1", "Specific checks, Hysteria v2"]}
    assert groups == expected.get(name, ["Specific checks"] if GUIDE[name].specific else [])
    for group in groups:
        assert titles(scenario, RunnerKind.LAB, group) == GUIDE[name].specific


@EVERY
def test_duration_objective_and_lab_are_as_planned(name: str, project: Path) -> None:
    scenario, page = catalogue.load(name), GUIDE[name]
    assert scenario.lab is not None
    assert (scenario.lab.protocol, scenario.lab.profile) == page.lab
    assert (scenario.duration, scenario.duration_note) == (page.duration, page.note)
    assert scenario.title
    assert scenario.objective == page.objective or (not page.objective and "24 hours" in scenario.objective)
    assert 0 < scenario.warm_up <= page.duration / 5


OF_SERVICES = re.compile(r"_(wire|round_trip)_")


@EVERY
def test_what_only_the_lab_can_measure_is_asked_of_the_lab_only(name: str, project: Path) -> None:
    scenario = catalogue.load(name)
    for spec in criteria_for(scenario, RunnerKind.CARGO):
        metric = parse_rule(spec.rule).metric
        of_service = bool(scenario.services) and (OF_SERVICES.search(metric) or metric.startswith("ech_"))
        assert of_service or metric not in scenario.metrics, spec.id


@EVERY
def test_groups_are_shown_as_the_guide_has_them_and_evidence_comes_last(name: str, project: Path) -> None:
    groups = list(dict.fromkeys(spec.group for spec in catalogue.load(name).criteria))
    assert groups[0] == "Success criteria"
    assert groups[-1] == "Evidence"


def test_the_two_hysterias_are_judged_by_the_same_rules_apart(project: Path) -> None:
    criteria = catalogue.load("hysteria_24h").criteria
    # Of the tests of a workspace only those of v1 are known; what its service is asked has no twin.
    criteria = tuple(spec for spec in criteria if RunnerKind.CARGO not in spec.runners)
    first = [(spec.id, spec.rule) for spec in criteria if spec.id.startswith("hy1_")]
    second = [(spec.id, spec.rule) for spec in criteria if spec.id.startswith("hy2_")]
    assert len(first) >= len(GUIDE["hysteria_24h"].specific)
    assert [(a.replace("hy1", "hy2"), b.replace("hy1", "hy2")) for a, b in first] == second


def test_a_command_without_a_scenario_has_criteria_too() -> None:
    scenario = catalogue.default_scenario()
    assert [spec.id for spec in scenario.criteria] == [
        "no_crashes", "exit_zero", "memory_stable", "fds_stable", "fds_not_racing", "no_exhaustion",
        "leaks_no_process", "tmpfs_not_filling",
    ]  # fmt: skip
    assert "exit_zero" not in [spec.id for spec in criteria_for(scenario, RunnerKind.PID)]
    assert Path(scenario.source).name == "default.toml"
    for spec in scenario.criteria:
        check_rule(parse_rule(spec.rule), scenario)


@EVERY
def test_where_a_test_is_judged_to_its_own_end_is_a_scenario(name: str, project: Path) -> None:
    cargo = catalogue.load(name).cargo
    assert cargo is not None
    assert not cargo.to_its_end or catalogue.load(cargo.to_its_end).until_exit


@pytest.mark.parametrize("name", ["stress_24h", "reality_24h", "ech_24h", "hysteria_24h", "ssh_24h", "tuic_24h"])
def test_a_leak_is_judged_by_connections_beside_by_the_hour(name: str) -> None:
    scenario = catalogue.load(name)
    rules = [criterion.rule for criterion in criteria_for(scenario, RunnerKind.LAB)]
    for metric in ("fds", "rss"):
        assert any(rule.startswith(f"growth({metric}) <") for rule in rules)
        assert any(rule.startswith(f"growth({metric}, per=connections_total) <") for rule in rules)
