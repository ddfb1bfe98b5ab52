import shutil
from pathlib import Path

import msgspec
import pytest

from stresstui import catalogue
from stresstui.core.model.scenario import CargoRun, CargoTest, RunnerKind, Scenario
from stresstui.engine.launch.plan import Choice, RunnerError, choose_cargo, choose_runner, make_plan
from stresstui.engine.launch.request import RunRequest
from stresstui.engine.launch.rust_source import RustTest, read_tests

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="NO CARGO HERE: the choice is not tested")

MANIFEST = """
[package]
name = "app"
version = "0.1.0"
edition = "2021"
[features]
default = []
long_tests = []
tls_reality = []
tls_ech = []
adapter-hysteria = []
adapter-hysteria2 = []
adapter-ssh = []
adapter-tuic = []
"""
BENCH = """#![cfg(feature = "long_tests")]
//! fn stress_24_hour() stands only in this comment
const TEXT: &str = "#[test] fn stress_24_hour() {";
async fn bench_direct_tcp_helper<'a>(x: &'a str) -> char { if x.is_empty() { '{' } else { '\\'' } }
#[test] fn bench_direct_tcp() {}
#[test] #[ignore] // Run with --ignored flag
fn stress_high_connection_rate() {}
#[test] #[ignore] fn stress_large_data_transfer() {}
#[test] #[ignore] fn stress_memory_leak_detection() {}
#[test] #[ignore] fn stress_concurrent_connections() {}
"""
ROOT = """#![cfg(feature = "long_tests")]
#[path = "../../tests/stress/mod.rs"]
mod stress;
#[path = "../../tests/stress/baseline_stress.rs"]
mod baseline_stress;
#[path = "../../tests/stress/p0_protocols_stress.rs"]
mod p0_protocols_stress;
"""
BASELINE = """#[test] #[ignore] fn stress_baseline_24_hour_endurance() { let _ = "{"; }
#[test] #[ignore] fn stress_baseline_high_connection_rate() {}
"""
GATES = {
    "reality": "tls_reality",
    "ech": "tls_ech",
    "hysteria_v1": "adapter-hysteria",
    "hysteria_v2": "adapter-hysteria2",
    "ssh": "adapter-ssh",
    "tuic": "adapter-tuic",
}
P0 = (
    "".join(
        f'#[cfg(feature = "{gate}")]\nmod {name}_stress {{\n    use super::*;\n    #[test]\n    #[ignore]\n'
        f"    fn stress_{name}_24_hour_endurance() {{ if true {{ }} }}\n}}\n"
        for name, gate in GATES.items()
    )
    + "#[test] #[ignore] fn stress_file_descriptor_leak_detection() {}\n"
)
"""The Rust project's two test files in small: their gates, modules and names."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["app"]\nresolver = "2"\n',
        "app/Cargo.toml": MANIFEST,
        "app/src/lib.rs": "",
        "app/tests/bench_p0_protocols.rs": BENCH,
        "app/tests/stress_tests.rs": ROOT,
        "tests/stress/mod.rs": "pub struct Config { pub a: u8 }\n",
        "tests/stress/baseline_stress.rs": BASELINE,
        "tests/stress/p0_protocols_stress.rs": P0,
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


LONG = "--features long_tests"
LONG_TESTS = 'feature = "long_tests"'


@needs_cargo
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("high_connection_rate", f"--test bench_p0_protocols {LONG} stress_high_connection_rate"),
        ("large_data_transfer", f"--test bench_p0_protocols {LONG} stress_large_data_transfer"),
        ("memory_leak", f"--test bench_p0_protocols {LONG} stress_memory_leak_detection"),
        ("fd_leak", f"--test stress_tests {LONG} stress_file_descriptor_leak_detection"),
        ("stress_24h", f"--test stress_tests {LONG} stress_baseline_24_hour_endurance"),
        ("reality_24h", f"--test stress_tests {LONG},tls_reality stress_reality_24_hour_endurance"),
        ("ech_24h", f"--test stress_tests {LONG},tls_ech stress_ech_24_hour_endurance"),
        ("hysteria_24h", f"--test stress_tests {LONG},adapter-hysteria stress_hysteria_v1_24_hour_endurance"),
        ("ssh_24h", f"--test stress_tests {LONG},adapter-ssh stress_ssh_24_hour_endurance"),
        ("tuic_24h", f"--test stress_tests {LONG},adapter-tuic stress_tuic_24_hour_endurance"),
    ],
)
def test_each_scenario_finds_its_test_and_features_in_the_rust_project(project: Path, name: str, command: str) -> None:
    choice = choose_runner(catalogue.load(name), None, project / "app")
    assert choice.runner is RunnerKind.CARGO, choice.why
    request = RunRequest(scenario=choice.scenario, runner=choice.runner, workspace=str(project))
    assert " ".join(make_plan(request).argv) == (
        f"cargo test --package app {command} -- --nocapture --ignored --test-threads=1"
    )


def cargo_only(test: str, *others: str) -> Scenario:
    scenario = catalogue.load("fd_leak")
    assert scenario.cargo is not None
    tests = tuple(CargoTest(target="stress_tests", name=name) for name in others)
    return msgspec.structs.replace(scenario, cargo=msgspec.structs.replace(scenario.cargo, test=test, tests=tests))


@needs_cargo
def test_where_no_test_fits_the_lab_says_which_are_alike_and_cargo_refuses(project: Path) -> None:
    scenario = cargo_only("stress_24_hour_endurance", "stress_ech_24h_endurance")
    choice = choose_runner(scenario, project, project)
    assert choice.runner is RunnerKind.LAB
    assert "has no test 'stress_24_hour_endurance'; alike are stress_" in choice.why
    assert "stress_ech_24_hour_endurance (stress_tests)" in choice.why
    with pytest.raises(RunnerError, match=r"cannot be started by cargo: .*alike are stress_"):
        choose_cargo(scenario, project, project)


def named(test: str, **more: str) -> Scenario:
    return Scenario(name="own", cargo=CargoRun(test=test, **more))  # type: ignore[arg-type] # only text


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose tests stand elsewhere than their scenarios say."""
    root = tmp_path_factory.mktemp("moved")
    soak = "#[test] fn soak() {}\n"
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["app", "net"]\nresolver = "2"\n',
        "app/tests/one.rs": soak + "#[test] #[cfg(not(debug_assertions))] fn fast() {}\n",
        "app/tests/two.rs": "mod deep { #[test] fn soak_deep() {} }\n#[test] fn twice() {}\n",
        "net/tests/three.rs": '#![cfg(feature = "net")]\n#[test] fn wired() {}\n#[test] fn twice() {}\n',
    }
    for name in ("app", "net"):
        files[f"{name}/src/lib.rs"] = ""
        files[f"{name}/Cargo.toml"] = MANIFEST.replace('"app"', f'"{name}"') + ("net = []\n" if name == "net" else "")
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@needs_cargo
@pytest.mark.parametrize(
    ("test", "command"),
    [
        ("soak", "--package app --test one soak"),
        ("soak_deep", "--package app --test two soak_deep"),
        ("deep::soak_deep", "--package app --test two deep::soak_deep"),
        ("wired", "--package net --test three --features net wired"),
        ("fast", "--package app --test one --release fast"),
    ],
)
def test_a_test_is_found_in_another_target_than_its_scenario_says(moved: Path, test: str, command: str) -> None:
    choice = choose_cargo(named(test), None, moved)
    assert choice.scenario.cargo is not None
    assert " ".join(choice.scenario.cargo.command).startswith(f"cargo test {command} -- ")
    assert f"has '{test}' in package" in choice.why


