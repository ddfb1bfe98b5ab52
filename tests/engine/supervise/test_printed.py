"""What a program prints, to what its run is worth: real programs under a real supervisor."""

import shlex
import sys
from pathlib import Path

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.scenario import CriterionSpec, Scenario
from tests.engine.launcher import Launcher, Run

NO_CRASHES = Scenario(
    name="test", moves_bytes=False, criteria=(CriterionSpec(id="a", title="A", rule="count(crashes) == 0"),)
)


def _verdict(run: Run) -> Verdict:
    run.wait_end()
    return run.state.criteria[0].verdict


@pytest.mark.parametrize(
    ("script", "verdict"),
    [
        ("echo 'loading... fatal error: concurrent map writes'; sleep 60", Verdict.FAILED),
        ("printf '\\033[31m==1==ERROR: AddressSanitizer: SEGV\\033[0m\\n'; sleep 60", Verdict.FAILED),
        ("bash -c 'sh -c \"kill -KILL \\$\\$\"; echo on'; sleep 60", Verdict.FAILED),
        ("echo 'test panic_handler ... ok'; echo 'no panic: ok'; echo '0 panics'; sleep 60", Verdict.PASSED),
    ],
)
def test_crash_words_fail_and_talk_of_them_does_not(launch: Launcher, script: str, verdict: Verdict) -> None:
    assert _verdict(launch("sh", "-c", script, scenario=NO_CRASHES, duration=2.0)) is verdict


SAYS = "echo STRESSTUI_STATE state=failed detail=gone"


@pytest.mark.parametrize(
    ("script", "outcome"),
    [
        (f"trap '{SAYS}; exit 1' TERM; while :; do sleep .1; done", Outcome.INCONCLUSIVE),
        (f"{SAYS}; sleep 60", Outcome.FAILED),
    ],
)
def test_a_failure_that_is_said_when_the_run_is_ended_is_a_doubt(
    launch: Launcher, script: str, outcome: Outcome
) -> None:
    run = launch("sh", "-c", script, scenario=NO_CRASHES, duration=1.5)
    run.wait_end()
    assert (run.state.outcome, len(run.state.reasons)) == (outcome, 1)
    assert run.state.reasons[0].endswith("that it failed: gone")


@pytest.mark.parametrize(
    ("role", "outcome"), [("service", Outcome.INCONCLUSIVE), ("driver", Outcome.INCONCLUSIVE), ("sut", Outcome.FAILED)]
)
def test_what_the_lab_leans_on_fails_nobody_when_it_dies(launch: Launcher, role: str, outcome: Outcome) -> None:
    dies = f"echo \"STRESSTUI_PROCESS pid=$$ role={role} name=echo ended='killed by SIGKILL'\"; {SAYS}; exit 1"
    run = launch("sh", "-c", f"sleep .7; {dies}", scenario=NO_CRASHES, duration=9.0)
    run.wait_end()
    assert run.state.outcome is outcome
    told = "the lab's echo ended in mid-run (killed by SIGKILL)" in run.state.reasons
    assert told is (outcome is Outcome.INCONCLUSIVE)


@pytest.mark.parametrize(("name", "verdict"), [("ends", Verdict.PASSED), ("goes_on", Verdict.FAILED)])
def test_of_a_quiet_cargo_test_its_sources_say_which_panic_was_to_come(
    launch: Launcher, tmp_path: Path, name: str, verdict: Verdict
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "Cargo.toml").write_text('[package]\nname = "a"\n')
    (tmp_path / "tests/a.rs").write_text("#[test] #[should_panic] fn ends() {} #[test] fn goes_on() {}")
    lines = ["running 2 tests", f"thread '{name}' (7) panicked at tests/a.rs:1:1:", "..",
             "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out"]  # fmt: skip
    script = f"printf '%s\\n' {' '.join(map(shlex.quote, lines))}; sleep 60"
    run = launch("sh", "-c", script, scenario=NO_CRASHES, duration=1.0, cwd=str(tmp_path))
    assert _verdict(run) is verdict
    assert run.state.doubts == []


