import asyncio
import pydoc
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner

from stresstui.cli.commands.start.fleet import fleet
from stresstui.cli.starting.following import still
from stresstui.core.model.event import Event, encode_event
from stresstui.core.model.outcome import ExitCode
from stresstui.core.model.scenario import RunnerKind
from stresstui.engine.control.archives import unpack
from stresstui.engine.launch.request import RunRequest, save_request
from stresstui.fleet.controller import Controller
from stresstui.fleet.matrix.inventory import Box, Inventory, Wanted
from stresstui.fleet.reach import box_side
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.record import FleetRecord, FleetRun, State, ask_to_stop, claimed, load, new_folder, save
from tests.tui.scripted_run import ending, real_scenario, run_events, sample, write_run

WANTED = Wanted(scenario="ech_24h", elsewhere=True)
BOXES: Any = None
"""Nothing here asks a box."""


def recorded(tmp_path: Path, *runs: FleetRun) -> tuple[FleetRecord, Path]:
    folder = new_folder(tmp_path)
    inventory = Inventory(box=tuple(Box(name=run.box, host=run.box) for run in runs), run=(WANTED,))
    record = FleetRecord(name=folder.name, inventory=inventory, runs=list(runs))
    save(record, folder)
    return record, folder


def test_a_fleet_is_followed_by_one_controller_at_a_time(tmp_path: Path) -> None:
    _, folder = recorded(tmp_path, FleetRun(box="a", wanted=WANTED))
    with claimed(folder):
        result = CliRunner().invoke(fleet, ["attach", "--fleet-dir", str(tmp_path), "--headless"])
    assert result.exit_code == ExitCode.USAGE
    assert "is followed by another 'stresstui fleet' already" in result.output
    with claimed(folder):
        pass  # the claim ends with its holder


@pytest.mark.parametrize("command", ["runs", "attach", "stop"])
def test_a_record_that_cannot_be_read_is_refused(tmp_path: Path, command: str) -> None:
    _, folder = recorded(tmp_path, FleetRun(box="a", wanted=WANTED))
    (folder / "fleet.json").write_text('{"name": "x", "inventory": {"newer": 1}}')
    result = CliRunner().invoke(fleet, [command, "--fleet-dir", str(tmp_path)])
    assert result.exit_code == ExitCode.USAGE
    assert "unknown field `newer`" in result.output


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([State.ENDED, State.LOST], "every run is over"),
        ([State.RUNNING, State.ENDED], "every run goes on"),
        ([State.WAITING, State.UNREACHABLE], "no run has begun"),
        ([State.WAITING, State.RUNNING, State.ENDED], "1 of 3 runs has not begun; what has goes on"),
    ],
)
def test_who_leaves_is_told_what_becomes_of_the_runs(states: list[State], said: str) -> None:
    begun = (State.ENDED, State.LOST, State.RUNNING)
    runs = [
        FleetRun(box=str(number), wanted=WANTED, state=state, directory="/r" if state in begun else "")
        for number, state in enumerate(states)
    ]
    record = FleetRecord(name="f", inventory=Inventory(), runs=runs)
    assert still(record) == said


