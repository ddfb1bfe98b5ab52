"""What fleets did, asked in SQL and written as Parquet."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from stresstui.cli import cli
from stresstui.fleet.dataset import QueryError, ask, tables_of, write_parquet
from stresstui.fleet.matrix.inventory import Box, Inventory, Wanted
from stresstui.fleet.record import FleetRecord, FleetRun, State, save
from tests.tui.scripted_run import run_events, write_run


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fleet") / "fleet_1"
    folder.mkdir(mode=0o700)
    wanted = Wanted(scenario="ech_24h")
    runs = [
        FleetRun(box="a", wanted=wanted, directory="/x/run_1", state=State.ENDED),
        FleetRun(box="b", wanted=wanted, directory="/x/run_1", state=State.ENDED),
        FleetRun(box="c", wanted=wanted, state=State.REFUSED, why="no such scenario"),
    ]
    boxes = tuple(Box(name=name, labels={"kernel": "6.1"}) for name in "abc")
    save(FleetRecord(name="fleet_1", inventory=Inventory(box=boxes), runs=runs), folder)
    write_run(folder / "a" / "run_1", run_events(60, end=True))
    write_run(folder / "b" / "run_1", run_events(150, leak_from=60, end=True))
    return folder


def test_runs_are_asked_with_their_boxes(fleet: Path) -> None:
    names, rows = ask(tables_of([fleet]), "SELECT box, state, outcome, reason FROM runs ORDER BY box")
    assert names == ["box", "state", "outcome", "reason"]
    assert [row[:3] for row in rows] == [
        ("a", "ended", "inconclusive"), ("b", "ended", "failed"), ("c", "could not run", None),
    ]  # fmt: skip
    assert rows[2][3] == "no such scenario"


def test_metrics_and_samples_are_joined(fleet: Path) -> None:
    tables = tables_of([fleet])
    _, worst = ask(tables, "SELECT box FROM metrics WHERE metric = 'fds' ORDER BY high DESC LIMIT 1")
    assert worst == [("b",)]
    _, count = ask(tables, "SELECT count(*) FROM samples WHERE metric = 'fds' AND box = 'a'")
    assert count == [(70,)]
    _, kernels = ask(tables, "SELECT DISTINCT labels->>'kernel' FROM runs")
    assert kernels == [("6.1",)]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT nothing FROM runs",
        "SELEC",
        "SELECT * FROM read_csv('/etc/passwd')",
        "COPY runs TO '/tmp/stolen.csv'",
        "SET enable_external_access = true",
    ],
)
def test_what_cannot_be_asked_is_said(fleet: Path, query: str) -> None:
    with pytest.raises(QueryError) as found:
        ask(tables_of([fleet]), query)
    assert str(found.value)


def test_the_tables_are_written_as_parquet(fleet: Path, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    written = write_parquet(tables_of([fleet]), tmp_path / "set")
    assert [path.name for path in written] == ["runs.parquet", "metrics.parquet", "samples.parquet"]
    assert parquet.read_table(written[0]).column("box").to_pylist() == ["a", "b", "c"]
    assert parquet.read_table(written[2]).num_rows > 100


def test_of_no_fleet_the_tables_are_empty(tmp_path: Path) -> None:
    tables = tables_of([])
    assert ask(tables, "SELECT count(*) FROM runs")[1] == [(0,)]
    assert len(write_parquet(tables, tmp_path)) == 3


def test_the_commands_need_no_box(fleet: Path) -> None:
    where = ["--fleet-dir", str(fleet.parent)]
    listed = CliRunner().invoke(cli, ["fleet", "runs", *where])
    assert [line.split()[0] for line in listed.output.splitlines()] == ["box", "c", "b", "a"]
    asked = CliRunner().invoke(cli, ["fleet", "query", "SELECT box FROM runs WHERE outcome = 'failed'", *where])
    assert asked.output.split() == ["box", "b"]
    wrong = CliRunner().invoke(cli, ["fleet", "query", "SELECT x FROM runs", *where])
    assert wrong.exit_code == 2
    assert "x" in wrong.output


@pytest.mark.parametrize("command", [("stop",), ("note", "uplink switched")])
def test_a_fleet_whose_runs_are_over_is_told_nothing_and_its_person_is(fleet: Path, command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, ["fleet", *command, "--fleet-dir", str(fleet.parent)])
    assert done.exit_code == 2
    assert "every run of fleet_1 is over; 'stresstui fleet runs' shows how they came out" in done.output
    assert not (fleet / "stop").exists()


def test_where_no_fleet_ever_ran_no_tables_are_written(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["fleet", "parquet", str(tmp_path / "set"), "--fleet-dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "no run of a fleet is in" in done.output
    assert not (tmp_path / "set").exists()