HARNESSES = {
    "nextest": ("    Starting 3 tests across 1 binary",
                "     Summary [ 1.2s] 3 tests run: 2 passed (1 leaky), 1 failed, 0 skipped"),
    "pytest": ("collected 3 items", "==== 1 failed, 2 passed in 0.12s ===="),
    "go": ("--- PASS: TestA (0.00s)", "--- PASS: TestB (0.00s)", "--- FAIL: TestC (0.00s)", "FAIL\\tsoak\\t0.1s"),
    "libtest": ("\\033[1mrunning 3 tests\\033[0m",
                "test result: \\033[31mFAILED\\033[0m. 2 passed; 1 failed; 0 ignored"),
    "doc tests": ("running 3 tests", "test src/a.rs - A::b (line 4) ... FAILED",
                  "test result: FAILED. 2 passed; 1 failed; 0 ignored"),
}  # fmt: skip
TESTS = Scenario(
    name="test",
    moves_bytes=False,
    until_exit=True,
    criteria=(
        CriterionSpec(id="run", title="Run", rule="tests_run >= 3"),
        CriterionSpec(id="failed", title="Failed", rule="tests_failed == 0"),
    ),
)


@pytest.mark.parametrize("harness", HARNESSES)
def test_what_harnesses_say_is_counted(launch: Launcher, harness: str) -> None:
    script = f"printf '%b\\n' {' '.join(map(shlex.quote, HARNESSES[harness]))}; sleep 1"
    run = launch("sh", "-c", script, scenario=TESTS, duration=20.0)
    run.wait_end()
    assert [(one.value, one.verdict) for one in run.state.criteria] == [(3.0, Verdict.PASSED), (1.0, Verdict.FAILED)]


FLOOD = """
import sys, time
for _ in range(3):
    sys.stdout.write("transaction 4: Aborted, again\\n" * 100_000)
    sys.stdout.flush()
    time.sleep(0.5)
time.sleep(60)
"""


def test_lines_that_had_to_be_dropped_leave_no_pass(launch: Launcher) -> None:
    run = launch(sys.executable, "-c", FLOOD, scenario=NO_CRASHES, duration=4.0)
    run.wait_end()
    assert run.state.outcome is Outcome.INCONCLUSIVE
    assert any("crashes or tests" in reason for reason in run.state.reasons)


AT_LIMIT = """
import os, resource, sys, time
resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))
time.sleep(1.5)
has = len(os.listdir("/proc/self/fd")) - 1
held = [os.open("/dev/null", os.O_RDONLY) for _ in range(int(sys.argv[1]) - has)]
time.sleep(60)
"""
NO_EXHAUSTION = Scenario(
    name="test", moves_bytes=False, criteria=(CriterionSpec(id="a", title="A", rule="count(oom_errors) == 0"),)
)


@pytest.mark.parametrize(("count", "verdict"), [("40", Verdict.INCONCLUSIVE), ("38", Verdict.PASSED)])
def test_a_silent_program_without_a_descriptor_left_does_not_pass(
    launch: Launcher, count: str, verdict: Verdict
) -> None:
    run = launch(sys.executable, "-c", AT_LIMIT, count, scenario=NO_EXHAUSTION, duration=5.0)
    assert _verdict(run) is verdict
    evidence = run.state.criteria[0].evidence
    assert ("has all 40 descriptors open that its limit allows" in evidence) is (count == "40")


BUILD = "printf 'a.c:4:1: error: unknown type name\\nmake: *** [all] Error 1\\n'; exit 2"


def test_a_command_whose_build_failed_says_the_first_error(launch: Launcher) -> None:
    run = launch("sh", "-c", BUILD, scenario=NO_CRASHES, duration=5.0)
    run.wait_end()
    assert "the child ended with exit status 2: a.c:4:1: error: unknown type name" in run.state.reasons
