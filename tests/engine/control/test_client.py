import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from stresstui.core.model.check import Check, Level
from stresstui.core.model.event import Exited, Noted, ProcessKnown, Sampled, StopRequested
from stresstui.core.model.scenario import CriterionSpec, RunnerKind, Scenario
from stresstui.engine.control import client
from stresstui.engine.control.messages import Command
from stresstui.engine.control.runs import find_runs
from stresstui.engine.control.socket import connect
from stresstui.engine.entry import INTERNAL_ERROR
from stresstui.engine.launch.request import REQUEST_FOLLOWS, RunRequest, load_request
from stresstui.engine.process.find import command_parts, descendants, look_up
from stresstui.folder import JOURNAL, SUPERVISOR_LOG
from tests.engine.launcher import ENTRY, Launcher, Run, until


def test_a_run_is_asked_noted_and_stopped(launch: Launcher) -> None:
    run = launch("sleep", "60")
    run.wait_for(ProcessKnown)
    answer = client.status(run.directory)
    assert (answer.run, answer.phase, answer.pid) == (run.directory.name, "soak", launch.pid_of(run))
    client.note(run.directory, "the cable was pulled", "tester")
    client.stop(run.directory, "user", "seen enough")
    run.wait_end()
    assert (run.one(Noted).text, run.one(Noted).by) == ("the cable was pulled", "tester")
    assert (run.one(StopRequested).by, run.one(StopRequested).reason) == ("user", "seen enough")
    assert run.state.exit_code == 130
    with pytest.raises(client.ControlError, match="does not answer"):
        client.status(run.directory)


def test_what_the_socket_does_not_understand_is_refused(launch: Launcher) -> None:
    run = launch("sleep", "60")
    with pytest.raises(client.ControlError, match="unknown command 'dance'"):
        client.ask(run.directory, Command("dance"))
    assert client.status(run.directory).phase


def test_directories_and_files_are_the_owners_only(launch: Launcher) -> None:
    run = launch("true").wait_end()
    assert run.directory.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o077 for path in run.directory.iterdir()}
    assert set(modes) >= {"run.json", "journal.jsonl", "output.log", "supervisor.log", "supervisor.pid"}
    assert set(modes.values()) == {0}


def test_the_socket_is_the_owners_only_and_goes_with_the_run(launch: Launcher) -> None:
    run = launch("sleep", "60")
    socket = run.directory / "control.sock"
    assert socket.stat().st_mode & 0o777 == 0o600
    client.stop(run.directory)
    run.wait_end()
    assert not socket.exists()


def test_a_path_too_long_for_a_socket_works(launch: Launcher) -> None:
    launch.report_dir = launch.report_dir / ("d" * 120)
    run = launch("sleep", "60")
    assert client.status(run.directory).phase
    client.stop(run.directory)
    run.wait_end()


def test_runs_of_the_same_second_have_different_names(launch: Launcher) -> None:
    runs = [launch("true") for _ in range(3)]
    assert len({run.directory for run in runs}) == 3
    for run in runs:
        run.wait_end()


def test_a_supervisor_that_cannot_start_says_why(launch: Launcher) -> None:
    request = launch.request("true")
    with pytest.raises(client.StartError, match="out of cheese"):
        client.start(request, (sys.executable, "-c", "raise SystemExit('out of cheese')"))


def test_where_few_files_may_be_open_nothing_starts(launch: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (24, 4096))
    with pytest.raises(client.StartError, match=r"no more than 24 files .* ulimit -n 1024"):
        launch("true")


def test_a_killed_supervisor_is_seen_as_dead_and_its_journal_reads(launch: Launcher, wait_until: Any) -> None:
    run = launch("sleep", "3")
    run.wait_for(ProcessKnown)
    os.kill(launch.pid_of(run), signal.SIGKILL)
    wait_until(lambda: not client.is_live(run.directory), "its death")
    (info,) = find_runs(launch.report_dir)
    assert (info.live, info.outcome) == (False, None)
    assert run.state.exit_code is None
    assert run.all(ProcessKnown)


