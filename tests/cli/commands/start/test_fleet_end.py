"""A fleet's reports are there as soon as all have ended, whoever still looks at the screen."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from stresstui.cli.commands.start import fleet as module
from stresstui.cli.starting import following
from stresstui.fleet.matrix.inventory import Inventory, Wanted
from stresstui.fleet.record import FleetRecord, FleetRun, State, save

REPORTS = {"verdict.json", "summary.md", "junit.xml", "report.html"}


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A fleet of one run that was lost before it began."""
    run = FleetRun(box="box1", wanted=Wanted(scenario="ech_24h"), state=State.LOST, why="nobody answers")
    (tmp_path / "fleet_1").mkdir(mode=0o700)
    save(FleetRecord(name="fleet_1", inventory=Inventory(), runs=[run]), tmp_path / "fleet_1")
    return tmp_path / "fleet_1"


@pytest.fixture
def attach(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Result, set[str]]]:
    """Attach to it with a screen that stays on until the reports are there, or for half a second."""
    seen: set[str] = set()

    async def show(_: object) -> None:
        for _ in range(50):
            await asyncio.sleep(0.01)
            seen.update(files(folder))
            if seen >= REPORTS:
                return

    def with_no_boxes(_: Inventory, action: Callable[[Any], Any]) -> Any:
        return asyncio.run(action(None))

    monkeypatch.setattr(following, "_show", show)
    monkeypatch.setattr(module, "_has_screen", lambda: True)
    monkeypatch.setattr(following, "with_boxes", with_no_boxes)

    def go() -> tuple[Result, set[str]]:
        return CliRunner().invoke(module.fleet, ["attach", "--fleet-dir", str(folder.parent)]), seen

    return go


def test_reports_are_written_while_the_screen_is_on(attach: Callable[[], tuple[Result, set[str]]]) -> None:
    result, seen = attach()
    assert seen >= REPORTS
    assert result.exit_code == 3, result.output
    assert "INCONCLUSIVE  fleet_1" in result.output


def test_what_cannot_be_written_is_said(folder: Path, attach: Callable[[], tuple[Result, set[str]]]) -> None:
    (folder / "report.html").mkdir()
    result, _ = attach()
    assert result.exit_code == 4
    assert "not all of it is recorded" in result.output
