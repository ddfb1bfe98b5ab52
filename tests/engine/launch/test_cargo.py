import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stresstui.core.model.event import Ended, Matched, Noted, Phase, Sampled
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import CargoRun, CargoTest, CommandRun, CriterionSpec, LabRun, RunnerKind, Scenario
from stresstui.engine.launch.cargo import Built, find_executable, find_workspace
from stresstui.engine.launch.cargo_command import build_of, explain_no_tests
from stresstui.engine.launch.plan import Choice, RunnerError, choose_runner
from tests.engine.launcher import Launcher

needs_cargo = pytest.mark.skipif(shutil.which("cargo") is None, reason="NO CARGO HERE: the cargo runner is not tested")

TESTS = """
#[test] #[ignore] fn stress_passes() { std::thread::sleep(std::time::Duration::from_millis(1500)); }
#[test] #[ignore] fn stress_fails() { println!("about to fail"); assert_eq!(1, 2); }
#[test] #[ignore] fn stress_panics_aside() { let _ = std::thread::spawn(|| panic!("aside")).join(); }
#[test] #[ignore] fn stress_aborts() { std::process::abort(); }
#[test] fn stress_not_ignored() {}
#[test] #[ignore] fn stress_sleeps_on() { std::process::abort(); }
macro_rules! made { ($name:ident) => { #[test] #[ignore] fn $name() {} } }
made!(stress_made);
#[test] #[ignore] fn stress_sleeps() { std::thread::sleep(std::time::Duration::from_secs(60)); }
"""


def scenario(test: str) -> Scenario:
    rule = CriterionSpec(id="a", title="A", rule="max(fds) < 1000")
    return Scenario(name="cargo", moves_bytes=False, until_exit=True, criteria=(rule,), cargo=CargoRun(test=test))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    root = tmp_path_factory.mktemp("workspace")
    (root / "Cargo.toml").write_text('[workspace]\nmembers = ["app"]\nresolver = "2"\n')
    tests = root / "app" / "tests"
    tests.mkdir(parents=True)
    (root / "app" / "src").mkdir()
    (root / "app" / "src" / "lib.rs").write_text("")
    (root / "app" / "Cargo.toml").write_text('[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n')
    (tests / "bench_p0_protocols.rs").write_text(TESTS)
    before = os.environ.get("CARGO_TARGET_DIR")
    os.environ["CARGO_TARGET_DIR"] = str(root / "target")
    yield root
    if before is None:
        del os.environ["CARGO_TARGET_DIR"]
    else:
        os.environ["CARGO_TARGET_DIR"] = before


def start(launch: Launcher, workspace: Path, test: str, **given: Any) -> Any:
    return launch(scenario=scenario(test), runner=RunnerKind.CARGO, workspace=str(workspace), **given)


@needs_cargo
def test_a_test_that_passes_is_built_first_and_is_the_system_under_test(launch: Launcher, workspace: Path) -> None:
    run = start(launch, workspace, "stress_passes").wait_end()
    assert run.phases == [Phase.BUILD, Phase.WARM_UP, Phase.SOAK]
    assert run.exit.status == 0
    assert run.state.facts.tests_passed == 1
    processes = [process for event in run.all(Sampled) for process in event.sample.processes]
    # The kernel keeps fifteen characters of a name.
    assert {p.name for p in processes if p.role is Role.SUT} == {"bench_p0_protocols"[:15]}
    assert {p.role for p in processes if p.name in ("cargo", "rustc")} == {Role.BUILD}
    under_test = [e.t for e in run.all(Sampled) if any(p.role is Role.SUT for p in e.sample.processes)]
    assert min(under_test) >= run.state.phase_began[Phase.WARM_UP]
    assert run.state.exit_code == 0, run.state.reasons


@needs_cargo
@pytest.mark.parametrize(
    ("test", "others", "said"),
    [
        ("stress_not_ignored", (), "--include-ignored"),
        ("stress_24_hour", ("stress_made",), "no test 'stress_24_hour', so 'stress_made' runs"),
    ],
)
def test_the_built_binary_says_what_can_run(
    launch: Launcher, workspace: Path, test: str, others: tuple[str, ...], said: str
) -> None:
    asked = scenario(test)
    tests = tuple(CargoTest(name=name, target="bench_p0_protocols") for name in others)
    asked = msgspec.structs.replace(asked, cargo=CargoRun(test=test, tests=tests))
    run = launch(scenario=asked, runner=RunnerKind.CARGO, workspace=str(workspace)).wait_end()
    assert (run.state.facts.tests_run, run.state.facts.tests_passed) == (1, 1)
    assert said in run.one(Noted).text


