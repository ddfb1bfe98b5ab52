"""What is drawn arrives on a terminal, in whatever pieces, and no more of it than has changed."""

import random

import pyte
import pytest

from stresstui.tui.tty.grid import Grid

WIDTH, HEIGHT = 30, 8
STYLES = ("", "1", "38;2;10;20;30;48;2;1;2;3", "1;38;2;200;20;30;48;2;1;2;3", "7", "32", "38;2;10;20;30")
WORDS = ("ok", "breached", "12.5 MiB", "⣀⣠⣤", "漢字", "─" * 9, "   ", "é", "e\u0301x")


def drawing(chance: random.Random) -> str:
    """What Textual writes: a place, then text in styles that begin and end."""
    said = ""
    for _ in range(chance.randint(1, 12)):
        said += f"\x1b[{chance.randint(1, HEIGHT)};{2 * chance.randint(0, 4) + 1}H"
        for _ in range(chance.randint(1, 2)):
            style, word = chance.choice(STYLES), chance.choice(WORDS)
            said += f"\x1b[{style}m{word}\x1b[0m" if style else word
    return said


def terminal() -> tuple[pyte.Screen, pyte.ByteStream]:
    screen = pyte.Screen(WIDTH, HEIGHT)
    return screen, pyte.ByteStream(screen)


def cells(screen: pyte.Screen) -> list[list[tuple[object, ...]]]:
    return [[tuple(screen.buffer[y][x]) for x in range(WIDTH)] for y in range(HEIGHT)]


def full(grid: Grid) -> None:
    for y in range(HEIGHT):
        grid.take(f"\x1b[{y + 1};1H{' ' * WIDTH}")


@pytest.mark.parametrize("budget", [1, 60, 10_000])
def test_a_terminal_shows_what_was_drawn_whatever_the_pieces(budget: int) -> None:
    for seed in range(15):
        chance = random.Random(seed)
        grid = Grid()
        grid.resize(WIDTH, HEIGHT)
        full(grid)
        (direct, at_once), (piecewise, in_pieces) = terminal(), terminal()
        for _ in range(6):
            drawn = drawing(chance)
            if any(cell[0] in ("漢", "字") for line in cells(direct) for cell in line):  # whose halves terminals mend
                drawn = "".join(f"\x1b[{y + 1};1H{' ' * WIDTH}" for y in range(HEIGHT)) + drawn
            at_once.feed(drawn.encode())
            assert grid.take(drawn) == ""
            for _ in range(chance.randint(0, 3)):  # what has not gone out is drawn over
                in_pieces.feed(grid.send(budget, few_colors=False))
        while grid.pending:
            in_pieces.feed(grid.send(budget, few_colors=False))
        assert cells(piecewise) == cells(direct), seed
        assert grid.send(budget, few_colors=False) == b""


def test_what_did_not_change_is_not_sent_and_a_style_is_told_once() -> None:
    grid = Grid()
    grid.resize(WIDTH, HEIGHT)
    line = "\x1b[3;1H\x1b[1;38;2;1;2;3mFDs  {}\x1b[0m\x1b[1;38;2;1;2;3m of 100\x1b[0m"
    grid.take(line.format("12"))
    assert grid.send(999, few_colors=False).count(b"38;2") == 1
    grid.take(line.format("13"))
    assert grid.send(999, few_colors=False) == b"\x1b[3;7H3"
    grid.take(line.format("13"))
    assert not grid.send(999, few_colors=False)
    assert not grid.pending


def test_the_header_goes_first_and_blanks_of_a_new_screen_last() -> None:
    grid = Grid()
    grid.resize(WIDTH, HEIGHT)
    for y in range(HEIGHT, 0, -1):
        grid.take(f"\x1b[{y};1Hline {y}{' ' * (WIDTH - 6)}")
    first = grid.send(1, few_colors=False)
    assert first.endswith(b"line 1")
    rest = b""
    while b"line 3" not in rest:
        rest += grid.send(1, few_colors=False)
    assert b"      " not in rest
    while grid.pending:
        rest += grid.send(1, few_colors=False)
    assert b" " * (WIDTH - 8) in rest
    grid.take("\x1b[6;1Hbelow\x1b[1;1Habove")
    assert b"above" in grid.send(1, few_colors=False)


def test_what_is_no_drawing_passes_and_another_screen_is_drawn_anew() -> None:
    grid = Grid()
    grid.resize(WIDTH, HEIGHT)
    assert grid.take("\x1b[?25l\x1b[1;1Hhello\a\x1b]9;stresstui: breached\a\n\x1b[?2026h") == (
        "\x1b[?25l\a\x1b]9;stresstui: breached\a"
    )
    assert b"hello" in grid.send(999, few_colors=False)
    assert grid.take("\x1b[?1049h") == "\x1b[0m\x1b[?1049h"
    assert b"hello" in grid.send(999, few_colors=False)


def test_fewer_colours_take_fewer_bytes() -> None:
    sizes = []
    for few in (False, True):
        grid = Grid()
        grid.resize(WIDTH, HEIGHT)
        grid.take("\x1b[1;1H\x1b[38;2;200;20;30;48;2;1;2;3mX\x1b[0m")
        sizes.append(grid.send(999, few_colors=few))
    assert sizes[1] == b"\x1b[1;1H\x1b[0;38;5;160;48;5;16mX"
    assert len(sizes[1]) < len(sizes[0])
