"""The guide's trend pictures."""

from pathlib import Path

import pytest

from stresstui.report.pictures import places_in, write_pictures
from tests.report.run_with_leak import leaking

pytest.importorskip("matplotlib")


def test_the_pictures_have_the_names_of_the_guide(tmp_path: Path) -> None:
    written = write_pictures(leaking().state(), places_in(tmp_path, "png"), "png")
    assert [path.name for path in written] == ["memory_trend.png", "fd_trend.png", "conn_trend.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in written)


def test_any_metric_can_be_drawn_as_svg(tmp_path: Path) -> None:
    (path,) = write_pictures(leaking().state(), places_in(tmp_path, "svg", ("cpu", "none")), "svg")
    assert path.name == "cpu_trend.svg"
    assert b"<svg" in path.read_bytes()