class OneBox:
    """A box that is this machine; what it is asked for is counted, and may fail."""

    def __init__(self, failing: str = "", error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self._failing, self._error = failing, error

    async def ask(self, name: str, function: Any, *given: Any, within: float = 0) -> Any:
        self.asked.append(function.__name__)
        if function.__name__ == self._failing and self._error is not None:
            raise self._error
        if function.__name__ == "begin":
            raise RuntimeError("no test here begins a run")
        return function(*given)


def ended_run(tmp_path: Path) -> Path:
    there = write_run(tmp_path / "there" / "run_1", run_events(60, end=True), b"all that it said")
    (there / "supervisor.pid").unlink()
    (there / "result.json").write_text("{}")
    save_request(RunRequest(run="run_1", scenario=real_scenario(), runner=RunnerKind.LAB, requested=""), there)
    return there


def test_what_one_controller_packed_another_neither_replaces_nor_forgets(tmp_path: Path) -> None:
    there = str(ended_run(tmp_path))
    one, other = box_side.archive(there, "one"), box_side.archive(there, "other")
    box_side.forget(other["path"])
    assert len(box_side.piece(one["path"], 0)) == one["size"]


async def ended_on(tmp_path: Path, box: Any) -> tuple[FleetRun, Path]:
    there = ended_run(tmp_path)
    run = FleetRun(box="a", wanted=WANTED, directory=str(there), state=State.RUNNING)
    controller = Controller(*recorded(tmp_path, run), box, lambda _: None)
    await controller.carry_out()
    controller.close()
    return run, controller.folder / "a"


async def test_an_ended_run_is_brought_here_whole(tmp_path: Path) -> None:
    run, here = await ended_on(tmp_path, OneBox())
    assert (run.state, run.archive, run.archive_why) == (State.ENDED, "run_1.tar.zst", "")
    unpacked = unpack(here / run.archive, tmp_path / "whole")
    assert (unpacked / "output.log").read_bytes() == b"all that it said"
    assert (unpacked / "journal.jsonl").read_bytes() == (tmp_path / "there/run_1/journal.jsonl").read_bytes()
    assert sorted(path.name for path in (tmp_path / "there").iterdir()) == ["run_1"]


@pytest.mark.parametrize(
    ("failing", "error"), [("archive", OSError(28, "No space left on device")), ("piece", RuntimeError("it is gone"))]
)
async def test_a_run_that_cannot_be_packed_is_ended_and_it_is_said_why(
    tmp_path: Path, failing: str, error: Exception
) -> None:
    run, here = await ended_on(tmp_path, OneBox(failing, error))
    assert (run.state, run.archive) == (State.ENDED, "")
    assert str(error) == run.archive_why
    assert not (here / "run_1.tar.zst").exists()
    assert (here / "run_1" / "journal.jsonl").exists()


class Flaky(OneBox):
    """A box whose link breaks at each second piece of an archive."""

    pieces = 0

    async def ask(self, name: str, function: Any, *given: Any, within: float = 0) -> Any:
        if function is not box_side.piece:
            return await super().ask(name, function, *given, within=within)
        self.pieces += 1
        if self.pieces % 2 == 0:
            raise LinkError("the connection is lost")
        return box_side.piece(given[0], given[1], 100)


async def test_an_archive_is_copied_on_from_where_a_link_broke_however_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.fleet.gather._PATIENCE_S", (0.0,))
    box = Flaky()
    run, _ = await ended_on(tmp_path, box)
    assert (run.archive, run.archive_why) == ("run_1.tar.zst", "")
    assert box.pieces > 5
    assert box.asked.count("archive") == 1


async def test_a_box_whose_link_breaks_at_every_piece_is_asked_no_longer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.fleet.gather._PATIENCE_S", (0.0, 0.0))
    box = OneBox("piece", LinkError("the connection is lost"))
    run, _ = await ended_on(tmp_path, box)
    assert (run.archive, run.archive_why) == ("", "the connection is lost")
    assert box.asked.count("piece") == 3


async def test_a_run_whose_journal_is_here_to_its_end_has_ended_though_its_box_is_gone(tmp_path: Path) -> None:
    there = ended_run(tmp_path)
    run = FleetRun(box="a", wanted=WANTED, directory=str(there), state=State.RUNNING)
    box: Any = OneBox("fetch", LinkError("the connection is lost"))
    controller = Controller(*recorded(tmp_path, run), box, lambda _: None, lost_after=0.05)
    await controller.carry_out()
    outcomes = controller.outcomes()
    controller.close()
    assert run.state is State.ENDED
    assert [one.outcome for one in outcomes] == [str(controller.mirrors[0].state.outcome)]


async def test_a_box_of_which_a_little_more_comes_each_time_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = ended_run(tmp_path)
    size = (there / "journal.jsonl").stat().st_size
    for name, value in (("controller.RETRY_S", 0.0), ("reach.pieces.LEAST", size // 8), ("reach.pieces._FAST_S", 0.0)):
        monkeypatch.setattr(f"stresstui.fleet.{name}", value)

    class Slow(OneBox):
        reads = 0

        async def ask(self, name: str, function: Any, *given: Any, within: float = 0) -> Any:
            if function is box_side.read:
                self.reads += 1
                await asyncio.sleep(0.02)
                if self.reads % 2 == 0 and given[1] < size:
                    raise LinkError("the connection is lost")
            return await super().ask(name, function, *given, within=within)

    run = FleetRun(box="a", wanted=WANTED, directory=str(there), state=State.RUNNING)
    box: Any = Slow()
    controller = Controller(*recorded(tmp_path, run), box, lambda _: None, lost_after=0.1)
    controller._sizes[0].most = size // 8
    await controller.carry_out()
    controller.close()
    assert run.state is State.ENDED
    assert box.reads > 10


async def test_that_a_box_does_not_answer_is_said_while_it_is_still_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.fleet.controller.QUIET_S", 0.02)

    class Late(OneBox):
        async def ask(self, name: str, function: Any, *given: Any, within: float = 0) -> Any:
            if function is box_side.read:
                await asyncio.sleep(0.1)
            return await super().ask(name, function, *given, within=within)

    there, seen = ended_run(tmp_path), []
    run = FleetRun(box="a", wanted=WANTED, directory=str(there), state=State.RUNNING)
    box: Any = Late()
    controller = Controller(*recorded(tmp_path, run), box, lambda run: seen.append((run.state, run.why)))
    await controller.carry_out()
    controller.close()
    assert seen == [(State.UNREACHABLE, "no answer for 0 s"), (State.ENDED, "")]


async def test_a_stop_begins_nothing_more_and_ends_what_is_on(tmp_path: Path) -> None:
    there = write_run(tmp_path / "there" / "run_1", run_events(60))
    runs = [FleetRun(box="a", wanted=WANTED), FleetRun(box="b", wanted=WANTED, directory=str(there))]
    record, folder = recorded(tmp_path, *runs)
    box: Any = OneBox("stop", RuntimeError("stopped"))
    ask_to_stop(folder, "me")
    controller = Controller(record, folder, box, lambda _: None, lost_after=0.01)
    verdict = await controller.carry_out()
    controller.close()
    assert (runs[0].state, runs[0].why) == (State.STOPPED, "stopped by me before it began")
    assert "begin" not in box.asked
    assert verdict.outcome == "inconclusive"


class Room:
    """A disk that is full at first."""

    def __init__(self, does: Any) -> None:
        self._does, self.asked = does, 0

    def __call__(self, *given: Any, **more: Any) -> Any:
        self.asked += 1
        if self.asked < 3:
            raise OSError(28, "No space left on device")
        return self._does(*given, **more)


@pytest.mark.parametrize("place", ["mirror.os.write", "controller.save", "controller.Mirror", "mirror.write_whole"])
async def test_a_full_disk_here_ends_nothing_and_what_is_missing_comes_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr("stresstui.fleet.controller.RETRY_S", 0.01)
    monkeypatch.setattr("stresstui.fleet.controller.pace", lambda _: 0.01)
    there, seen = ended_run(tmp_path), set()
    run = FleetRun(box="a", wanted=WANTED, directory=str(there), state=State.RUNNING)
    controller = Controller(*recorded(tmp_path, run), box_here(), lambda run: seen.add((run.state, run.why)))
    name = f"stresstui.fleet.{place}"
    room = Room(pydoc.locate(name))
    monkeypatch.setattr(name, room)
    await controller.carry_out()
    monkeypatch.undo()
    controller.close()
    assert room.asked >= 3
    assert (run.state, run.archive, controller.unsaved) == (State.ENDED, "run_1.tar.zst", "")
    assert load(controller.folder).runs[0].state is State.ENDED
    mirrored = controller.folder / "a" / "run_1" / "journal.jsonl"
    assert mirrored.read_bytes() == (there / "journal.jsonl").read_bytes()
    assert (State.RUNNING, "") not in seen or place != "mirror.write_whole"  # or it would be said again and again
    said = (State.UNREACHABLE, "it cannot be copied to this machine: No space left on device")
    assert (said in seen) == (place != "controller.save")


def box_here() -> Any:
    return OneBox()


async def test_what_a_box_says_of_a_run_that_goes_on_there_ends_it_only_when_it_lasts(tmp_path: Path) -> None:
    there = write_run(tmp_path / "there" / "run_1", run_events(60))
    run = FleetRun(box="a", wanted=WANTED, directory=str(there), state=State.RUNNING)
    box: Any = OneBox("read", OSError(24, "Too many open files"))
    seen: list[State] = []
    controller = Controller(*recorded(tmp_path, run), box, lambda run: seen.append(run.state), lost_after=0.05)
    await controller.carry_out()
    assert seen == [State.UNREACHABLE, State.LOST]


def append(run: Path, *events: Event) -> None:
    with (run / "journal.jsonl").open("ab") as journal:
        journal.write(b"".join(encode_event(event) + b"\n" for event in events))


async def test_a_run_whose_supervisor_writes_nothing_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstui.fleet.mirror._SILENCE_S", 0.02)
    monkeypatch.setattr("stresstui.fleet.mirror._SILENT_SAMPLES", 0.0)
    monkeypatch.setattr("stresstui.fleet.controller.pace", lambda _: 0.01)
    there = write_run(tmp_path / "there" / "run_1", run_events(60))
    run = FleetRun(box="a", wanted=WANTED, directory=str(there), state=State.RUNNING)
    seen: list[tuple[State, str]] = []

    def changed(run: FleetRun) -> None:
        seen.append((run.state, run.why))
        if run.state is State.SILENT:  # it wakes up, ...
            append(there, sample(60))
        elif run.state is State.RUNNING:  # ... and ends
            (there / "result.json").write_text("{}")
            (there / "supervisor.pid").unlink()
            append(there, *ending(61))

    controller = Controller(*recorded(tmp_path, run), box_here(), changed)
    await controller.carry_out()
    controller.close()
    assert [state for state, _ in seen] == [State.SILENT, State.RUNNING, State.ENDED]
    assert seen[0][1] == "its supervisor lives and has written nothing since 00:00:59"


async def test_a_run_whose_secrets_were_not_kept_is_not_begun_without_them(tmp_path: Path) -> None:
    wanted = Wanted(scenario="ech_24h", options=("--env", "API_TOKEN=hunter2"))
    _, folder = recorded(tmp_path, FleetRun(box="a", wanted=wanted))
    again, box = load(folder), OneBox()
    asked: Any = box
    await Controller(again, folder, asked, lambda _: None).carry_out()
    assert (again.runs[0].state, box.asked) == (State.REFUSED, [])
    assert "were not kept" in again.runs[0].why


async def test_how_a_run_ended_is_to_be_scraped_before_its_target_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stresstui.fleet.controller.LINGER_S", 0.01)
    path = tmp_path / "targets.json"
    run = FleetRun(box="a", wanted=WANTED, directory="/r/one", state=State.RUNNING, target="10.0.0.1:9464")
    record, folder = recorded(tmp_path, run)
    record.inventory = msgspec.structs.replace(record.inventory, targets=str(path))
    controller = Controller(record, folder, BOXES, lambda _: None)
    controller._set(run, State.ENDED)
    assert "10.0.0.1:9464" in path.read_text()
    await controller.last_scrapes()
    assert msgspec.json.decode(path.read_bytes()) == []


async def test_targets_that_cannot_be_written_are_told_and_end_nothing(tmp_path: Path) -> None:
    run = FleetRun(box="a", wanted=WANTED, directory="/r/one", state=State.RUNNING, target="10.0.0.1:9464")
    record, folder = recorded(tmp_path, run)
    record.inventory = msgspec.structs.replace(record.inventory, targets="/nowhere/targets.json")
    controller = Controller(record, folder, BOXES, lambda _: None)
    controller._set(run, State.ENDED)
    assert run.state is State.ENDED
    assert controller.trouble == "/nowhere/targets.json: No such file or directory"
