"""What ends, stops or hurries the supervisor, its guard and the workload."""

import os
import signal
import sys
import time
from pathlib import Path

from stresstui.core.model.event import Problem
from stresstui.engine.process.find import descendants, look_up
from tests.bench.faults.register import fault
from tests.bench.faults.stage import Row, Stage, samples_of, supervisor_of, until

WATCHDOG = "engine/process/test_watchdog.py::"
SUPERVISOR = "engine/supervise/test_supervisor.py::"


def _guard(run: Path) -> int:
    supervisor = supervisor_of(run)
    children = [found for found in descendants(supervisor) if found.ppid == supervisor]
    return min(found.pid for found in children)  # forked before anything else


def _guard_hit(here: Stage, number: signal.Signals) -> Row:
    run = here.begin(*here.talking(5))
    os.kill(_guard(run), number)
    here.ended(run)
    problems = [event.text for event in here.box.events() if isinstance(event, Problem)]
    return here.row(run, heard="; ".join(problems))


@fault("the guard killed", test=WATCHDOG + "test_a_guard_that_is_ended_or_stopped_is_replaced")
def guard_killed(here: Stage) -> Row:
    return _guard_hit(here, signal.SIGKILL)


@fault("the guard stopped", test=WATCHDOG + "test_a_stopped_guard_is_never_waited_for")
def guard_stopped(here: Stage) -> Row:
    return _guard_hit(here, signal.SIGSTOP)


@fault("the guard killed, then the supervisor", test=WATCHDOG + "test_a_guard_that_is_ended_or_stopped_is_replaced")
def guard_and_supervisor_killed(here: Stage) -> Row:
    run = here.begin(*here.talking(60))
    first = _guard(run)
    os.kill(first, signal.SIGKILL)
    until(lambda: any("replaced" in getattr(event, "text", "") for event in here.box.events()), "another guard")
    return _supervisor_killed(here, run)


def _supervisor_killed(here: Stage, run: Path) -> Row:
    supervisor = supervisor_of(run)
    pids = [found.pid for found in descendants(supervisor)]
    began = time.monotonic()
    os.kill(supervisor, signal.SIGKILL)
    until(lambda: not [pid for pid in pids if look_up(pid)], "the end of the workload")
    took = time.monotonic() - began
    listed = "lost" in here.box.run("runs").stdout
    row = here.row(run)
    said = f"workload ended {took:.1f} s later; `runs` says lost: {listed}; {row.message}"
    return Row(row.samples_lost, row.lines_lost, row.outcome, said)


@fault("the supervisor killed", test=SUPERVISOR + "test_a_supervisor_that_is_killed_takes_its_workload_with_it")
def supervisor_killed(here: Stage) -> Row:
    return _supervisor_killed(here, here.begin(*here.talking(60)))


@fault("a second INT, with a child that is deaf to TERM", test=WATCHDOG + "test_who_asks_twice_is_not_kept_waiting")
def second_int(here: Stage) -> Row:
    deaf = "import signal,time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
    started = here.box.start(*here.words(sys.executable, "-c", deaf, options=("--headless",)))
    run = until(lambda: here.box.reports.exists() and list(here.box.reports.glob("*/journal.jsonl")), "a run")[0].parent
    until(lambda: len(samples_of(run)) >= 6, "samples")
    started.send_signal(signal.SIGINT)
    until(lambda: any(type(event).__name__ == "StopRequested" for event in here.box.events()), "the first to be heard")
    began = time.monotonic()
    started.send_signal(signal.SIGINT)
    started.wait(30)
    return here.row(here.ended(run), lines=False, heard=f"over {time.monotonic() - began:.1f} s after the second")


def _stopped(here: Stage, who: str, seconds: float) -> Row:
    run = here.begin(*here.talking(seconds + 6))
    supervisor = supervisor_of(run)
    pids = [supervisor] if who == "supervisor" else [samples_of(run)[-1].sample.processes[0].pid]
    os.kill(pids[0], signal.SIGSTOP)
    heard = ""
    if who == "supervisor" and seconds > 20:
        answers = [here.box.run(*words) for words in (("note", run.name, "x"), ("stop", run.name))]
        heard = f"note, stop: {[answer.returncode for answer in answers]} {answers[1].stderr.strip()}"
        time.sleep(max(0.0, seconds - 12))
    else:
        time.sleep(seconds)
    os.kill(pids[0], signal.SIGCONT)
    row = here.row(here.ended(run))
    later = [type(event).__name__ for event in here.box.events() if type(event).__name__ in ("Noted", "StopRequested")]
    return Row(
        row.samples_lost,
        row.lines_lost,
        row.outcome,
        f"{heard}; happened later: {later}; {row.message}" if heard else row.message,
    )


@fault(
    "the child stopped for 3 s, then continued",
    test="engine/supervise/test_faults.py::test_a_child_that_was_frozen_for_a_while_is_not_said_to_be",
)
def child_stopped(here: Stage) -> Row:
    return _stopped(here, "child", 3)


@fault("the supervisor stopped for 3 s, then continued", test="")
def supervisor_stopped(here: Stage) -> Row:
    return _stopped(here, "supervisor", 3)


@fault(
    "the supervisor stopped for 31 s, note and stop meanwhile",
    test="engine/control/test_client.py::test_what_a_stopped_supervisor_is_asked_is_withdrawn",
)
def supervisor_stopped_31(here: Stage) -> Row:
    return _stopped(here, "supervisor", 31)


@fault(
    "the child stopped to the end",
    test="engine/supervise/test_faults.py::test_a_child_that_is_frozen_to_the_end_passes_nothing",
)
def child_frozen(here: Stage) -> Row:
    run = here.begin(*here.talking(60), options=("--duration", "4s"))
    os.kill(samples_of(run)[-1].sample.processes[0].pid, signal.SIGSTOP)
    return here.row(here.ended(run), lines=False)


@fault(
    "a child that forks twice, in a session of its own, with closed output",
    test=SUPERVISOR + "test_what_forked_away_is_ended_with_the_run",
)
def double_fork(here: Stage) -> Row:
    script = "(setsid sh -c 'exec >&- 2>&-; sleep 61 & exec sleep 62' &) ; sleep 3"
    run = here.begin("sh", "-c", script)
    until(lambda: {p.name for p in samples_of(run)[-1].sample.processes} >= {"sh", "sleep"}, "all of them")
    pids = [p.pid for p in samples_of(run)[-1].sample.processes]
    here.ended(run)
    left = [pid for pid in pids if look_up(pid)]
    row = here.row(run, lines=False)
    return Row(row.samples_lost, None, row.outcome, f"{len(pids)} seen, {len(left)} left over; {row.message}")


@fault(
    "a child that leaves a process behind, judged by leaks_no_process",
    test="engine/supervise/test_faults.py::test_a_process_that_outlives_its_child_is_named_and_fails_its_criterion",
)
def leaked(here: Stage) -> Row:
    here.scenario(criterion="count(leaked_processes) == 0")
    run = here.begin("sh", "-c", "setsid sleep 61 & sleep 2", samples=4)
    return here.row(here.ended(run), lines=False)
