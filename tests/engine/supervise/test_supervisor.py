import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.model.event import (
    BreachBegan,
    Ended,
    Exited,
    Matched,
    Noted,
    Phase,
    PhaseBegan,
    Problem,
    ProcessKnown,
    Reported,
    Sampled,
    ServiceState,
    Started,
    StopRequested,
)
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import CriterionSpec, RunnerKind
from stresstui.engine.control import client
from stresstui.engine.process.attached import Watched
from stresstui.engine.process.find import command_parts, descendants
from tests.engine.launcher import Launcher

PYTHON = sys.executable
SLEEPS = ("sleep", "60")


def test_what_comes_after_a_program_was_asked_to_end_is_no_load(launch: Launcher) -> None:
    run = launch("sleep", "60", duration=0.5, interval=0.1).wait_end()
    asked, state = run.exit.asked, run.state
    assert run.exit.planned
    assert asked is not None
    assert 0.5 <= asked <= run.exit.t
    assert state.under_load == pytest.approx(asked - state.phase_began[Phase.WARM_UP])


def test_an_exit_status_arrives_with_everything_said_before_it(launch: Launcher) -> None:
    run = launch("sh", "-c", "echo STRESSTUI a=1; echo last words; exit 3").wait_end()
    assert run.one(Reported).values == {"a": 1.0}
    assert (run.exit.status, run.exit.signal, run.exit.planned) == (3, None, False)
    assert run.phases == [Phase.WARM_UP, Phase.SOAK]
    assert run.output == b"STRESSTUI a=1\nlast words\n"
    kinds = [type(event) for event in run.events]
    assert kinds[0] is Started
    assert kinds[-1] is Ended
    assert kinds.index(Reported) < kinds.index(Exited)
    assert run.state.exit_code == 1


def test_what_was_said_in_a_burst_before_the_exit_counts(launch: Launcher) -> None:
    run = launch("sh", "-c", "seq 1 150000; echo STRESSTUI last=1; exit 3").wait_end()
    kinds = [type(event) for event in run.events]
    assert kinds.index(Reported) < kinds.index(Exited)


def test_the_end_of_the_planned_duration_is_a_planned_end(launch: Launcher) -> None:
    run = launch(*SLEEPS, duration=0.8, warm_up=0.3).wait_end()
    assert run.exit.planned
    assert run.exit.signal == "SIGTERM"
    assert run.phases == [Phase.WARM_UP, Phase.SOAK]
    began = run.state.phase_began
    assert began[Phase.SOAK] - began[Phase.WARM_UP] == pytest.approx(0.3, abs=0.2)
    assert run.exit.t - began[Phase.WARM_UP] == pytest.approx(0.8, abs=0.5)


def test_a_workload_that_ends_a_little_late_by_itself_is_not_stopped(launch: Launcher) -> None:
    run = launch("sleep", "0.8", duration=0.5, overtime=10.0).wait_end()
    assert (run.exit.status, run.exit.planned) == (0, False)
    assert run.exit.t > 0.7
    assert run.phases == [Phase.WARM_UP, Phase.SOAK]
    assert run.state.exit_code == 0


def test_a_workload_that_ends_much_too_late_is_stopped_as_planned(launch: Launcher) -> None:
    run = launch(*SLEEPS, duration=0.4, overtime=0.4).wait_end()
    assert run.exit.planned
    assert 0.8 <= run.exit.t < 2.0


def test_a_command_that_is_not_found_could_not_run(launch: Launcher) -> None:
    run = launch("nosuchprogram").wait_end()
    assert run.exit.cause == "not_found"
    assert run.phases == []
    assert "nosuchprogram" in run.one(Ended).reason
    assert run.state.exit_code == 4


