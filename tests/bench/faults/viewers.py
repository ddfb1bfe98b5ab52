"""What is done to those who look at a run, and to who started it."""

import os
import signal
import subprocess
import sys

from stresstui.core.model.event import StopRequested
from tests.bench.faults.register import fault
from tests.bench.faults.stage import Row, Stage, events_of, until
from tests.cli.box import STRESSTUI

VIEWERS = "cli/test_viewers.py::"


def _after(here: Stage, run: object, heard: str) -> Row:
    found = here.box.directory()
    assert not [event for event in events_of(found) if isinstance(event, StopRequested)], "a viewer ended the run"
    return here.row(here.ended(found), heard=heard)


def _viewer_ended(here: Stage, number: signal.Signals) -> Row:
    run = here.begin(*here.talking(5))
    viewer = here.box.start("attach", "--headless")
    assert viewer.stdout is not None
    viewer.stdout.readline()
    viewer.send_signal(number)
    said, _ = viewer.communicate(timeout=20)
    return _after(here, run, f"viewer ({viewer.returncode}): {said.splitlines()[-1]}")


@fault("SIGTERM on `attach --headless`", test=VIEWERS + "test_a_viewer_that_is_ended_leaves_the_run_alone")
def viewer_term(here: Stage) -> Row:
    return _viewer_ended(here, signal.SIGTERM)


@fault("SIGINT on `attach --headless`", test=VIEWERS + "test_a_viewer_that_is_ended_leaves_the_run_alone")
def viewer_int(here: Stage) -> Row:
    return _viewer_ended(here, signal.SIGINT)


@fault("`timeout 3 stresstui attach | head -3`", test=VIEWERS + "test_a_viewer_in_a_pipe_leaves_with_its_reader")
def viewer_in_pipe(here: Stage) -> Row:
    run = here.begin(*here.talking(6))
    shell = ("bash", "-c", f"timeout 3 {' '.join(STRESSTUI)} attach | head -3")
    done = subprocess.run(shell, cwd=here.folder, env=here.box.env, capture_output=True, text=True, check=False)
    return _after(here, run, f"{len(done.stdout.splitlines())} lines, stderr empty: {not done.stderr}")


