import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.model.units import (
    UnitError,
    deciding_digits,
    first_digits,
    format_clock,
    format_duration,
    format_value,
    parse_duration,
    parse_quantity,
    signed,
    three_digits,
)


@pytest.mark.parametrize(
    ("text", "value", "dimension", "shown"),
    [
        ("512MiB", 512 * 2**20, "bytes", "512 MiB"),
        ("50MB/s", 50e6, "bytes/s", "50 MB/s"),
        ("1MiB/h", 2**20 / 3600, "bytes/s", "1 MiB/h"),
        ("80%", 80.0, "%", "80%"),
        (" 80 % ", 80.0, "%", "80%"),
        ("100/s", 100.0, "count/s", "100/s"),
        ("1/h", 1 / 3600, "count/s", "1/h"),
        ("60/min", 1.0, "count/s", "60/min"),
        ("30s", 30.0, "s", "30 s"),
        ("20ms", 0.02, "s", "20 ms"),
        ("-1.5KiB", -1536.0, "bytes", "-1.5 KiB"),
        (".5GB", 5e8, "bytes", "0.5 GB"),
        ("1e3", 1000.0, "count", "1000"),
        ("0", 0.0, "count", "0"),
        ("1%/d", 1 / 86400, "%/s", "1%/d"),
    ],
)
def test_quantities(text: str, value: float, dimension: str, shown: str) -> None:
    found = parse_quantity(text)
    assert found.value == pytest.approx(value)
    assert (found.dimension, str(found)) == (dimension, shown)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a quantity; write a number and a unit, such as 512MiB, 80%, 100/s or 30s"),
        ("fast", "'fast' is not a quantity; write a number and a unit, such as 512MiB, 80%, 100/s or 30s"),
        ("1 2", "'1 2' is not a quantity; write a number and a unit, such as 512MiB, 80%, 100/s or 30s"),
        ("٣MB", "'٣MB' is not a quantity; write a number and a unit, such as 512MiB, 80%, 100/s or 30s"),
        ("1e41", "'1e41' is more than any value can be; write a smaller number"),
        ("1MB/w", "'1MB/w': unknown time unit '/w'; write /s, /min, /h or /d"),
        (
            "1xb",
            "'1xb': unknown unit 'xb'; known are B, kB, KB, MB, GB, TB, KiB, MiB, GiB, TiB, %, us, ms, s, m, min, h, d",
        ),
        ("1mb", "'1mb': unknown unit 'mb'; write 1MB"),
        ("512M", "'512M': unknown unit 'M'; write 512MiB"),
        ("2 Gi", "'2 Gi': unknown unit 'Gi'; write 2GiB"),
        ("100 Mbit/s", "'100 Mbit/s': unknown unit 'Mbit'; write 12.5MB/s"),
        ("8kbps", "'8kbps': unknown unit 'kbps'; write 1kB/s"),
        ("1Gbps/s", "'1Gbps/s': unknown unit 'Gbps'; write 0.125GB/s"),
        ("80 percent", "'80 percent': unknown unit 'percent'; write 80%"),
        ("5 sec", "'5 sec': unknown unit 'sec'; write 5s"),
        ("10/day", "'10/day': unknown time unit '/day'; write 10/d"),
        ("1MiB/hour", "'1MiB/hour': unknown time unit '/hour'; write 1MiB/h"),
        ("1mb/minute", "'1mb/minute': unknown unit 'mb'; write 1MB/min"),
    ],
)
def test_what_is_no_quantity(text: str, message: str) -> None:
    with pytest.raises(UnitError, match=f"^{re.escape(message)}$"):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("24h", 86400), ("1h30m", 5400), ("90s", 90), ("500ms", 0.5), ("1d", 86400), ("2min", 120), ("1h 1s", 3601)],
)
def test_durations(text: str, seconds: float) -> None:
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "10", "h", "10x", "1h30", "-5s", "5s!"])
def test_what_is_no_duration(text: str) -> None:
    message = f"'{text}' is not a duration; write one such as 90s, 10m, 24h or 1h30m"
    with pytest.raises(UnitError, match=f"^{re.escape(message)}$"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0s"), (0.5, "0.5s"), (45, "45s"), (60, "1m"), (90, "1m30s"), (3600, "1h"), (5400, "1h30m"),
        (3661, "1h1m"), (86400, "24h"), (86460, "1d1m"), (172800, "2d"), (-5, "-5s"),
    ],
)  # fmt: skip
def test_durations_are_shown_in_two_units(seconds: float, shown: str) -> None:
    assert format_duration(seconds) == shown


@given(st.integers(0, 10**7))
def test_a_shown_duration_is_close_to_what_it_shows(seconds: int) -> None:
    read = parse_duration(format_duration(seconds))
    assert 0 <= seconds - read < max(1, 0.05 * seconds)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (None, "bytes", "-"), (0, "bytes", "0 B"), (1023, "bytes", "1023 B"), (1024, "bytes", "1.00 KiB"),
        (48_339_353, "bytes", "46.1 MiB"), (92_100_000, "bytes/s", "92.1 MB/s"), (84.2, "%", "84.2 %"),
        (28, "count", "28"), (19160, "count", "19,160"), (2.5, "count", "2.50"), (137, "count/s", "137/s"),
        (4.1, "ms", "4.10 ms"), (-2048, "bytes", "-2.00 KiB"), (2**60, "bytes", "1,048,576 TiB"),
        (1024**2 - 1, "bytes", "1.00 MiB"),
    ],
)  # fmt: skip
def test_values_for_people(value: float | None, unit: str, shown: str) -> None:
    assert format_value(value, unit) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "0.00"), (9.99, "9.99"), (9.999, "10.0"), (99.94, "99.9"), (99.96, "100"), (12345, "12,345"), (-5, "-5.00")],
)
def test_three_digits(number: float, shown: str) -> None:
    assert three_digits(number) == shown


@pytest.mark.parametrize(("seconds", "shown"), [(0, "00:00:00"), (3661.9, "01:01:01"), (-3, "00:00:00")])
def test_the_clock(seconds: float, shown: str) -> None:
    assert format_clock(seconds) == shown


@pytest.mark.parametrize(
    ("number", "limit", "plain", "shown"),
    [
        (94.996, 95.0, "95.0", "94.996"), (499.97, 500.0, "500", "499.97"), (1000.4, 1000.0, "1,000", "1,000.4"),
        (95.0, 95.0, "95.0", "95.0"), (94.9, 95.0, "94.9", "94.9"), (0.0004, 0.0, "0.00", "0.0004"),
        (-0.9996, -1.0, "-1.00", "-0.9996"), (float("inf"), 1.0, "inf", "inf"),
    ],
)  # fmt: skip
def test_digits_decide(number: float, limit: float, plain: str, shown: str) -> None:
    assert deciding_digits(number, limit, plain) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (7200.4, "+7,200"),
        (1010.0, "+1,010"),
        (-99.96, "-100"),
        (63.0, "+63"),
        (-0.125, "-0.125"),
        (0.0, "+0"),
        (-0.0, "+0"),
    ],
)
def test_a_change_has_its_sign_and_no_exponent(number: float, shown: str) -> None:
    assert signed(number) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (20500.0, "20,500"),
        (99.96, "100"),
        (9.994, "9.99"),
        (0.1, "0.1"),
        (0.00009, "0.00009"),
        (0.0, "0"),
        (-12.34, "-12.3"),
    ],
)
def test_the_first_digits_of_any_size(number: float, shown: str) -> None:
    assert first_digits(number) == shown
