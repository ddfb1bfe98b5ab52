"""Less is asked for at a time where that comes slowly, or not at all."""

import pytest

from stresstui.fleet.reach import pieces
from stresstui.fleet.reach.box_side import PIECE
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.reach.pieces import FIRST, LEAST, SLOW_S, PieceSize


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(pieces, "time", made)
    return made


def test_what_never_came_is_asked_for_in_smaller_pieces_down_to_a_least(clock: Clock) -> None:
    del clock
    size = PieceSize()
    for _ in range(10):
        with pytest.raises(LinkError), size.asked():
            raise LinkError("no answer")
    assert size.most == LEAST


def test_the_first_pieces_find_out_how_fast_the_way_is(clock: Clock) -> None:
    size, asked = PieceSize(), []
    for _ in range(6):
        with size.asked() as most:
            asked.append(most)
            clock.now += 0.1
    assert asked == [FIRST, 2 * FIRST, 4 * FIRST, 8 * FIRST, PIECE, PIECE]


@pytest.mark.parametrize(("took", "most"), [(0.1, PIECE), (2.0, PIECE // 4), (SLOW_S + 1, PIECE // 16)])
def test_a_piece_that_came_slowly_was_too_large_and_a_quick_one_may_be_larger(
    clock: Clock, took: float, most: int
) -> None:
    size = PieceSize()
    size.most = PIECE // 4
    for _ in range(2 if took < 1 else 1):
        with size.asked():
            clock.now += took
    assert size.most == most
