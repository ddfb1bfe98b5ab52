import pytest

from stresstui.tui.tty.pen import change_of


@pytest.mark.parametrize(
    ("before", "now", "codes"),
    [
        (None, "", "\x1b[0m"),
        (None, "1;31", "\x1b[0;1;31m"),
        ("", "", ""),
        ("1;31;44", "1;32;44", "\x1b[32m"),
        ("31;44", "1;31;44", "\x1b[1m"),
        ("1;31;44", "31;44", "\x1b[0;31;44m"),
        ("31;44", "31", "\x1b[0;31m"),
        ("38;2;1;2;3;48;5;17", "38;2;1;2;4;48;5;17", "\x1b[38;2;1;2;4m"),
        ("91;104", "97;104", "\x1b[97m"),
        ("7;9", "4;7;9", "\x1b[4m"),
    ],
)
def test_the_shortest_change_of_a_pen(before: str | None, now: str, codes: str) -> None:
    assert change_of(before, now, few_colors=False) == codes
