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
        (["yes", "False", " 7 ", "\u22125"], [1, 0, 7, -5]),
    ],
)
def test_numbers_as_programs_print_them(texts: list[str], values: list[float]) -> None:
    reader = NumberReader()
    assert [reader.read(text) for text in texts] == values


@pytest.mark.parametrize(
    "text", ["", "many", "1,23,4", "1.2.3", "nan", "inf", "1e999", "1e41", "-1e308", "12,", ",", "1 2", "0x10"]
)
def test_what_is_no_number(text: str) -> None:
    assert NumberReader().read(text) is None


@pytest.mark.parametrize(
    ("unit", "texts", "values"),
    [
        (
            "bytes",
            ["4.2 MB", "1 KiB", "12B", "1,234.5 kB", "512 bytes", "8 Mbit", "1.5e3 B", "2 MBytes"],
            [4.2e6, 1024, 12, 1_234_500, 512, 1e6, 1500, 2 << 20],
        ),
        (
            "bytes/s",
            ["4.2 MB/s", "10 MiB/s", "800 Mbps", "8kbit/s", "3MBps", "1 GBytes/sec"],
            [4.2e6, 10 << 20, 1e8, 1000, 3e6, 1 << 30],
        ),
        ("ms", ["12ms", "1.5 s", "250us", "3 \u00b5s", "1m2s", "2h 3m"], [12, 1500, 0.25, 0.003, 62_000, 7_380_000]),
        ("s", ["12ms", "1.5s", "2 min", "1h30m"], [0.012, 1.5, 120, 5400]),
        ("%", ["85%", "12.5 %", "3"], [85, 12.5, 3]),
        ("count", ["3.2k", "1 M", "7"], [3200, 1e6, 7]),
        ("count/s", ["120/s", "3k/s", "12 per second"], [120, 3000, 12]),
    ],
)
def test_a_unit_behind_a_number_becomes_the_metrics_own(unit: str, texts: list[str], values: list[float]) -> None:
    reader = NumberReader(unit)
    assert [reader.read(text) for text in texts] == [pytest.approx(value) for value in values]


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("count", "12 MB"), ("count", "4 ms"), ("count", "4%"), ("bytes", "512M"), ("bytes", "3k"), ("bytes", "4 MB/s"),
        ("bytes/s", "4 MB"), ("bytes/s", "4 mB/s"), ("ms", "4 MB"), ("ms", "12 apples"), ("s", "1 ms ms"), ("%", "4 s"),
        ("bytes", "8 Mb"), ("bytes", "MB"), ("", "4 MB"),
    ],
)  # fmt: skip
def test_another_unit_is_not_taken_for_the_metrics(unit: str, text: str) -> None:
    assert NumberReader(unit).read(text) is None
