"""What is done to the record of a live run behind its back: it is told, mended where it can be, and passes nothing."""

import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stresstui.core.model.event import Event, Sampled
from stresstui.core.run.fold import fold
from stresstui.engine.control import client
from stresstui.engine.control.socket import CONTROL
from stresstui.engine.record import journal
from stresstui.folder import JOURNAL
from tests.engine.launcher import ENTRY, Launcher, Run

REPORTING = (sys.executable, "-m", "stresstui.supervise")


def start(launch: Launcher) -> Run:
    run = launch.adopt(client.start(launch.request("sleep", "60"), REPORTING))
    run.wait_for(Sampled)
    return run


def end(directory: Path) -> Run:
    client.stop(directory)
    return Run(directory).wait_end()


def test_a_deleted_journal_is_written_again_in_full(launch: Launcher, wait_until: Callable[..., Any]) -> None:
    run = start(launch)
    path = run.directory / JOURNAL
    path.unlink()
    wait_until(path.exists, "the journal's return")
    ended = end(run.directory)
    assert ended.state.doubts == ["the journal was deleted in mid-run; it was written again in full"]
    assert ended.state.started is not None


def test_a_deleted_folder_comes_back_with_its_journal(launch: Launcher, wait_until: Callable[..., Any]) -> None:
    run = start(launch)
    pid = launch.pid_of(run)
    shutil.rmtree(run.directory)
    wait_until((run.directory / JOURNAL).exists, "the journal's return")
    wait_until(lambda: client.is_live(run.directory), "its pid file")
    assert launch.pid_of(run) == pid
    wait_until((run.directory / CONTROL).exists, "its socket")
    client.stop(run.directory)
    run.wait_end()
    assert "deleted in mid-run; it was written again in full" in run.state.doubts[0]
    assert (run.directory / "result.json").is_file()


def test_a_cut_journal_can_still_be_read(launch: Launcher, wait_until: Callable[..., Any]) -> None:
    run = start(launch)
    with (run.directory / JOURNAL).open("r+b") as file:
        file.truncate(0)
    wait_until(lambda: any("was cut" in doubt for doubt in run.state.doubts), "the loss to be told")
    ended = end(run.directory)
    assert ended.state.scenario.name == "test"
    assert any("the journal is damaged" in doubt for doubt in ended.state.doubts)


def test_a_moved_folder_is_told_and_has_the_result(launch: Launcher, wait_until: Callable[..., Any]) -> None:
    run = start(launch)
    moved = run.directory.with_name("elsewhere")
    run.directory.rename(moved)
    launch.adopt(moved)
    wait_until(lambda: any("moved in mid-run" in doubt for doubt in Run(moved).state.doubts), "the move to be told")
    ended = end(moved)
    assert (moved / "result.json").is_file()
    assert str(moved) in ended.state.doubts[0]


def test_a_journal_that_is_refused_to_the_end_passes_nowhere(launch: Launcher, wait_until: Callable[..., Any]) -> None:
    """The disk takes result.json, but not the journal: the file may not grow, as with ``ulimit -f``."""
    limit = f"import resource, runpy; resource.setrlimit({resource.RLIMIT_FSIZE}, (14000, 14000));"
    limited = (sys.executable, "-c", limit + "runpy.run_module('stresstui.supervise', run_name='__main__')")
    request = launch.request("sleep", "60", duration=3.0, interval=0.05)
    run = launch.adopt(client.start(request, limited))
    wait_until(lambda: not client.is_live(run.directory), "its end")
    assert fold(journal.read(run.directory / JOURNAL)).outcome is None
    result = (run.directory / "result.json").read_text()
    assert '"outcome": "inconclusive"' in result
    assert "could not be written" in result


def test_deleted_output_is_a_doubt(launch: Launcher, wait_until: Callable[..., Any]) -> None:
    run = launch("sh", "-c", "while sleep 0.1; do echo line; done")
    wait_until(lambda: (run.directory / "output.log").stat().st_size > 10, "output")
    (run.directory / "output.log").unlink()
    wait_until(lambda: any("output.log was deleted" in doubt for doubt in run.state.doubts), "the loss to be told")
    assert (run.directory / "output.log").exists()


def test_a_second_supervisor_leaves_a_run_alone(launch: Launcher, wait_until: Callable[..., Any]) -> None:
    run = start(launch)
    pid = launch.pid_of(run)
    second = subprocess.run((*ENTRY, str(run.directory)), capture_output=True, text=True, check=False)
    assert second.returncode != 0
    assert "holds a run already" in second.stderr
    assert launch.pid_of(run) == pid
    assert not end(run.directory).state.doubts


async def test_a_reader_goes_on_over_a_cut(launch: Launcher) -> None:
    run = start(launch)
    seen: list[Event] = []
    async for event in journal.tail(run.directory / JOURNAL):
        seen.append(event)
        if len([1 for event in seen if isinstance(event, Sampled)]) == 3:
            with (run.directory / JOURNAL).open("r+b") as file:
                file.truncate(0)
        if isinstance(event, Sampled) and len([1 for event in seen if isinstance(event, Sampled)]) == 8:
            client.stop(run.directory)
    times = [event.t for event in seen if isinstance(event, Sampled)]
    assert times == sorted(set(times))
    assert type(seen[-1]).__name__ == "Ended"
