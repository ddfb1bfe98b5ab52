"""Real tunnels as services of a workload that only knows an address; the proof is what passes on their wire."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.model.event import Reported, Sampled
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import CargoRun, CriterionSpec, MetricSpec, RunnerKind, Scenario
from tests.engine.launcher import Launcher

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="NO CARGO HERE: the cargo runner is not tested")
pytest.importorskip("uvloop", reason="NO LAB HERE: stresstui[lab] is not installed")

SIZE, ROUNDS = 65536, 10
SENDER = f"""
import os, socket, time
address = os.environ.get("SB_ECH_STRESS_ADDR")
if address is None:
    raise SystemExit(print("SB_ECH_STRESS_ADDR not set; skipping"))
host, _, port = address.partition(":")
for number in range({ROUNDS}):
    with socket.create_connection((host, int(port))) as link:
        link.sendall(b"x" * {SIZE})
        got = 0
        while got < {SIZE}:
            got += len(link.recv(65536))
    print(f"Progress: {{number + 1}} connections", flush=True)
    time.sleep(0.1)
time.sleep(2.2)  # the wire reports once a second
"""
TEST = f"""
use std::io::{{Read, Write}};
#[test] #[ignore] fn stress_ech() {{
    let Ok(address) = std::env::var("SB_ECH_STRESS_ADDR") else {{
        println!("SB_ECH_STRESS_ADDR not set; skipping");
        return;
    }};
    for number in 1..={ROUNDS} {{
        let mut link = std::net::TcpStream::connect(&address).unwrap();
        link.write_all(&vec![7u8; {SIZE}]).unwrap();
        let mut back = vec![0u8; {SIZE}];
        link.read_exact(&mut back).unwrap();
        assert_eq!(back, vec![7u8; {SIZE}]);
        println!("Progress: {{number}} connections");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }}
    std::thread::sleep(std::time::Duration::from_millis(2200));
}}
"""
SEEN = (
    CriterionSpec(id="seen", title="ECH was seen on the wire", rule=f"count(ech_handshakes_total) >= {ROUNDS}"),
    CriterionSpec(id="bytes", title="Its bytes too", rule=f"count(ech_wire_bytes_total) >= {2 * ROUNDS * SIZE}B"),
    CriterionSpec(id="made", title="Connections", rule=f"count(connections_total) >= {ROUNDS}"),
)


def scenario(*services: str, cargo: CargoRun | None = None) -> Scenario:
    metrics = {
        "ech_handshakes_total": MetricSpec(),
        "ech_wire_bytes_total": MetricSpec(),
        "connections_total": MetricSpec(regex=r"Progress: (\d+) connections"),
    }
    return Scenario(
        name="served", until_exit=True, services=services, cargo=cargo, metrics=metrics, criteria=SEEN, interval=0.2
    )


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("CARGO_TARGET_DIR", str(tmp_path / "target"))
    (tmp_path / "Cargo.toml").write_text('[workspace]\nmembers = ["app"]\nresolver = "2"\n')
    (tmp_path / "app" / "tests").mkdir(parents=True)
    (tmp_path / "app" / "src").mkdir()
    (tmp_path / "app" / "src" / "lib.rs").touch()
    (tmp_path / "app" / "Cargo.toml").write_text('[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n')
    (tmp_path / "app" / "tests" / "stress_tests.rs").write_text(TEST)
    yield tmp_path
    shutil.rmtree(tmp_path / "target", ignore_errors=True)


def command(launch: Launcher, *services: str) -> Any:
    return launch(sys.executable, "-c", SENDER, scenario=scenario(*services)).wait_end()


def cargo(launch: Launcher, workspace: Path, *services: str) -> Any:
    run = CargoRun(test_target="stress_tests", test="stress_ech")
    given = scenario(*services, cargo=run)
    return launch(scenario=given, runner=RunnerKind.CARGO, workspace=str(workspace)).wait_end()


def really_inside_ech(run: Any) -> None:
    assert run.state.exit_code == 0, run.state.reasons
    counts = [e.values["ech_handshakes_total"] for e in run.all(Reported) if "ech_handshakes_total" in e.values]
    assert counts[-1] >= ROUNDS
    assert counts == sorted(counts)
    proxies = {p.role for e in run.all(Sampled) for p in e.sample.processes if "sing-box" in p.name or "ech" in p.name}
    assert proxies <= {Role.SERVICE}
    assert b"everything is stopped and removed" in run.output


def skipped(run: Any) -> None:
    assert run.state.exit_code == 3
    assert any("skipping" in reason for reason in run.state.reasons), run.state.reasons


def test_a_command_sends_its_bytes_through_ech(launch: Launcher) -> None:
    really_inside_ech(command(launch, "ech"))


def test_the_same_command_without_services_shows_nothing(launch: Launcher) -> None:
    assert "SB_ECH_STRESS_ADDR" not in os.environ
    skipped(command(launch))


@needs_cargo
def test_a_cargo_test_sends_its_bytes_through_ech(launch: Launcher, workspace: Path) -> None:
    really_inside_ech(cargo(launch, workspace, "ech"))


@needs_cargo
def test_the_same_cargo_test_without_services_shows_nothing(launch: Launcher, workspace: Path) -> None:
    skipped(cargo(launch, workspace))
