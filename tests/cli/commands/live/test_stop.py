"""``stresstui stop --finish``: the planned end of a run that has none of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from stresstui.cli.commands.live.stop import stop
from stresstui.core.model.event import Phase, PhaseBegan
from tests.engine.launcher import Launcher


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path / "runs")
    yield launcher
    launcher.end_all()


def test_a_run_without_an_end_is_finished_and_one_with_an_end_is_not(launch: Launcher) -> None:
    open_end, planned = launch("sleep", "60"), launch("sleep", "60", duration=60.0)
    for run in (open_end, planned):
        run.wait(lambda event: isinstance(event, PhaseBegan) and event.phase is Phase.SOAK, "the soak")
    where = ["--report-dir", str(launch.report_dir), "--finish"]
    refused = CliRunner().invoke(stop, [planned.directory.name, *where])
    assert refused.exit_code == 2
    assert ": it has a planned end of its own; stop it, or wait" in refused.output
    told = CliRunner().invoke(stop, [open_end.directory.name, *where])
    assert (told.exit_code, told.output.split()[1:]) == (0, ["is", "finishing"])
    assert open_end.wait_end().exit.planned
