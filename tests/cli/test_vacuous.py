"""Runs that end well and have shown nothing: none of them passes, and each says why in a sentence."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LAST = 6.0
"""Seconds of soak that most of them run for."""

KEEP = 'id = "c"\ntitle = "C"\nrule = '
HOLDS = KEEP + '"max(rss) < 4GiB"'
MOVES = "import moving_workload; moving_workload.echo({seconds})"


@dataclass(frozen=True)
class Vacuous:
    """A scenario that shows nothing, and what has to be said of it."""

    program: str
    reason: str
    criterion: str = HOLDS
    head: str = ""
    duration: str = "6s"


CASES = {
    "ends at once": Vacuous("pass", "of the planned 6s"),
    "exits 0 before its plan": Vacuous(
        MOVES.format(seconds=3), "of the planned 6s (5", head='warm_up = "1s"\n', duration="6s"
    ),
    "moves nothing": Vacuous("import time; time.sleep(60)", "nothing moved: no bytes and no connections"),
    "says that it skips": Vacuous(
        "import time; print('SB_ECH_STRESS_ADDR not set; skipping', flush=True); time.sleep(60)",
        "the program says that it skipped its work: SB_ECH_STRESS_ADDR not set; skipping",
    ),
    "runs no test": Vacuous(
        "print('running 0 tests'); print('test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out')",
        "no test ran: no test has that name, or it was ignored",
    ),
    "ignores its only test": Vacuous(
        "print('running 1 test', flush=True); import time; time.sleep(4)\n"
        "print('test result: ok. 0 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out')",
        "no test ran: no test has that name, or it was ignored",
    ),
    "has no criteria": Vacuous(MOVES.format(seconds=60), "the scenario has no criteria", criterion=""),
    "never reports its metric": Vacuous(
        MOVES.format(seconds=60), "queue: no data in",
        criterion=KEEP + '"max(queue) < 5"', head="[metrics]\nqueue = {}\n"
    ),
    "falls silent half way": Vacuous(
        "import moving_workload; moving_workload.echo(60, reports=3)", "of the readings that were due are missing",
        criterion=KEEP + '"max(queue) < 5"', head="[metrics]\nqueue = {}\n", duration="12s",
    ),
    "reports that it made no connection": Vacuous(
        "import moving_workload; moving_workload.claim('connections_total=0 bytes_total=0', 60)", "nothing moved"
    ),
    "is too short for its window": Vacuous(
        MOVES.format(seconds=60), "it never covered its window", criterion=KEEP + '"mean(cpu, 30s) < 90%"'
    ),
    "is too short to tell growth": Vacuous(
        MOVES.format(seconds=60), "too short to judge", criterion=KEEP + '"growth(rss) < 1MiB/h"'
    ),
    "has only warnings without data": Vacuous(
        MOVES.format(seconds=60), "no criterion could be judged",
        criterion=KEEP + '"max(queue) < 5"\nseverity = "warn"', head="[metrics]\nqueue = {}\n",
    ),
}  # fmt: skip


def scenario(case: Vacuous) -> str:
    criterion = f"[[criteria]]\n{case.criterion}\n" if case.criterion else ""
    options, _, tables = case.head.partition("[")
    argv = json.dumps([sys.executable, "-c", case.program])
    tables = f"[{tables}" if tables else ""
    command = f'[command]\nargv = {argv}\n[env]\nPYTHONPATH = "{HERE}"'
    return f'duration = "{case.duration}"\n{options}\n{command}\n{tables}\n{criterion}'


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, subprocess.Popen[str]]]:
    """All of them at once: they do next to nothing, and each takes some seconds."""
    room = tmp_path_factory.mktemp("vacuous")
    started: dict[str, subprocess.Popen[str]] = {}
    for number, (name, case) in enumerate(CASES.items()):
        file = room / f"case{number}.toml"
        file.write_text(scenario(case), encoding="utf-8")
        command = [sys.executable, "-m", "stresstui", "run", "--headless", "--scenario-file", str(file)]
        started[name] = subprocess.Popen(
            [*command, "--report-dir", str(room / f"reports{number}")], stdout=subprocess.PIPE, text=True, cwd=room
        )
    yield started
    for process in started.values():
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize("name", list(CASES))
def test_a_run_that_shows_nothing_is_inconclusive_and_says_so(
    runs: dict[str, subprocess.Popen[str]], name: str
) -> None:
    said, _ = runs[name].communicate(timeout=60)
    reasons = [line for line in said.splitlines() if line.startswith("  because ")]
    assert runs[name].returncode == 3, said
    assert any(CASES[name].reason in line for line in reasons), said


def test_the_same_with_something_shown_passes(tmp_path: Path) -> None:
    file = tmp_path / "shown.toml"
    file.write_text(scenario(Vacuous(MOVES.format(seconds=60), "")), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stresstui", "run", "--headless", "--scenario-file", str(file)],
        capture_output=True, text=True, check=False, cwd=tmp_path, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
