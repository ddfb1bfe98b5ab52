"""Who looks at a run does not end it; who started it does; and the run is found from anywhere."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stresstui.cli.options import ShowOptions
from stresstui.cli.show import show
from stresstui.core.model.event import BreachBegan, Doubted, Exited, Noted, StopRequested
from stresstui.engine.control import client
from stresstui.engine.launch.request import load_request
from stresstui.engine.process.pidfile import supervisor_pid
from stresstui.engine.record import journal
from stresstui.folder import JOURNAL
from tests.cli.box import DEADLINE_S, Box, until

SLEEPER = ("run", "--headless", "--interval", "100ms", "--", "sleep", "60")
EARLY = """
import os, signal, sys, time
from stresstui.engine.control import client
start = client.start
def interrupted(*given, **more):
    os.kill(os.getpid(), signal.{name})
    return start(*given, **more)
client.start = interrupted
sys.argv = ["stresstui", *sys.argv[1:]]
from stresstui.__main__ import main
main()
"""


def detached(box: Box, *command: str) -> Path:
    done = box.run("run", "--detach", "--interval", "100ms", "--", *(command or ("sleep", "60")))
    assert done.returncode == 0, done.stderr
    return box.directory()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_viewer_that_is_ended_leaves_the_run_alone(box: Box, number: signal.Signals) -> None:
    run = detached(box)
    viewer = box.start("attach", "--headless")
    assert viewer.stdout is not None
    assert "started" in viewer.stdout.readline()
    viewer.send_signal(number)
    said, _ = viewer.communicate(timeout=DEADLINE_S)
    assert viewer.returncode == 128 + number
    assert "the run goes on" in said
    assert client.is_live(run)
    assert not [event for event in box.events() if isinstance(event, StopRequested)]


def test_a_screen_that_is_ended_says_that_the_run_goes_on(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = detached(box)

    def ended(*_: object, **__: object) -> str:
        raise SystemExit(143)

    monkeypatch.setattr("stresstui.cli.show.wants_screen", lambda _: True)
    monkeypatch.setattr("stresstui.cli.show._collect_later", lambda: None)
    monkeypatch.setattr("stresstui.tui.start.run_app", ended)
    with pytest.raises(SystemExit, match="143"):
        show(run, ShowOptions(), owns=True)
    assert capsys.readouterr().out.startswith(f"{run.name} goes on.\n")


def test_who_stops_the_run_and_leaves_reads_how_it_ended(
    box: Box, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = detached(box, "sh", "-c", "trap 'sleep 1; exit' TERM; while :; do sleep 0.1; done")

    def stopped(*_: object, **__: object) -> str:
        client.stop(run)
        return "stop"

    monkeypatch.setattr("stresstui.cli.show.wants_screen", lambda _: True)
    monkeypatch.setattr("stresstui.cli.show._collect_later", lambda: None)
    monkeypatch.setattr("stresstui.tui.start.run_app", stopped)
    assert show(run, ShowOptions(), owns=True) == 130
    said = capsys.readouterr().out
    assert said.startswith(f"{run.name} is stopping\nABORTED ")


def test_a_viewer_in_a_pipe_leaves_with_its_reader(box: Box) -> None:
    run = detached(box)
    command = ("bash", "-c", f"timeout 6 {sys.executable} -m stresstui attach | head -1")
    done = subprocess.run(
        command, cwd=box.folder, env=box.env, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
    assert "started" in done.stdout
    assert done.stderr == ""
    assert client.is_live(run)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_run_that_was_started_while_a_signal_came_is_ended(box: Box, name: str) -> None:
    done = subprocess.run(
        (sys.executable, "-c", EARLY.format(name=name), *SLEEPER), cwd=box.folder, env=box.env, capture_output=True,
        text=True, timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 128 + signal.Signals[name], done.stdout + done.stderr
    assert f"{name}: stopping the run" in done.stdout
    assert not client.is_live(box.directory())


def test_a_killed_supervisors_run_is_lost(box: Box) -> None:
    path = box.scenario("max(fds) < 100")
    viewer = box.start("run", "--headless", "--interval", "100ms", "--scenario-file", path, "--", "sleep", "60")
    box.wait_for_samples(10)
    pid = supervisor_pid(box.directory())
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    said, _ = viewer.communicate(timeout=DEADLINE_S)
    assert viewer.returncode == 3
    assert "lost: the supervisor" in said
    listed = box.run("runs")
    assert "lost" in listed.stdout
    judged = box.run("judge")
    assert judged.returncode == 3
    assert "not ended" in judged.stdout


def test_a_run_is_found_from_any_folder(box: Box, tmp_path: Path) -> None:
    run = detached(box, "sh", "-c", "echo said; sleep 60")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    prefix = run.name[:9]
    until(lambda: "said" in box.run("logs", prefix, cwd=elsewhere).stdout, "its output")
    assert run.name in box.run("runs", cwd=elsewhere).stdout
    assert box.run("note", prefix, "from afar", cwd=elsewhere).returncode == 0
    assert box.run("stop", cwd=elsewhere).returncode == 0
    box.wait_end()
    assert [event.text for event in box.events() if isinstance(event, Noted)] == ["from afar"]
    attached = box.run("attach", run.name, "--headless", cwd=elsewhere)
    assert attached.returncode == 130, attached.stdout


def test_a_prefix_of_two_runs_lists_both(box: Box) -> None:
    first, second = detached(box), detached(box)
    for command in (("stop", "command_"), ("note", "command_", "x"), ("stop",)):
        done = box.run(*command)
        assert done.returncode == 2
        assert first.name in done.stderr
        assert second.name in done.stderr
    assert box.run("stop", first.name).returncode == 0
    until(lambda: not client.is_live(first), "its end")
    assert client.is_live(second)
    found = json.loads(box.run("runs", "--json").stdout)
    assert [(one["name"], one["state"]) for one in found] == [(first.name, "ended"), (second.name, "live")]


def test_a_deleted_run_is_found_and_stopped(box: Box) -> None:
    run = detached(box)
    shutil.rmtree(run, ignore_errors=True)  # it may come back meanwhile
    until(lambda: client.is_live(run), "its return")
    assert box.run("stop", run.name).returncode == 0
    until(lambda: not client.is_live(run), "its end")
    judged = box.run("judge", run.name)
    assert judged.returncode in (130, 143), judged.stdout  # by its socket, or by signal before that is back


def test_a_moved_run_is_found_by_its_old_name_and_stopped(box: Box) -> None:
    run = detached(box)
    moved = box.folder / "moved"
    run.rename(moved)
    until(lambda: box.run("stop", run.name).returncode == 0, "its being found and stopped")
    until(lambda: not client.is_live(moved), "its end")
    assert box.run("judge", str(moved)).returncode == 130
    told = [event.reason for event in journal.read(moved / JOURNAL) if isinstance(event, Doubted)]
    assert told == [f"the run's folder was moved in mid-run, to {moved}"]


def test_stop_now_waits_for_nobody(box: Box) -> None:
    deaf = "import signal, time; signal.signal(15, signal.SIG_IGN); print('STRESSTUI up=1', flush=True); time.sleep(60)"
    run = detached(box, sys.executable, "-c", deaf)
    box.wait(lambda event: "up" in getattr(event, "values", {}), "a workload that is deaf")
    assert box.run("stop", "--now").returncode == 0
    until(lambda: not client.is_live(run), "its end")
    events = box.events()
    asked = next(event.t for event in events if isinstance(event, StopRequested))
    assert events[-1].t - asked < 4.0  # it would be killed after five seconds
    assert [event.signal for event in events if isinstance(event, Exited)] == ["SIGKILL"]
    assert box.run("judge").returncode == 130


@pytest.mark.parametrize("damage", ["byte", "cut"])
def test_damage_passes_in_no_command(box: Box, damage: str) -> None:
    path = box.scenario("max(fds) < 100")
    plan = ("--interval", "400ms", "--duration", "4s", "--warm-up", "400ms", "--scenario-file", path)
    assert box.run("run", "--headless", *plan, "--", "sleep", "60").returncode == 0
    journal = box.directory() / "journal.jsonl"
    data = journal.read_bytes()
    place = data.index(b'"sample"') + 30
    time.sleep(0.02)  # a file system tells the time of a change no finer
    journal.write_bytes(data[:place] + b"\x01" + data[place + 1 :] if damage == "byte" else data[: len(data) // 2])
    assert box.run("judge").returncode == 3
    assert box.run("attach", "--headless").returncode == 3
    listed = box.run("runs").stdout
    assert "passed" not in listed
    assert ("the journal is damaged" in listed) == (damage == "byte")


def test_an_archive_is_judged_as_its_run_was(box: Box) -> None:
    assert box.run("run", "--headless", "--interval", "100ms", "--", "sh", "-c", "exit 3").returncode == 1
    run = box.directory()
    before = box.run("judge", run.name).stdout
    assert box.run("archive", run.name, "--remove").returncode == 0
    assert not run.exists()
    archive = run.with_name(run.name + ".tar.zst")
    assert box.run("judge", str(archive)).stdout == before
    for viewer in ("attach", "replay"):  # neither has a screen here
        shown = box.run(viewer, archive.name, "--headless")
        assert shown.returncode == 1
        assert shown.stdout.splitlines()[-1] == f"recorded in {archive}", "the copy that was looked at is gone by now"
    grown = box.run("growth", archive.name, "--value", "load1", "--json")
    assert grown.returncode == 0, grown.stderr
    assert json.loads(grown.stdout)["state"] == "undecided"
    (listed,) = box.run("runs").stdout.splitlines()
    assert "failed" in listed
    assert "status 3" in listed
    archive.write_bytes(archive.read_bytes()[:-20])
    broken = box.run("judge", str(archive))
    assert broken.returncode == 2
    assert "cannot be unpacked" in broken.stderr


def test_old_runs_are_removed_and_live_ones_stay(box: Box) -> None:
    for _ in range(3):
        box.run("run", "--headless", "--interval", "100ms", "--", "true")
    ended = sorted(path.parent for path in box.reports.glob("*/run.json"))
    live = detached(box)
    assert "2 of 3 runs would be removed" in box.run("prune", "--keep", "1", "--dry-run").stdout
    assert all(run.exists() for run in ended)
    assert "0 of 3 runs removed" in box.run("prune", "--older-than", "30d").stdout
    assert "2 of 3 runs removed" in box.run("prune", "--keep", "1").stdout
    assert [run.exists() for run in ended] == [False, False, True]
    assert live.exists()


@pytest.mark.parametrize(
    ("options", "command", "code", "said"),
    [
        (("--repeat", "2"), "exit 0", 3, "2 runs: 2 inconclusive"),
        (("--repeat", "3", "--until-fail"), "exit 3", 1, "1 run: 1 failed"),
        (("--repeat", "2"), "exit 3", 1, "2 runs: 2 failed"),
        (("--bisect",), "exit 3", 1, "FAILED"),
        (("--bisect",), "exit 0", 125, "INCONCLUSIVE"),
        (("--bisect", "--repeat", "2"), "exit 3", 1, "2 failed"),
    ],
)
def test_runs_that_are_repeated_have_one_exit_code(
    box: Box, options: tuple[str, ...], command: str, code: int, said: str
) -> None:
    done = box.run("run", "--headless", "--interval", "100ms", *options, "--", "sh", "-c", command)
    assert done.returncode == code, done.stdout + done.stderr
    assert said in done.stdout


def test_who_stops_a_run_that_has_failed_by_then_is_not_given_the_next(box: Box) -> None:
    process = box.start("run", "--scenario-file", box.scenario("max(rss) < 1KiB"), "--headless", "--repeat", "3", "--",
                        "sleep", "60")  # fmt: skip
    box.wait(lambda event: isinstance(event, BreachBegan), "the breach")
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=25)
    assert (process.returncode, told.splitlines()[-1]) == (1, "1 run: 1 failed")


def test_a_run_is_run_again_as_it_was(box: Box, tmp_path: Path) -> None:
    path = box.scenario("max(fds) < 100")
    plan = ("--interval", "200ms", "--duration", "1s", "--warm-up", "200ms", "--scenario-file", path)
    box.run("run", "--headless", *plan, "--", "sh", "-c", "pwd; exec sleep 60")
    first = load_request(box.directory())
    Path(path).unlink()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = box.run("rerun", first.run, "--headless", cwd=elsewhere)
    assert f"run again as {first.run}" in done.stdout, done.stderr
    (again,) = (path.parent for path in elsewhere.glob("reports/stress-tests/*/run.json"))
    second = load_request(again)
    assert (second.command, second.duration, second.interval, second.scenario, second.cwd) == (
        first.command, first.duration, first.interval, first.scenario, first.cwd,
    )  # fmt: skip
    assert (again / "output.log").read_text() == f"{box.folder}\n"


def test_an_interrupt_is_heard_where_a_script_had_it_ignored(box: Box) -> None:
    """A background job of a script ignores SIGINT on entry, and is cancelled by it in CI."""
    run = "run --headless --interval 100ms -- sleep 60"
    script = f"{sys.executable} -m stresstui {run} & read x; kill -INT $!; wait $!"
    shell = subprocess.Popen(
        ("bash", "-c", script), cwd=box.folder, env=box.env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    box.wait_for_samples(3)
    said, _ = shell.communicate("go\n", timeout=DEADLINE_S)
    assert shell.returncode == 130
    assert "SIGINT: stopping the run" in said
