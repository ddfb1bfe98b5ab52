import shutil
from pathlib import Path

import msgspec
import pytest

from stresstui.core.model.event import encode_event
from stresstui.core.model.scenario import RunnerKind
from stresstui.engine.control.runs import RunState, damaged_runs, describe_run, find_runs
from stresstui.engine.launch.request import RunRequest, load_request, save_request
from stresstui.engine.process.pidfile import write_pid_file
from stresstui.folder import REQUEST
from tests.core.story import Story


@pytest.mark.parametrize("damaged", [b'{"scenario":"\xae', b"", b"[]", b'{"scenario":' + b"[" * 5000])
def test_a_folder_whose_request_was_damaged_is_no_run(tmp_path: Path, damaged: bytes) -> None:
    (tmp_path / REQUEST).write_bytes(damaged)
    assert describe_run(tmp_path) is None


def test_runs_that_are_not_found_for_their_damaged_request_are_known(tmp_path: Path) -> None:
    run, other = tmp_path / "run", tmp_path / "other"
    for folder in (run, other):
        folder.mkdir()
        (folder / REQUEST).write_bytes(b"[]")
    (run / "journal.jsonl").write_bytes(b"")
    assert damaged_runs(tmp_path) == [run]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A whole run that has passed, by what its folder holds."""
    story = Story("max(fds) < 100").warm().soak().cool().exit(planned=True).end()
    return kept(tmp_path / "story_1", story)


def kept(folder: Path, story: Story, name: str = "story_1") -> Path:
    folder.mkdir()
    (folder / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in story.events))
    save_request(RunRequest(run=name, scenario=story.scenario, runner=RunnerKind.COMMAND), folder)
    return folder


def test_a_journal_that_was_put_into_another_runs_folder_is_no_pass_of_that(tmp_path: Path, run: Path) -> None:
    whole = describe_run(run)
    assert whole is not None
    assert (whole.state, whole.outcome) == (RunState.ENDED, "passed")
    save_request(msgspec.structs.replace(load_request(run), run="other_2"), run)
    mixed = describe_run(run)
    assert mixed is not None
    assert (mixed.state, mixed.outcome) == (RunState.LOST, None)
    assert mixed.reason == "its run.json is of other_2, its journal of story_1"


def test_a_folder_that_has_another_name_is_the_same_run(tmp_path: Path, run: Path) -> None:
    run.rename(tmp_path / "the good one")
    found = describe_run(tmp_path / "the good one")
    assert found is not None
    assert (found.outcome, found.began_as) == ("passed", "story_1")


def test_a_copy_of_a_run_that_is_on_is_not_on_itself(tmp_path: Path) -> None:
    """This process stands for the supervisor of the run; the copy has its file too."""
    live = kept(tmp_path / "story_1", Story("max(fds) < 100").warm())
    write_pid_file(live)
    shutil.copytree(live, tmp_path / "copy")
    live.rename(tmp_path / "moved")
    states = {info.name: info.state for info in find_runs(tmp_path)}
    assert states == {"moved": RunState.LIVE, "copy": RunState.LOST}
