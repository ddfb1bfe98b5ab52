"""The guard: told from the tree, replaced, never waited for, and stopped by no disk."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.model.event import Ended, Problem, Sampled
from stresstui.engine.control import client
from stresstui.engine.control.runs import RunState, describe_run
from stresstui.engine.process.find import descendants, look_up
from stresstui.engine.process.run_group import PREFIX, members, own_group, why_none
from tests.engine.collect.conftest import linux_only
from tests.engine.launcher import ENTRY, Launcher, Run, until

SESSIONS = "setsid sleep 71 & setsid sh -c 'sleep 72 & sleep 73' & sleep 74"
WAITING = "until [ -e {go} ]; do sleep 0.1; done"
"""A workload that ends when the test says so, however slow the machine is."""
REPORTING = (sys.executable, "-m", "stresstui.supervise")
Gone = Callable[[int], bool]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 128 KiB."""
    disk = tmp_path / "d"
    disk.mkdir()
    mount = ("mount", "-t", "tmpfs", "-o", "size=128k", "none", str(disk))
    if os.geteuid() != 0 or subprocess.run(mount, check=False).returncode:
        pytest.skip("only root may mount")
    yield disk
    subprocess.run(("umount", "-l", str(disk)), check=True)


def _fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    assert os.statvfs(disk).f_bavail == 0


def _workload(run: Run, count: int) -> list[int]:
    run.wait(lambda event: isinstance(event, Sampled) and len(event.sample.processes) == count, f"{count} processes")
    return [process.pid for process in run.all(Sampled)[-1].sample.processes]


def _guard(launch: Launcher, run: Run) -> int:
    """The only child of the supervisor that is not of its workload, once that has executed its program."""
    supervisor = launch.pid_of(run)

    def children() -> list[int]:
        return [p.pid for p in descendants(supervisor) if p.ppid == supervisor and p.name.startswith("python")]

    found: list[int] = until(lambda: pids if len(pids := children()) == 1 else None, "the guard alone")
    return found[0]


def test_sessions_of_their_own_end_with_a_killed_supervisor(launch: Launcher, gone: Gone, wait_until: Any) -> None:
    run = launch("sh", "-c", SESSIONS)
    pids = _workload(run, 6)
    os.kill(launch.pid_of(run), signal.SIGKILL)
    wait_until(lambda: all(map(gone, pids)), "the end of every session")


ESCAPES = "setsid env -i sleep 75 & setsid env -i sh -c 'sleep 76 & exec sleep 77' & exec sleep 78"


@pytest.mark.skipif(bool(why_none()), reason=f"NO CONTROL GROUP HERE: {why_none()}")
def test_no_fork_leads_out_of_a_runs_control_group(launch: Launcher, gone: Gone, wait_until: Any) -> None:
    """A session of its own and an empty environment are no way out when the supervisor is killed."""
    run = launch("sh", "-c", ESCAPES)
    pids = _workload(run, 4)
    mine = own_group()
    (group,) = [folder for folder in mine.glob(f"{PREFIX}{launch.pid_of(run)}-*") if set(pids) <= set(members(folder))]
    assert launch.pid_of(run) not in members(group)
    os.kill(launch.pid_of(run), signal.SIGKILL)
    wait_until(lambda: all(map(gone, pids)), "the end of all that was in it")
    wait_until(lambda: not group.exists(), "its removal")


@pytest.mark.skipif(bool(why_none()), reason=f"NO CONTROL GROUP HERE: {why_none()}")
def test_a_control_group_goes_with_its_run(launch: Launcher) -> None:
    run = launch("sleep", "0.5")
    pid = launch.pid_of(run)
    run.wait_end()
    assert list(own_group().glob(f"{PREFIX}{pid}-*")) == []
    assert not [process for event in run.all(Sampled) if (process := event.sample.cgroup)]


def test_a_full_disk_does_not_keep_the_guard_from_its_work(small_disk: Path, gone: Gone, wait_until: Any) -> None:
    launch = Launcher(small_disk / "runs")
    run = launch("sh", "-c", SESSIONS)
    pids = _workload(run, 6)
    _fill(small_disk)
    os.kill(launch.pid_of(run), signal.SIGKILL)
    wait_until(lambda: all(map(gone, pids)), "the end of the workload")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_guard_that_is_ended_or_stopped_is_replaced(
    launch: Launcher, gone: Gone, wait_until: Any, number: signal.Signals
) -> None:
    run = launch("sh", "-c", SESSIONS)
    pids = _workload(run, 6)
    first = _guard(launch, run)
    os.kill(first, number)
    run.wait(lambda event: isinstance(event, Problem) and "replaced" in event.text, "the replacement")
    assert _guard(launch, run) != first
    os.kill(launch.pid_of(run), signal.SIGKILL)
    wait_until(lambda: all(map(gone, pids)), "the end of the workload")


