import pytest

from stresstui.core.text.expression import Expression, ExpressionError


def test_nested_repetition_is_linear() -> None:
    assert not Expression(r"^worker (a+)+$").is_in(b"worker " + b"a" * 60_000 + b"!")


def test_the_group_named_value_wins_over_the_first() -> None:
    assert Expression(r"(\d+) of (?P<value>\d+)").extract(b"1 of 2") == "2"
    assert Expression(r"(\d+) of (\d+)").extract(b"1 of 2") == "1"


@pytest.mark.parametrize(
    ("text", "place"),
    [(r"a(?=b)", "sign 2"), (r"(a)\1", "sign 4"), (r"ab++", "sign 3"), ("a{2000}", "sign 2"), ("(", "no regular")],
)
def test_what_cannot_be_matched_so_is_refused_with_its_place(text: str, place: str) -> None:
    with pytest.raises(ExpressionError, match=place):
        Expression(text)