def test_a_reused_pid_is_not_taken_for_the_supervisor(launch: Launcher, tmp_path: Path) -> None:
    run = launch("true").wait_end()
    identity = json.loads((run.directory / "supervisor.pid").read_text())
    own = look_up(os.getpid())
    assert own is not None
    for started, live in ((identity["started"], False), (own.started, True)):
        text = json.dumps({**identity, "pid": own.pid, "started": started, "folder": 0})
        (tmp_path / "supervisor.pid").write_text(text)
        assert client.is_live(tmp_path) is live


def test_runs_are_found_oldest_first_and_rubbish_is_passed_over(launch: Launcher, tmp_path: Path) -> None:
    ended, live = launch("true").wait_end(), launch("sleep", "60")
    (ended.directory / "result.json").write_text('{"schema":1,"outcome":"inconclusive"}')
    (launch.report_dir / "rubbish").mkdir()
    (launch.report_dir / "rubbish" / "run.json").write_text("{")
    found = find_runs(launch.report_dir)
    assert [(i.directory, i.live, i.outcome) for i in found] == [
        (ended.directory, False, "inconclusive"),
        (live.directory, True, None),
    ]
    assert found[0].scenario == "test"


def test_the_request_says_where_it_ran_and_on_what(launch: Launcher) -> None:
    run = launch("true", workspace=str(Path(__file__).parent)).wait_end()
    saved = load_request(run.directory)
    assert saved.runner is RunnerKind.COMMAND
    assert saved.command == ("true",)
    assert saved.host.cpus == os.cpu_count()
    assert saved.host.memory > 0
    assert saved.limits["RLIMIT_NOFILE"][0] != 0
    assert {"python", "stresstui", "msgspec"} <= saved.versions.keys()
    assert saved.revision is None or len(saved.revision.rstrip("+")) == 40


def test_idle_clients_cost_no_sample_and_shut_nobody_out(launch: Launcher) -> None:
    """Ninety of them, where the supervisor may open sixty-four files."""
    limit = "import resource, runpy; resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64));"
    entry = (sys.executable, "-c", limit + "runpy.run_module('stresstui.supervise', run_name='__main__')")
    run = launch.adopt(client.start(launch.request("sleep", "60", interval=0.5), entry))
    run.wait_for(Sampled)
    idle = [connect(run.directory, 5.0) for _ in range(90)]
    begun = run.state.t
    run.wait(lambda event: isinstance(event, Sampled) and event.t > begun + 2.5, "samples")
    assert client.status(run.directory).phase
    for one in idle:
        one.close()
    client.stop(run.directory)
    run.wait_end()
    assert run.state.missed == 0
    assert (run.directory / "supervisor.log").stat().st_size < 10_000


def test_what_a_stopped_supervisor_is_asked_is_withdrawn(launch: Launcher, monkeypatch: pytest.MonkeyPatch) -> None:
    run = launch("sleep", "60")
    run.wait_for(ProcessKnown)
    monkeypatch.setattr(client, "_ANSWER_S", 0.5)
    pid = launch.pid_of(run)
    os.kill(pid, signal.SIGSTOP)
    try:
        for command in (Command("note", text="too late"), Command("stop")):
            with pytest.raises(client.ControlError, match="withdrawn"):
                client.ask(run.directory, command)
    finally:
        os.kill(pid, signal.SIGCONT)
    client.note(run.directory, "in time")
    assert [note.text for note in run.all(Noted)] == ["in time"]
    assert not run.all(StopRequested)


def test_a_note_that_the_disk_refuses_is_not_said_to_be_written(launch: Launcher, programs: Path) -> None:
    entry = (sys.executable, str(programs / "entry.py"), "full_disk")
    run = launch.adopt(client.start(launch.request("sleep", "60", interval=0.5), entry))
    answer = client.note(run.directory, "with room")
    assert answer.trouble is None
    while (answer := client.note(run.directory, "without")).trouble is None:
        run.wait_for(Noted)
    assert answer.trouble == "File too large"


def test_what_fails_while_the_machine_is_examined_leaves_no_process(launch: Launcher) -> None:
    """The supervisor loads meanwhile: without its request it is ended, and reaped."""
    begun: list[int] = []

    def examine(request: RunRequest) -> RunRequest:
        begun.extend(one.pid for one in descendants(os.getpid()))
        raise RuntimeError("no such machine")

    before = {one.pid for one in descendants(os.getpid())}
    with pytest.raises(RuntimeError, match="no such machine"):
        client.start(launch.request("sleep", "60"), (sys.executable, "-c", "input()"), examine=examine)
    (pid,) = set(begun) - before
    assert look_up(pid) is None


