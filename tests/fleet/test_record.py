"""What is kept of a fleet."""

from pathlib import Path

from stresstui.fleet.matrix.inventory import Box, Inventory, Wanted
from stresstui.fleet.record import RECORD, FleetRecord, FleetRun, ask_to_stop, load, pace, save, stop_asked


def test_secrets_in_options_are_used_and_not_kept(tmp_path: Path) -> None:
    wanted = Wanted(scenario="ech_24h", options=("--env", "API_TOKEN=hunter2", "--password", "hunter2"))
    record = FleetRecord(
        name="f", inventory=Inventory(box=(Box(name="a"),), run=(wanted,)), runs=[FleetRun(box="a", wanted=wanted)]
    )
    save(record, tmp_path)
    assert "hunter2" not in (tmp_path / RECORD).read_text()
    assert load(tmp_path).runs[0].wanted.options[0] == "--env"
    assert record.runs[0].wanted.options == wanted.options


def test_a_stop_is_left_for_who_follows(tmp_path: Path) -> None:
    assert stop_asked(tmp_path) == ""
    ask_to_stop(tmp_path, "me")
    assert stop_asked(tmp_path) == "me"


def test_many_runs_are_looked_at_less_often() -> None:
    assert [pace(runs) for runs in (0, 1, 40, 100)] == [1.0, 1.0, 1.0, 2.5]
