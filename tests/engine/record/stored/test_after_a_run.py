"""The journal of a run that has ended: packed where it is long, and read like any other by whoever reads runs."""

import sys
from pathlib import Path

import pytest

from stresstui import supervise
from stresstui.cli.find_run import find_run
from stresstui.core.model.event import Sampled
from stresstui.engine.control import client
from stresstui.engine.control.runs import describe_run
from stresstui.engine.record.journal import read
from stresstui.engine.record.stored.opened import packed_form
from stresstui.fleet.reach import box_side
from stresstui.folder import JOURNAL
from stresstui.traces.run import journal_of
from tests.engine.launcher import Launcher, Run

PACKING = "import runpy, stresstui.engine.record.stored.opened as o; o.PACKED_FROM = 1000;"


@pytest.fixture
def run(launch: Launcher) -> Run:
    entry = (sys.executable, "-c", PACKING + "runpy.run_module('stresstui.supervise', run_name='__main__')")
    run = launch.adopt(client.start(launch.request("sleep", "60"), entry))
    run.wait_for(Sampled)
    client.stop(run.directory)
    return run.wait_end()


def test_whoever_reads_runs_reads_it(run: Run, tmp_path: Path) -> None:
    path = run.directory / JOURNAL
    assert not path.exists()
    assert packed_form(path).stat().st_mode & 0o777 == 0o600
    info = describe_run(run.directory)
    assert info is not None
    assert (str(info.state), info.outcome) == ("ended", "aborted")
    assert find_run(str(run.directory), tmp_path, live=False) == run.directory.resolve()
    assert journal_of(packed_form(path)) == path
    piece = box_side.read(str(run.directory), 10)
    assert piece["size"] == len(piece["data"]) + 10
    (tmp_path / "mirror").write_bytes(box_side.read(str(run.directory), 0)["data"])
    assert list(read(tmp_path / "mirror")) == list(read(path))


def test_a_result_older_than_its_packed_journal_is_not_believed(run: Run) -> None:
    packed = packed_form(run.directory / JOURNAL)
    packed.write_bytes(packed.read_bytes()[:-400])
    info = describe_run(run.directory)
    assert info is not None
    assert info.outcome != "passed"


def test_one_without_an_end_and_one_that_is_short_stay_plain(
    launch: Launcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = launch("true")
    run.wait_end()
    path = run.directory / JOURNAL
    supervise.pack_ended(path)
    assert path.exists()
    monkeypatch.setattr(supervise, "PACKED_FROM", 10)
    cut = tmp_path / JOURNAL
    cut.write_bytes(path.read_bytes()[:-20])
    supervise.pack_ended(cut)
    assert cut.exists()
    supervise.pack_ended(tmp_path / "gone")
    supervise.pack_ended(path)
    assert not path.exists()
