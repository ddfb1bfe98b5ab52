"""What a program prints, to what its run is worth: real programs under a real supervisor."""

import sys

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