def test_samples_are_on_a_grid_and_hold_the_tree(launch: Launcher) -> None:
    run = launch("sh", "-c", "sleep 1 & sleep 1; wait", interval=0.1).wait_end()
    kinds = [type(event) for event in run.events]
    assert kinds.index(Sampled) < kinds.index(PhaseBegan)
    samples = [event.sample for event in run.all(Sampled)]
    assert len(samples) + sum(sample.missed for sample in samples) >= 9
    assert all(round(sample.t * 1000) % 100 < 90 for sample in samples)
    assert all(later.t > earlier.t for earlier, later in pairwise(samples))
    names = {process.name for sample in samples for process in sample.processes}
    assert {"sh", "sleep"} <= names
    assert not any(name.startswith("python") for name in names)
    assert {process.role for sample in samples for process in sample.processes} == {Role.SUT}


def test_a_child_that_is_killed_by_a_crash_signal_fails(launch: Launcher) -> None:
    run = launch("sh", "-c", "kill -SEGV $$").wait_end()
    assert (run.exit.status, run.exit.signal) == (None, "SIGSEGV")
    assert run.state.exit_code == 1


def test_a_crash_of_a_process_that_forked_away_is_seen(launch: Launcher) -> None:
    script = "(sh -c 'sleep 0.3; kill -SEGV $$' &) ; sleep 0.8"
    run = launch("sh", "-c", script).wait_end()
    ends = [event.detail for event in run.all(ProcessKnown) if event.state == "ended"]
    assert "killed by SIGSEGV" in ends
    assert run.exit.status == 0
    assert run.state.exit_code == 1


def test_what_forked_away_is_ended_with_the_run(launch: Launcher, gone: Callable[[int], bool]) -> None:
    run = launch("sh", "-c", "(setsid sleep 60 & echo pid_file $!) ; (setsid sleep 61 &); sleep 0.5").wait_end()
    names = {p.name for event in run.all(Sampled) for p in event.sample.processes}
    pids = {p.pid for event in run.all(Sampled) for p in event.sample.processes}
    assert "sleep" in names
    assert all(gone(pid) for pid in pids)


def test_a_child_that_ignores_sigterm_is_killed(launch: Launcher) -> None:
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('STRESSTUI up=1', flush=True); time.sleep(60)"
    )
    run = launch(PYTHON, "-c", script, duration=1.0).wait_end()
    assert run.one(Reported).values == {"up": 1.0}
    assert run.exit.signal == "SIGKILL"
    assert run.exit.planned
    assert 5.0 < run.one(Ended).t < 9.0


def test_what_is_forked_while_the_run_ends_is_asked_to_end_too(launch: Launcher) -> None:
    script = "trap 'sleep 60 & exit 0' TERM; while :; do sleep 0.05; done"
    run = launch("sh", "-c", script, duration=0.5).wait_end()
    assert run.one(Ended).t < 4.0
    assert run.exit.planned


def test_a_child_that_floods_does_not_slow_the_samples(launch: Launcher) -> None:
    script = (
        "import os\nfor n in range(300): os.write(1, b'y\\n' * 500000)\n"
        "os.write(1, b\"STRESSTUI done=1\\nthread 'x' panicked at src/a.rs:1:1:\\n\")"
    )
    run = launch(PYTHON, "-c", script, interval=0.2).wait_end()
    assert run.exit.status == 0
    assert run.all(Reported)[-1].values == {"done": 1.0}
    assert [event.pattern for event in run.all(Matched)] == ["panic"]
    assert any("were not read" in problem.text for problem in run.all(Problem))
    assert sum(event.sample.missed for event in run.all(Sampled)) <= 2
    assert run.state.exit_code == 1


def test_binary_output_is_kept_and_harmless(launch: Launcher) -> None:
    script = "import os; os.write(1, bytes(range(256)) * 100 + b'\\nSTRESSTUI a=1\\n' + b'\\x00\\xff' * 10)"
    run = launch(PYTHON, "-c", script).wait_end()
    assert run.output == bytes(range(256)) * 100 + b"\nSTRESSTUI a=1\n" + b"\x00\xff" * 10
    assert run.one(Reported).values == {"a": 1.0}


