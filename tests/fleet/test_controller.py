from pathlib import Path
from typing import Any

from click.testing import CliRunner

from stresstui.cli.commands.start.fleet import fleet
from stresstui.core.model.outcome import ExitCode
from stresstui.fleet.controller import Controller
from stresstui.fleet.matrix.inventory import Box, Inventory, Wanted
from stresstui.fleet.record import FleetRecord, FleetRun, State, claimed, new_folder, save

WANTED = Wanted(scenario="ech_24h", elsewhere=True)
BOXES: Any = None
"""Nothing here asks a box."""


def recorded(tmp_path: Path, *runs: FleetRun) -> tuple[FleetRecord, Path]:
    folder = new_folder(tmp_path)
    inventory = Inventory(box=tuple(Box(name=run.box, host=run.box) for run in runs), run=(WANTED,))
    record = FleetRecord(name=folder.name, inventory=inventory, runs=list(runs))
    save(record, folder)
    return record, folder


def lost_with(tmp_path: Path, panics: int) -> Controller:
    lost = FleetRun(box="a", wanted=WANTED, directory="/r/one", state=State.LOST, why="it died", replaced=True)
    controller = Controller(*recorded(tmp_path, lost), BOXES, lambda _: None)
    controller._open_mirror(0)
    controller.mirrors[0].state.facts.panics = panics
    return controller


async def test_what_had_failed_when_a_box_was_lost_counts_though_another_box_carried_the_run_out(
    tmp_path: Path,
) -> None:
    controller = lost_with(tmp_path, panics=1)
    verdict = controller.verdict()
    controller.close()
    assert (verdict.outcome, verdict.reasons) == ("failed", ("a: ech_24h failed: 1 panic in the output; it died",))


async def test_a_run_that_was_lost_in_good_order_is_made_up_for_elsewhere(tmp_path: Path) -> None:
    controller = lost_with(tmp_path, panics=0)
    outcomes = controller.outcomes()
    controller.close()
    assert [(one.outcome, one.made_up) for one in outcomes] == [("lost", True)]


def test_a_fleet_is_followed_by_one_controller_at_a_time(tmp_path: Path) -> None:
    _, folder = recorded(tmp_path, FleetRun(box="a", wanted=WANTED))
    with claimed(folder):
        result = CliRunner().invoke(fleet, ["attach", "--fleet-dir", str(tmp_path), "--headless"])
    assert result.exit_code == ExitCode.USAGE
    assert "is followed by another 'stresstui fleet' already" in result.output
    with claimed(folder):
        pass  # the claim ends with its holder