@needs_cargo
def test_the_profile_that_a_scenario_names_is_kept(moved: Path) -> None:
    choice = choose_cargo(named("fast", profile="bench"), None, moved)
    assert choice.scenario.cargo is not None
    assert (choice.scenario.cargo.release, choice.scenario.cargo.profile) == (False, "bench")


@needs_cargo
@pytest.mark.parametrize(
    ("test", "said"),
    [
        (
            "twice",
            "has no test target 'bench_p0_protocols', but one, two; alike are twice (two of app), twice (three of net)",
        ),
        ("soak_dee", "has no test target 'bench_p0_protocols', but one, two"),
    ],
)
def test_a_test_that_nobody_can_mean_alone_is_refused(moved: Path, test: str, said: str) -> None:
    with pytest.raises(RunnerError) as refused:
        choose_cargo(named(test), None, moved)
    assert said in str(refused.value)


@needs_cargo
def test_a_test_behind_a_feature_that_the_package_lacks_does_not_fit(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "copy")
    manifest = tmp_path / "copy" / "app" / "Cargo.toml"
    manifest.write_text(manifest.read_text().replace("tls_ech = []\n", ""))
    choice: Choice = choose_runner(catalogue.load("ech_24h"), None, tmp_path / "copy")
    assert choice.runner is RunnerKind.LAB
    assert choice_features(choose_runner(catalogue.load("ssh_24h"), None, tmp_path / "copy")) == (
        "long_tests",
        "adapter-ssh",
    )