def test_standard_input_is_empty_and_signals_are_not_inherited_ignored(launch: Launcher) -> None:
    script = (
        "import signal, sys; ignored = [s.name for s in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)"
        " if signal.getsignal(s) is signal.SIG_IGN]; print('got', repr(sys.stdin.read()), ignored)"
    )
    run = launch(PYTHON, "-c", script).wait_end()
    assert run.output == b"got '' []\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_to_the_supervisor_is_a_clean_end(launch: Launcher, number: signal.Signals, code: int) -> None:
    run = launch(*SLEEPS)
    run.wait_for(Sampled)
    run.wait(lambda event: isinstance(event, ProcessKnown), "the child")
    os.kill(launch.pid_of(run), number)
    run.wait_end()
    assert run.one(StopRequested).by == number.name
    assert run.exit.signal == "SIGTERM"
    assert not run.exit.planned
    assert run.state.exit_code == code


def test_a_hang_up_changes_nothing(launch: Launcher) -> None:
    run = launch("sleep", "1.2")
    run.wait(lambda event: isinstance(event, ProcessKnown), "the child")
    os.kill(launch.pid_of(run), signal.SIGHUP)
    run.wait_end()
    assert run.exit.status == 0
    assert run.all(StopRequested) == []


def test_the_run_goes_on_when_its_starter_is_killed(launch: Launcher, tmp_path: Path, wait_until: Any) -> None:
    request = tmp_path / "request.py"
    request.write_text(
        "import sys, time\nfrom stresstui.engine.control import client\n"
        "from stresstui.engine.launch.request import RunRequest\n"
        "from stresstui.core.model.scenario import *\n"
        "c = CriterionSpec(id='a', title='A', rule='max(fds) < 1000')\n"
        "s = Scenario(name='orphan', moves_bytes=False, criteria=(c,))\n"
        "r = RunRequest(scenario=s, runner=RunnerKind.COMMAND, command=('sleep', '1.5'), interval=0.1)\n"
        "entry = [sys.executable, '-m', 'stresstui.engine.entry']\n"
        f"d = client.start(r, entry, {str(launch.report_dir)!r})\n"
        "print(d, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([PYTHON, request], stdout=subprocess.PIPE, start_new_session=True) as starter:
        assert starter.stdout is not None
        run = launch.adopt(Path(starter.stdout.readline().decode().strip()))
        run.wait_for(ProcessKnown)
        os.killpg(starter.pid, signal.SIGHUP)
        os.killpg(starter.pid, signal.SIGKILL)
    run.wait_end()
    assert run.exit.status == 0
    assert sum(event.sample.missed for event in run.all(Sampled)) <= 1


def test_a_supervisor_that_is_killed_takes_its_workload_with_it(launch: Launcher, gone: Any, wait_until: Any) -> None:
    # A shell that is asked to end leaves its child alone: the whole group is asked.
    run = launch("sh", "-c", "sleep 60 & trap '' HUP; sleep 60; wait")
    run.wait(lambda event: isinstance(event, Sampled) and len(event.sample.processes) == 3, "all three")
    pids = [process.pid for process in run.all(Sampled)[-1].sample.processes]
    os.kill(launch.pid_of(run), signal.SIGKILL)
    wait_until(lambda: all(map(gone, pids)), "the end of the workload")
    log = run.directory / "supervisor.log"
    wait_until(lambda: "the supervisor is gone" in log.read_text(), "the guard's word")
    assert run.all(Ended) == []


def test_the_guard_is_not_of_the_run_and_ends_with_it(launch: Launcher, gone: Any, wait_until: Any) -> None:
    run = launch("sleep", "1")
    run.wait_for(ProcessKnown)
    below = {process.pid for process in descendants(launch.pid_of(run))}
    run.wait_end()
    assert {p.name for event in run.all(Sampled) for p in event.sample.processes} == {"sleep"}
    assert len(below) == 2
    wait_until(lambda: all(map(gone, below)), "the end of the guard")
    assert (run.directory / "supervisor.log").read_text() == ""


def test_a_criterion_may_end_the_run(launch: Launcher) -> None:
    rule = CriterionSpec(id="few", title="Few processes", rule="max(processes) < 2", abort=True, grace="200ms")
    run = launch("sh", "-c", "sleep 60 & sleep 60", criteria=(rule,)).wait_end()
    assert run.one(BreachBegan).criterion == "few"
    assert run.one(StopRequested).by == "criterion"
    assert run.one(StopRequested).t - run.one(BreachBegan).t >= 0.15
    assert run.state.exit_code == 1


def test_running_processes_are_watched_and_left_alone(launch: Launcher) -> None:
    with subprocess.Popen(["sleep", "61"]) as watched:
        run = launch(runner=RunnerKind.PID, pids=(watched.pid,), duration=0.6).wait_end()
        assert watched.poll() is None
        watched.kill()
    assert {p.pid for event in run.all(Sampled) for p in event.sample.processes} == {watched.pid}
    assert run.one(Ended).reason == "the planned duration was over"


def test_the_end_of_a_watched_process_ends_the_run(launch: Launcher) -> None:
    with subprocess.Popen(["sleep", "61"]) as watched:
        run = launch(runner=RunnerKind.PID, pids=(watched.pid,))
        run.wait_for(ProcessKnown)
        watched.kill()
    run.wait_end()
    assert (run.exit.status, run.exit.signal, run.exit.cause) == (None, None, "")


def test_a_pattern_finds_processes_by_their_command_line_but_not_its_own(launch: Launcher) -> None:
    with subprocess.Popen(["sleep", "61.125"]) as watched:
        run = launch(runner=RunnerKind.PID, pattern=r"61\.125", duration=0.5).wait_end()
        watched.kill()
    assert {p.pid for event in run.all(Sampled) for p in event.sample.processes} == {watched.pid}


def test_a_pattern_never_finds_who_searches() -> None:
    own = " ".join(command_parts(os.getpid()))
    watched = Watched((), re.escape(own))
    watched.rescan()
    assert os.getpid() not in watched.pids


def test_nothing_to_watch_could_not_run(launch: Launcher) -> None:
    run = launch(runner=RunnerKind.PID, pattern="no such process anywhere").wait_end()
    assert run.exit.cause == "not_found"
    assert "no such process anywhere" in run.one(ServiceState).detail
    assert run.state.exit_code == 4


def test_the_supervisor_loads_no_screen_and_no_numbers_library(launch: Launcher) -> None:
    code = (
        "import sys, stresstui.engine.entry, stresstui.engine.control.client\n"
        "print([m for m in ('textual', 'rich', 'plotext', 'numpy', 'psutil', 'aiofiles', 'click') if m in sys.modules])"
    )
    done = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_load_that_is_over_elsewhere_ends_a_run_without_an_end_as_planned(launch: Launcher) -> None:
    run = launch(*SLEEPS, warm_up=0.2)
    run.wait(lambda event: isinstance(event, PhaseBegan) and event.phase is Phase.SOAK, "the soak")
    client.finish(run.directory, by="fleet")
    run.wait_end()
    assert (run.exit.planned, run.state.facts.stopped_by) == (True, "")
    assert [event.by for event in run.events if isinstance(event, Noted)] == ["fleet"]


def test_a_run_with_an_end_of_its_own_is_not_finished_before_it(launch: Launcher) -> None:
    run = launch(*SLEEPS, duration=60.0)
    with pytest.raises(client.ControlError, match="a planned end of its own"):
        client.finish(run.directory)
    client.stop(run.directory)
    run.wait_end()
    assert not run.exit.planned


def test_a_time_of_day_that_is_set_in_mid_run_is_told(
    launch: Launcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = tmp_path / "later"
    (tmp_path / "sitecustomize.py").write_text(
        f"import os, time\nday = time.time\ntime.time = lambda: day() + 7200 * os.path.exists({str(later)!r})\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    run = launch(*SLEEPS)
    run.wait_for(Sampled)
    later.touch()
    told = run.wait(lambda event: isinstance(event, Problem) and event.where == "clock", "what is said of the clock")
    assert isinstance(told, Problem)
    assert "set forward by 2h" in told.text