def _early(here: Stage, number: signal.Signals, seconds: float) -> Row:
    started = subprocess.Popen(
        (*STRESSTUI, *here.words(*here.talking(60), options=("--headless",))), cwd=here.folder, env=here.box.env,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        started.wait(seconds)
    except subprocess.TimeoutExpired:
        started.send_signal(number)
    said, _ = started.communicate(timeout=40)
    runs = list(here.box.reports.glob("*/run.json")) if here.box.reports.exists() else []
    if not runs:
        return Row(None, None, f"no run was begun ({started.returncode})", said[-100:])
    return here.row(here.ended(runs[0].parent), heard=f"{said.splitlines()[0]} ({started.returncode})")


EARLY = VIEWERS + "test_a_run_that_was_started_while_a_signal_came_is_ended"


@fault("TERM 0.05 s after the CLI was started", test=EARLY)
def term_at_005(here: Stage) -> Row:
    return _early(here, signal.SIGTERM, 0.05)


@fault("TERM 0.2 s after the CLI was started", test=EARLY)
def term_at_02(here: Stage) -> Row:
    return _early(here, signal.SIGTERM, 0.2)


@fault("INT 0.4 s after the CLI was started", test=EARLY)
def int_at_04(here: Stage) -> Row:
    return _early(here, signal.SIGINT, 0.4)


@fault("INT 1.5 s after the CLI was started", test=EARLY)
def int_at_15(here: Stage) -> Row:
    return _early(here, signal.SIGINT, 1.5)


STREAMS = "cli/terminal/test_streams.py::"


def _streams(here: Stage, shell: str, **environment: str) -> Row:
    run = here.ended(here.begin(*here.talking(2)))
    script = shell.format(me=" ".join(STRESSTUI), run=run)
    env = {**here.box.env, **environment}
    done = subprocess.run(("bash", "-c", script), cwd=here.folder, env=env, capture_output=True, check=False)
    said = (done.stderr or done.stdout).decode("latin-1").strip().splitlines()
    assert "Traceback" not in str(said), said
    return here.row(run, heard=f"exit {done.returncode}, {len(said)} lines: {said[0] if said else 'nothing said'}")


@fault("standard output on a full disk (/dev/full)", test=STREAMS + "test_the_verdict_survives_its_output")
def stdout_full(here: Stage) -> Row:
    return _streams(here, "{me} judge {run} >/dev/full")


@fault("standard output closed", test=STREAMS + "test_the_verdict_survives_its_output")
def stdout_closed(here: Stage) -> Row:
    return _streams(here, "{me} judge {run} >&-")


@fault("a Latin-1 terminal", test=STREAMS + "test_a_narrow_encoding_shows_what_it_can")
def stdout_latin1(here: Stage) -> Row:
    return _streams(here, "{me} runs 2>&1", PYTHONIOENCODING="latin-1", PYTHONUTF8="0", LC_ALL="C")


@fault("`list | head -1`", test=STREAMS + "test_a_reader_who_has_seen_enough_is_no_error")
def list_head(here: Stage) -> Row:
    return _streams(here, "set -o pipefail; {me} list | head -1")


@fault("the working directory is gone", test=STREAMS + "test_a_folder_that_is_gone_is_one_line")
def cwd_gone(here: Stage) -> Row:
    return _streams(here, "mkdir g; cd g; rmdir ../g; {me} run --headless -- true; exit $?")


@fault("arguments that are no UTF-8", test=STREAMS + "test_words_that_are_no_text_are_one_line")
def bad_arguments(here: Stage) -> Row:
    return _streams(here, "{me} run --headless -- $'\\xff\\xfe'")


@fault("`argv = []` in a scenario", test=STREAMS + "test_an_empty_command_is_one_line")
def empty_argv(here: Stage) -> Row:
    (here.folder / "e.toml").write_text('title = "E"\n[command]\nargv = []\n')
    return _streams(here, "{me} run --headless --scenario-file e.toml")


@fault(
    "three runs begun in one second",
    test="engine/control/test_client.py::test_runs_of_the_same_second_have_different_names",
)
def three_at_once(here: Stage) -> Row:
    words = (*STRESSTUI, *here.words(*here.talking(3), options=("--detach",)))
    starters = [subprocess.Popen(words, cwd=here.folder, env=here.box.env, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [starter.wait(30) for starter in starters] == [0, 0, 0]
    runs = [path.parent for path in here.box.reports.glob("*/run.json")]
    rows = [here.row(here.ended(run), lines=False) for run in runs]
    logs = list(here.box.reports.glob("monitor_*.log"))
    lost = sum(row.samples_lost or 0 for row in rows)
    return Row(lost, None, ", ".join(row.outcome for row in rows), f"{len(runs)} folders, {len(logs)} monitor logs")


@fault("two supervisors in one folder", test="engine/process/test_watchdog.py::test_a_folder_is_for_one_supervisor")
def two_supervisors(here: Stage) -> Row:
    run = here.begin(*here.talking(4))
    second = (sys.executable, "-m", "stresstui.supervise", str(run))
    done = subprocess.run(second, capture_output=True, text=True, check=False, cwd=here.folder)
    return here.row(here.ended(run), heard=f"second ({done.returncode}): {done.stderr.strip().splitlines()[-1]}")


@fault(
    "SIGCHLD blocked by the parent",
    test="engine/process/test_watchdog.py::test_a_blocked_child_signal_does_not_hide_the_exit_status",
)
def sigchld_blocked(here: Stage) -> Row:
    block = "import os,signal,sys; signal.pthread_sigmask(signal.SIG_BLOCK,{17}); os.execvp(sys.argv[1],sys.argv[1:])"
    run = here.begin("sh", "-c", "sleep 2; exit 7", wrap=(sys.executable, "-c", block))
    return here.row(here.ended(run), lines=False)


@fault("stop --now, with a child that is deaf to TERM", test=VIEWERS + "test_stop_now_waits_for_nobody")
def stop_now(here: Stage) -> Row:
    deaf = "import signal,time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    run = here.begin(sys.executable, "-c", deaf)
    done = here.box.run("stop", "--now")
    began = os.times().elapsed
    until(lambda: here.ended(run), "its end")
    return here.row(run, lines=False, heard=f"{done.stdout.strip()}; over {os.times().elapsed - began:.1f} s later")