def choice_features(choice: Choice) -> tuple[str, ...]:
    assert choice.scenario.cargo is not None
    return choice.scenario.cargo.features


def test_the_tests_of_a_source_are_read_with_their_modules_and_features(project: Path) -> None:
    source = read_tests(project / "app" / "tests" / "stress_tests.rs")
    assert source.whole
    assert source.tests[0] == RustTest("baseline_stress::stress_baseline_24_hour_endurance", (LONG_TESTS,))
    conditions = (LONG_TESTS, 'feature = "tls_ech"')
    ech = RustTest("p0_protocols_stress::ech_stress::stress_ech_24_hour_endurance", conditions)
    assert source.matching("stress_ech_24_hour_endurance") == [ech]
    assert [test.name for test in source.matching("hysteria_v")] == [
        "stress_hysteria_v1_24_hour_endurance",
        "stress_hysteria_v2_24_hour_endurance",
    ]
    bench = read_tests(project / "app" / "tests" / "bench_p0_protocols.rs")
    assert (len(bench.tests), bench.whole, bench.matching("stress_24_hour")) == (5, True, [])


@pytest.mark.parametrize(
    "hides",
    ["make_tests! { stress_a }", 'include!("more.rs");', "mod elsewhere;", "fn main() {}"],
)
def test_a_source_that_may_hide_tests_is_not_whole(tmp_path: Path, hides: str) -> None:
    path = tmp_path / "tests.rs"
    path.write_text(f"#[test] fn shown() {{ assert!(true); }}\n{hides}\n")
    source = read_tests(path)
    assert ([test.path for test in source.tests], source.whole) == (["shown"], False)


@pytest.mark.parametrize(
    ("attribute", "conditions"),
    [
        ('#[cfg_attr(feature = "long", test)]', ('feature = "long"',)),
        ('#[cfg_attr(all(feature = "a", unix), tokio::test(flavor = "x"))]', ('all(feature = "a", unix)',)),
        ('#[test] #[cfg_attr(feature = "a", ignore = "no test")]', ()),
        ("#[cfg_attr(all(unix, test), allow(dead_code))]", None),
    ],
)
def test_an_attribute_may_make_a_test_under_a_condition(
    tmp_path: Path, attribute: str, conditions: tuple[str, ...] | None
) -> None:
    path = tmp_path / "a.rs"
    path.write_text(f"{attribute}\nfn one() {{}}\n")
    assert read_tests(path).tests == ([] if conditions is None else [RustTest("one", conditions)])