@needs_cargo
@pytest.mark.parametrize(
    ("test", "status", "code", "patterns"),
    [
        ("stress_fails", 101, 1, {"libtest_running", "libtest_result", "panic"}),
        ("stress_panics_aside", 0, 1, {"libtest_running", "libtest_result", "panic"}),
        ("stress_of_that_name_is_none", 0, 3, {"libtest_running", "libtest_result"}),
    ],
)
def test_tests_that_must_not_pass(  # noqa: PLR0917 - a table's columns
    launch: Launcher, workspace: Path, test: str, status: int, code: int, patterns: set[str]
) -> None:
    run = start(launch, workspace, test).wait_end()
    assert run.exit.status == status
    assert {event.pattern for event in run.all(Matched)} >= patterns
    assert run.state.exit_code == code, run.state.reasons


@needs_cargo
def test_a_cargo_test_behind_dashes_is_built_before_its_soak(launch: Launcher, workspace: Path) -> None:
    (workspace / "app" / "src" / "lib.rs").write_text("pub const CHANGED: u8 = 1;\n")
    argv = CargoRun(test="stress_passes").command
    asked = msgspec.structs.replace(scenario("stress_passes"), cargo=None, command=CommandRun(argv=argv))
    run = launch(scenario=asked, runner=RunnerKind.COMMAND, cwd=str(workspace)).wait_end()
    assert run.phases == [Phase.BUILD, Phase.WARM_UP, Phase.SOAK]
    assert run.state.facts.tests_passed == 1
    began = run.state.phase_began[Phase.WARM_UP]
    names = {p.name for e in run.all(Sampled) if e.t > began for p in e.sample.processes}
    assert "rustc" not in names
    assert "bench_p0_protocols"[:15] in names
    tested = {p.name for e in run.all(Sampled) for p in e.sample.processes if p.role is Role.SUT}
    assert tested == {"bench_p0_protocols"[:15]}


@pytest.mark.parametrize(
    ("command", "build"),
    [
        ("cargo +nightly test -p app soak -- --ignored", "cargo +nightly test -p app soak"),
        ("cargo t", "cargo t"),
        ("env RUST_LOG=info cargo test soak", "env RUST_LOG=info cargo test soak"),
        ("timeout -k 5 2h nice -n 10 cargo test", "timeout -k 5 2h nice -n 10 cargo test"),
        ("env -i ./soak cargo test", None),
        ("cargo test --no-run", None),
        ("cargo test --doc", None),
        ("cargo run", None),
        ("./soak test", None),
        ("cargo nextest list", None),
        ("make test", None),
        ("go build ./...", None),
    ],
)
def test_only_a_cargo_test_has_a_build_of_its_own(command: str, build: str | None) -> None:
    more = ("--no-run", "--message-format=json-render-diagnostics")
    assert build_of(command.split()) == (None if build is None else (*build.split(), *more))


@pytest.mark.parametrize(
    ("command", "build"),
    [
        ("cargo nextest run", "cargo nextest run --no-run"),
        (
            "cargo +stable nextest run -p app --retries 2 --features a,b -E test(soak) --no-fail-fast --release -- --x",
            "cargo +stable nextest run -p app --features a,b --release --no-run",
        ),
        ("cargo nextest run --cargo-profile=ci soak -j 4", "cargo nextest run --cargo-profile=ci --no-run"),
        ("go test -race -count=1 ./...", "go test -exec true -race -count=1 ./..."),
        ("/usr/lib/go/bin/go test", "/usr/lib/go/bin/go test -exec true"),
        ("env CGO_ENABLED=0 go test -v ./a", "env CGO_ENABLED=0 go test -exec true -v ./a"),
        ("env A=1 cargo nextest run -j 4", "env A=1 cargo nextest run --no-run"),
        ("go test -c ./a", None),
        ("go test -exec=./wrap ./a", None),
    ],
)
def test_other_test_commands_build_with_what_selects_the_build(command: str, build: str | None) -> None:
    assert build_of(command.split()) == (None if build is None else tuple(build.split()))


