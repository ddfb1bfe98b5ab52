"""On a link of any speed what is seen is young, and a terminal that never answers is written to all the same."""

from collections import deque

import pyte
import pytest

from stresstui.tui.tty.grid import Grid
from stresstui.tui.tty.link import ANSWER_S, LOST_S, MOST, Link

STEP = 0.01


def ages(rate: float, seconds: float, delay: float = 0.02) -> tuple[list[float], Link]:
    """How old the first line is that is seen, by steps; a third of the screen changes each second."""
    grid, link = Grid(), Link()
    grid.resize(80, 24)
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    on_the_way: deque[tuple[float, bytes]] = deque()
    seen, found, free = 0, [], 0.0
    for step in range(int(seconds / STEP)):
        now = step * STEP
        if step % 100 == 0:
            for y in range(24):
                grid.take(f"\x1b[{y + 1};1H\x1b[38;2;1;{y};3m{step // 100:04}\x1b[0m line {'x' * 40} {step // 100:03}")
        while on_the_way and on_the_way[0][0] <= now:
            stream.feed(on_the_way.popleft()[1])
            link.answered(now)
            seen = int(screen.display[0][:4].strip() or 0)
        room = link.room(now)
        if room and (piece := grid.send(room, few_colors=False)):
            link.sent(now, len(piece))
            free = max(free, now) + len(piece) / rate
            on_the_way.append((free + delay, piece))
        found.append(now - seen)
    return found, link


@pytest.mark.parametrize("rate", [523.0, 960.0])
def test_what_is_seen_on_a_slow_link_is_never_two_seconds_old(rate: float) -> None:
    found, link = ages(rate, 30.0)
    # A second's line is due for a second, and late from then on.
    assert max(found[150:]) < 1.0 + 2.0
    assert link.slow
    assert link.rate == pytest.approx(rate, rel=0.2)
    assert 0 < link.pace() <= 1.5


@pytest.mark.parametrize("delay", [0.002, 0.15])
def test_a_fast_link_is_soon_used_in_full_and_a_long_way_is_no_slow_link(delay: float) -> None:
    found, link = ages(1e6, 5.0, delay)
    assert max(found[150:]) < 1.0 + 2 * delay + 0.05
    assert not link.slow
    assert link.pace() == 0.0


def test_a_terminal_that_never_answers_gets_all_of_it_after_a_while() -> None:
    link = Link()
    assert 0 < link.room(0.0) < MOST
    link.sent(0.0, 400)
    assert link.room(0.1) == 0
    assert 0 < link.room(0.6) < MOST
    link.sent(0.6, 200)
    assert link.room(ANSWER_S + 0.1) == MOST
    link.sent(ANSWER_S + 0.1, 9_999)
    assert link.room(ANSWER_S + 0.1) == MOST
    assert not link.is_late(99.0)


def test_one_that_stops_to_read_is_late_and_one_that_never_comes_back_is_given_up() -> None:
    link = Link()
    link.sent(0.0, 400)
    link.answered(0.01)
    link.sent(1.0, 400)
    assert not link.is_late(1.5)
    assert link.is_late(3.0)
    assert link.room(3.0) == 0
    link.answered(4.0)
    assert not link.is_late(4.1)
    link.sent(5.0, 400)
    assert link.room(5.0 + LOST_S + 0.1) == MOST
