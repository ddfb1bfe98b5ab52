"""Who told of the same end: the count is that of whoever told most of them."""

import pytest

from stresstui.core.derive.tellers import Tellers


@pytest.mark.parametrize(
    ("told", "news"),
    [
        ("a", 1), ("aa", 2), ("ab", 1), ("ba", 1), ("aabb", 2), ("abab", 2), ("abb", 2), ("abc", 1), ("aabbb", 3),
    ],
)  # fmt: skip
def test_what_several_tell_is_as_much_as_one_of_them_tells(told: str, news: int) -> None:
    tellers = Tellers()
    assert sum(tellers.is_news(float(t), who, 3.0) for t, who in enumerate(told)) == news


def test_what_is_told_later_is_another_thing() -> None:
    tellers = Tellers()
    assert [tellers.is_news(t, who, 3.0) for t, who in ((0.0, "a"), (3.5, "b"), (4.0, "a"))] == [True, True, False]