NEXTEST = """#!/bin/sh
case " $* " in *" --no-run "*) echo "built: $*"; exit 0;; esac
echo "    Starting 1 test across 1 binary"
echo "        PASS [   0.1s] app::soak long"
echo "     Summary [   0.1s] 1 test run: 1 passed, 0 skipped"
sleep 0.4
"""


def test_nextest_builds_before_its_soak(launch: Launcher, tmp_path: Path) -> None:
    cargo = tmp_path / "cargo"
    cargo.write_text(NEXTEST)
    cargo.chmod(0o755)
    asked = msgspec.structs.replace(scenario("long"), cargo=None)
    run = launch(str(cargo), "nextest", "run", "-p", "app", "--retries", "2", scenario=asked).wait_end()
    assert run.phases == [Phase.BUILD, Phase.WARM_UP, Phase.SOAK]
    assert run.state.facts.tests_passed == 1
    assert run.output.index(b"Starting") >= 0
    assert b"built" not in run.output  # what a build writes to its standard output is for machines


GATED = """#![cfg(feature = "long_tests")]
#[test] #[ignore] fn stress_gated() {}
"""


@needs_cargo
@pytest.mark.parametrize("runner", [RunnerKind.CARGO, RunnerKind.COMMAND])
@pytest.mark.parametrize("features", [(), ("other",), ("other", "long_tests")])
def test_where_no_test_ran_the_missing_feature_is_named(
    launch: Launcher, workspace: Path, runner: RunnerKind, features: tuple[str, ...]
) -> None:
    manifest, source = workspace / "app" / "Cargo.toml", workspace / "app" / "tests" / "gated.rs"
    before = manifest.read_text()
    run = CargoRun(test_target="gated", test="stress_gated", features=features)
    asked = msgspec.structs.replace(scenario("stress_gated"), cargo=run, command=CommandRun(argv=run.command))
    try:
        manifest.write_text(before + "[features]\nlong_tests = []\nother = []\n")
        source.write_text(GATED)
        done = launch(scenario=asked, runner=runner, workspace=str(workspace), cwd=str(workspace)).wait_end()
    finally:
        manifest.write_text(before)
        source.unlink()
    ran = "long_tests" in features
    wanted = ",".join((*features, "long_tests"))
    said = f'0 tests ran; the file is behind the feature "long_tests": --features {wanted}'
    assert done.state.facts.tests_run == ran
    assert (done.state.exit_code != 0) or ran
    assert (said in done.state.reasons) is not ran, done.state.reasons


BEHIND = '0 tests ran; the file is behind the feature "long": --features '
BARRED = '0 tests ran; the file is left out where the feature "fast" is on: build without it'
FAST = '[features]\ndefault = ["fast"]\nfast = []\nlong = []\n'
LONG = "[features]\nfast = []\nlong = []\n"
WANTS_LONG = LONG + '[[test]]\nname = "t"\nrequired-features = ["long"]\n'
A_TEST = "#[test] fn a() {}\n"
IN_MODULE = '#[cfg(feature = "long")] mod m { #[test] fn b() {} }\n' + A_TEST


@needs_cargo
@pytest.mark.parametrize(
    ("manifest", "source", "command", "said"),
    [
        (WANTS_LONG, A_TEST, "cargo test", BEHIND + "long"),
        (WANTS_LONG, A_TEST, "cargo test --features fast", BEHIND + "fast,long"),
        (WANTS_LONG, A_TEST, "cargo test --features long", ""),
        (WANTS_LONG, A_TEST, "cargo test --all-features", ""),
        (LONG, '#![cfg(all(feature = "long", not(feature = "fast")))]\n' + A_TEST, "cargo test", BEHIND + "long"),
        (LONG, '#![cfg(all(feature = "long", not(feature = "fast")))]\n' + A_TEST, "cargo test --all-features", BARRED),
        (FAST, '#![cfg(not(feature = "fast"))]\n' + A_TEST, "cargo test", BARRED),
        (FAST, '#![cfg(not(feature = "fast"))]\n' + A_TEST, "cargo test --no-default-features", ""),
        (FAST, '#![cfg(not(feature = "fast"))]\n' + A_TEST, "cargo test --test other", ""),
        (LONG, IN_MODULE, "cargo test -j 2 m::b", BEHIND + "long"),
        (LONG, IN_MODULE, "cargo test -- m::b", BEHIND + "long"),
        (LONG, IN_MODULE, "cargo test -- --skip m::b", ""),
        (LONG, IN_MODULE, "cargo test m::b -p other", ""),
    ],
)
def test_which_features_keep_a_test_out(tmp_path: Path, manifest: str, source: str, command: str, said: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "lib.rs").write_text("")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "t.rs").write_text(source)
    (tmp_path / "Cargo.toml").write_text(f'[package]\nname = "p"\nversion = "0.1.0"\nedition = "2021"\n{manifest}')
    assert explain_no_tests(command.split(), tmp_path) == said