def test_a_lost_guard_is_no_crash_of_the_run_and_its_heir_is_not_of_it(launch: Launcher, tmp_path: Path) -> None:
    run = launch("sh", "-c", WAITING.format(go=tmp_path / "go"))
    run.wait_for(Sampled)
    os.kill(_guard(launch, run), signal.SIGKILL)
    run.wait(lambda event: isinstance(event, Problem) and "replaced" in event.text, "the replacement")
    (tmp_path / "go").touch()
    run.wait_end()
    assert run.state.facts.crashed == 0
    assert run.state.exit_code != 1  # a loaded box may miss samples
    assert {p.name for event in run.all(Sampled) for p in event.sample.processes} <= {"sh", "sleep"}
    assert "guard: the guard was ended by SIGKILL" in " ".join(f"{e.where}: {e.text}" for e in run.all(Problem))


def test_a_guard_that_is_let_go_ends_before_it_would_be_killed() -> None:
    """Another run, in which this one is, would take a guard that was killed for a crash of its own workload."""
    code = (
        "from stresstui.engine.process import watchdog\n"
        "from stresstui.engine.process.find import look_up\n"
        "guard = watchdog.Guard()\n"
        "watchdog.os.kill = lambda pid, number: print('alive' if look_up(pid) else 'gone', flush=True)\n"
        "guard.dismiss()\n"
    )
    done = subprocess.run((sys.executable, "-c", code), capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "gone\n"


def test_a_stopped_guard_is_never_waited_for(launch: Launcher, tmp_path: Path) -> None:
    run = launch("sh", "-c", WAITING.format(go=tmp_path / "go"))
    run.wait_for(Sampled)
    os.kill(_guard(launch, run), signal.SIGSTOP)
    (tmp_path / "go").touch()
    assert run.wait_end().exit.status == 0


@linux_only
def test_a_supervisors_guard_is_forked_before_the_rest_is_loaded_and_ends_with_it(
    launch: Launcher, gone: Gone, wait_until: Any
) -> None:
    run = launch.adopt(client.start(launch.request("sleep", "60"), REPORTING))
    (workload,) = _workload(run, 1)
    guard = _guard(launch, run)
    assert _resident(guard) < 0.6 * _resident(launch.pid_of(run))
    os.kill(launch.pid_of(run), signal.SIGKILL)
    wait_until(lambda: gone(workload) and gone(guard), "the end of workload and guard")


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])


@pytest.mark.parametrize("entry", [ENTRY, REPORTING], ids=["bare", "reporting"])
def test_a_folder_is_for_one_supervisor(launch: Launcher, entry: tuple[str, ...]) -> None:
    run = launch("sleep", "60")
    workload = _workload(run, 1)
    second = subprocess.run([*entry, str(run.directory)], capture_output=True, text=True, check=False)
    assert second.returncode == 2
    assert second.stderr == f"stresstui: {run.directory} holds a run already; a folder is for one run\n"
    assert look_up(workload[0]) is not None
    assert not run.all(Ended)


def test_a_blocked_child_signal_does_not_hide_the_exit_status(launch: Launcher) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    try:
        run = launch("sh", "-c", "exit 7")
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    assert run.wait_end().exit.status == 7


def test_who_asks_twice_is_not_kept_waiting(launch: Launcher) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('STRESSTUI up=1', flush=True); time.sleep(60)"
    run = launch(sys.executable, "-c", deaf)
    run.wait(lambda event: "up" in getattr(event, "values", {}), "a workload that is deaf")
    supervisor = launch.pid_of(run)
    os.kill(supervisor, signal.SIGINT)
    run.wait(lambda event: type(event).__name__ == "StopRequested", "the first to be heard")
    os.kill(supervisor, signal.SIGINT)
    asked = next(event.t for event in run.events if type(event).__name__ == "StopRequested")
    run.wait_end()
    assert run.one(Ended).t - asked < 4.0  # it would be killed after five seconds
    assert run.exit.signal == "SIGKILL"
    assert run.state.exit_code == 130


def test_a_disk_that_is_full_at_the_end_is_waited_for(small_disk: Path, gone: Gone, wait_until: Any) -> None:
    launch = Launcher(small_disk / "runs")
    run = launch("sh", "-c", "sleep 1.5; exit 3")
    pids = _workload(run, 2)
    _fill(small_disk)
    wait_until(lambda: all(map(gone, pids)), "the end of the workload")
    assert run.all(Ended) == []
    (small_disk / "filler").unlink()
    run.wait_end()
    assert run.exit.status == 3
    assert "nothing was lost" in " ".join(event.text for event in run.all(Problem))
    assert run.state.exit_code == 1


def test_whoever_asks_is_not_kept_waiting_for_a_full_disk(small_disk: Path, gone: Gone, wait_until: Any) -> None:
    """What the record lacks is said by the registry, which is on another disk."""
    launch = Launcher(small_disk / "runs")
    run = launch("sh", "-c", "sleep 1.5; exit 3")
    pids = _workload(run, 2)
    _fill(small_disk)
    wait_until(lambda: all(map(gone, pids)), "the end of the workload")
    supervisor = launch.pid_of(run)

    def given_up() -> bool:
        with contextlib.suppress(ProcessLookupError):
            os.kill(supervisor, signal.SIGTERM)  # the first may come while it is still waiting for the last sample
        return gone(supervisor)

    wait_until(given_up, "the end of the supervisor")
    found = describe_run(run.directory)
    assert found is not None
    assert (found.state, found.reason) == (
        RunState.LOST,
        "the journal could not be written to its end (No space left on device): it lacks the last events",
    )