def test_what_is_seen_of_the_machine_stands_in_the_request(launch: Launcher) -> None:
    check = Check("Clean environment", "load", Level.OK, "none")
    request = launch.request("true")
    run = launch.adopt(client.start(request, ENTRY, examine=lambda one: replace(one, checks=(check,)))).wait_end()
    assert load_request(run.directory).checks == (check,)


def test_a_request_of_many_megabytes_is_handed_over_whole(launch: Launcher) -> None:
    """More than what a channel holds: the supervisor takes it as it comes."""
    run = launch("sh", "-c", "test ${#ONE} = 100000 && test ${#FIFTY} = 100000", scenario=_wide_scenario()).wait_end()
    assert run.one(Exited).status == 0


def _wide_scenario() -> Scenario:
    names = ["ONE", "FIFTY"]
    spare = tuple(CriterionSpec(id=f"c{i}", title="x" * 1000, rule="max(fds) < 1000") for i in range(3000))
    return Scenario(name="wide", moves_bytes=False, criteria=spare, env=dict.fromkeys(names, "y" * 100_000))


def test_a_run_that_its_starter_fails_to_show_does_not_go_on(launch: Launcher) -> None:
    def fail() -> None:
        raise OSError("no room")

    def mine() -> list[int]:
        folder = str(launch.report_dir)
        return [p.pid for p in descendants(os.getpid()) if folder in " ".join(command_parts(p.pid))]

    with pytest.raises(OSError, match="no room"):
        client.start(launch.request("sleep", "60"), ENTRY, launch.report_dir, meanwhile=fail)
    until(lambda: not mine(), "the end of the supervisor")


@pytest.mark.parametrize(
    ("told", "why"), [(b"", b"nobody said what to run"), (b'{"scenario":{"name":"te', b"DecodeError")]
)
def test_nothing_runs_where_the_starter_has_gone_before_it_said_what(tmp_path: Path, told: bytes, why: bytes) -> None:
    ours, theirs = socket.socketpair()
    (tmp_path / "run.json").write_bytes(msgspec.json.encode(Launcher(tmp_path).request("sleep", "60")))
    with theirs, ours:
        env = {**os.environ, REQUEST_FOLLOWS: "1"}
        process = subprocess.Popen([*ENTRY, str(tmp_path)], stdin=theirs.fileno(), stderr=subprocess.PIPE, env=env)
        ours.sendall(told)
    said = process.communicate(timeout=60)[1]
    assert process.returncode == INTERNAL_ERROR
    assert not (tmp_path / JOURNAL).exists()
    assert why in said
    assert (tmp_path / "run.json").exists()


def test_a_folder_in_which_nobody_asked_for_a_run_goes(tmp_path: Path) -> None:
    """Nothing finds what holds only the log of a supervisor, and so nothing would ever remove it."""
    folder = tmp_path / "test_20260101T000000Z"
    folder.mkdir()
    ours, theirs = socket.socketpair()
    with theirs, ours, (folder / SUPERVISOR_LOG).open("wb") as log:
        env = {**os.environ, REQUEST_FOLLOWS: "1"}
        process = subprocess.Popen([*ENTRY, str(folder)], stdin=theirs.fileno(), stderr=log, env=env)
    assert process.wait(timeout=60) == INTERNAL_ERROR
    assert not folder.exists()


def test_a_supervisor_that_is_started_over_ssh_does_what_its_folder_says(launch: Launcher) -> None:
    """What starts programs for others often gives them a socket to read from, which stays open."""
    directory = launch.report_dir / "given"
    directory.mkdir(parents=True)
    (directory / "run.json").write_bytes(msgspec.json.encode(launch.request("env")))
    ours, theirs = socket.socketpair()
    with theirs, ours:
        process = subprocess.Popen([*ENTRY, str(directory)], stdin=theirs.fileno())
        assert process.wait(timeout=60) is not None
    assert Run(directory).one(Exited).status == 0


def test_what_says_that_a_request_follows_is_not_handed_on(launch: Launcher) -> None:
    assert REQUEST_FOLLOWS.encode() not in launch("env").wait_end().output