@needs_cargo
def test_a_crash_of_the_test_binary_is_seen_through_cargo(launch: Launcher, workspace: Path) -> None:
    run = start(launch, workspace, "stress_aborts").wait_end()
    assert run.state.facts.crashed == 1
    assert run.state.exit_code == 1


@needs_cargo
def test_the_planned_end_ends_the_test_binary_too(launch: Launcher, workspace: Path, gone: Any) -> None:
    run = start(launch, workspace, "stress_sleeps", duration=1.0).wait_end()
    assert run.exit.planned
    assert run.state.facts.crashed == 0
    assert all(gone(p.pid) for event in run.all(Sampled) for p in event.sample.processes)


@needs_cargo
def test_a_build_that_fails_could_not_run(launch: Launcher, workspace: Path) -> None:
    source = workspace / "app" / "tests" / "bench_p0_protocols.rs"
    try:
        source.write_text("fn broken( {}\n")
        run = start(launch, workspace, "stress_passes").wait_end()
    finally:
        source.write_text(TESTS)
    assert run.exit.cause == "build_failed"
    assert run.phases == [Phase.BUILD]
    assert b"error" in run.output
    assert run.one(Ended).reason
    assert run.state.exit_code == 4


@needs_cargo
def test_cargo_is_chosen_where_the_workspace_has_the_test(workspace: Path) -> None:
    both = Scenario(name="both", cargo=CargoRun(test="stress_passes"), lab=LabRun(protocol="ech"))
    choice = choose_runner(both, None, workspace / "app" / "src")
    assert choice.runner is RunnerKind.CARGO
    assert "bench_p0_protocols" in choice.why
    other = Scenario(name="both", cargo=CargoRun(test_target="other"), lab=LabRun(protocol="ech"))
    choice = choose_runner(other, workspace, workspace)
    assert choice.runner is RunnerKind.LAB
    assert "no test target 'other'" in choice.why


def test_the_lab_or_a_command_is_chosen_where_there_is_no_workspace(tmp_path: Path) -> None:
    both = Scenario(name="both", cargo=CargoRun(test="a"), lab=LabRun(protocol="ech"))
    assert choose_runner(both, None, tmp_path) == Choice(
        both, RunnerKind.LAB, "the embedded lab, because there is no Cargo workspace here"
    )
    own = Scenario(name="own", command=CommandRun(argv=("true",)))
    assert choose_runner(own, None, tmp_path).runner is RunnerKind.COMMAND
    with pytest.raises(RunnerError, match=r"'none' cannot be started: there is no .* name that with --workspace"):
        choose_runner(Scenario(name="none", cargo=CargoRun()), None, tmp_path)


def test_the_workspace_is_found_upwards(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text("[workspace]\n")
    member = tmp_path / "app" / "src"
    member.mkdir(parents=True)
    (tmp_path / "app" / "Cargo.toml").write_text("[package]\nname='app'\n")
    assert find_workspace(member) == tmp_path
    assert find_workspace(tmp_path.parent / "elsewhere") is None


def test_the_executable_is_found_among_the_build_messages() -> None:
    messages = b"""not json
{"reason":"compiler-artifact","target":{"name":"app","kind":["lib"]},"executable":null}
{"reason":"compiler-artifact","target":{"name":"other","kind":["test"]},"executable":"/t/other-1"}
{"reason":"compiler-artifact","target":{"name":"bench_p0_protocols","kind":["test"]},"executable":"/t/bench-2",\
"manifest_path":"/w/app/Cargo.toml"}
"""
    assert find_executable(messages, CargoRun()) == Built("/t/bench-2", "/w/app/Cargo.toml")
    assert find_executable(b"", CargoRun()) is None
