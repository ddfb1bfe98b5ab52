import pytest

from stresstui.engine.output.number import NumberReader


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["12", "-3", ".5", "5.", "1e3"], [12, -3, 0.5, 5, 1000]),
        (["1,234", "12,345", "999,999"], [1234, 12_345, 999_999]),
        (["1,234,567", "1,234.5", "12,34,567"], [1_234_567, 1234.5, 1_234_567]),
        (["12,5", "0,500", "1234,567", "-0,25", "1,2345"], [12.5, 0.5, 1234.567, -0.25, 1.2345]),
        (["0,998", "1,234", "12,345"], [0.998, 1.234, 12.345]),
        (["1.234,5", "1.234.567", "1.234"], [1234.5, 1_234_567, 1.234]),
        (["1'234'567", "1 234 567,5", "1_234", "1\u202f234"], [1_234_567, 1_234_567.5, 1234, 1234]),
        (["yes", "False", " 7 "], [1, 0, 7]),
    ],
)
def test_numbers_as_programs_print_them(texts: list[str], values: list[float]) -> None:
    reader = NumberReader()
    assert [reader.read(text) for text in texts] == values


@pytest.mark.parametrize("text", ["", "many", "1,23,4", "1.2.3", "nan", "inf", "1e999", "12,", ",", "1 2", "0x10"])
def test_what_is_no_number(text: str) -> None:
    assert NumberReader().read(text) is None
