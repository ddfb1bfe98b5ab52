"""A clip is what the screen showed: played into a terminal it gives the same text."""

import json
from pathlib import Path

import pyte
import pytest

from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.recorded.clip import Clip, ClipError, make_clip
from tests.tui.scripted_run import run_events, write_run

LOOK = {"theme": "dark", "glyphs": UNICODE}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(tmp_path_factory.mktemp("clip") / "run", run_events(120, leak_from=60, end=True))


def clip(around: str = "1", before: float = 6.0, after: float = 8.0) -> Clip:
    return Clip(around, before, after, (100, 30), speed=2.0)


def test_an_asciicast_plays_into_the_breach(run: Path, tmp_path: Path) -> None:
    begin, end = make_clip(run, tmp_path / "a.cast", clip(), **LOOK)
    head, *events = [json.loads(line) for line in (tmp_path / "a.cast").read_text().splitlines()]
    assert (head["version"], head["width"], head["height"], head["title"]) == (2, 100, 30, "run")
    times = [at for at, kind, _ in events if kind == "o"]
    assert times == sorted(times)
    assert times[-1] == pytest.approx((end - begin) / 2.0, abs=0.6)
    screen = pyte.Screen(100, 30)
    stream = pyte.Stream(screen)
    shown = []
    for _, _, data in events:
        stream.feed(data)
        shown.append("\n".join(screen.display))
    assert "BREACHED" not in shown[0]
    assert "✗ BREACHED since" in shown[-1]
    assert "REPLAY" in shown[-1]
    assert all(len(data) < 60_000 for _, _, data in events)


def test_a_picture_is_of_its_end(run: Path, tmp_path: Path) -> None:
    make_clip(run, tmp_path / "a.svg", clip("few_fds"), **LOOK)
    text = (tmp_path / "a.svg").read_text().replace("&#160;", " ")
    assert text.startswith("<svg")
    assert "BREACHED" in text


@pytest.mark.parametrize(
    ("around", "said"), [("9", "no breach 9"), ("memory_stable", "is no time"), ("2:00:00", "after its end")]
)
def test_what_is_not_there_is_not_clipped(run: Path, tmp_path: Path, around: str, said: str) -> None:
    with pytest.raises(ClipError, match=said):
        make_clip(run, tmp_path / "a.cast", clip(around), **LOOK)
    assert not (tmp_path / "a.cast").exists()
