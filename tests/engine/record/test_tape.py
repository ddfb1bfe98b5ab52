"""A tape gives at every second what a fold of the journal up to there gives, however it was wound there."""

import gc
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.core.run.fold import RunState, advance, fold
from stresstui.engine.record import checkpoint, journal, tape
from stresstui.engine.record.tape import Tape
from tests.engine.record.stories import events_of, record, same

SECONDS = 120


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tape")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        return record(folder / "run", events_of(SECONDS, [40, 41, 90]), 30.0)


@pytest.fixture(autouse=True)
def state_home(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(run.parents[1] / "state"))
    monkeypatch.setattr(tape, "EVERY_S", 30.0)
    monkeypatch.setattr(checkpoint, "EVERY_S", 30.0)


def _at(path: Path, t: float) -> RunState:
    return fold(takewhile(lambda event: event.t <= t, journal.read(path)))


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.0, SECONDS + 5.0), min_size=1, max_size=5))
def test_wherever_it_is_wound_it_gives_what_was_then(run: Path, places: list[float]) -> None:
    played = Tape(run)
    for place in places:
        state = played.wind(place)
    assert played.t == min(places[-1], played.length)
    assert same(state, _at(run, played.t))


def test_what_was_given_stays_as_it_was_after_a_far_jump(run: Path) -> None:
    played = Tape(run)
    for there, then in ((50.0, 100.0), (50.0, 10.0)):
        given = played.wind(there)
        assert played.wind(then) is not given
        assert given.samples == int(there)


@pytest.fixture(params=["looked for", "kept"])
def garbage(request: pytest.FixtureRequest) -> Iterator[str]:
    before = gc.isenabled()
    (gc.enable if request.param == "looked for" else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_no_garbage_is_looked_for_while_it_is_wound_and_as_before_then(
    run: Path, garbage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    played, looked = Tape(run), []

    def advance_and_look(*args: Any) -> None:
        looked.append(gc.isenabled())
        advance(*args)

    monkeypatch.setattr(tape, "advance", advance_and_look)
    played.wind(100.0)
    assert set(looked) == {False}
    assert gc.isenabled() is (garbage == "looked for")


def test_without_checkpoints_it_gives_the_same(run: Path, tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_bytes(run.read_bytes())
    played = Tape(tmp_path / "journal.jsonl")
    for place in (100.0, 10.0, 60.0):
        assert same(played.wind(place), _at(run, place))


def test_a_far_jump_begins_at_a_checkpoint(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Tape(run)
    read: list[float] = []
    monkeypatch.setattr(journal, "read", _watched(journal.read, read))
    played.wind(115.0)
    assert read[0] > 90.0


def _watched(read: object, seen: list[float]) -> object:
    def reading(path: Path, beginning: object) -> object:
        for event in read(path, beginning):  # type: ignore[operator]
            seen.append(event.t)
            yield event

    return reading
