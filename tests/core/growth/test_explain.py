"""How a slope is said."""

import pytest

from stresstui.core.growth.explain import amount
from stresstui.core.growth.kind import Kind


@pytest.mark.parametrize(
    ("kind", "unit", "per_hour", "said"),
    [
        (Kind.RSS, "bytes", 404 * 1024.0, "+404 KiB/h"),
        (Kind.RSS, "", -3.5 * 2**30, "-3.5 GiB/h"),
        (Kind.RSS, "", 5000.0 * 2**30, "+5,000 GiB/h"),
        (Kind.THROUGHPUT, "bytes/s", -1_036_000.0, "-1.04 MB/s/h"),
        (Kind.THROUGHPUT, "", 74_900.0, "+74.9 kB/s/h"),
        (Kind.FDS, "count", 7243.2, "+7,243/h"),
        (Kind.GAUGE_UP, "%", 3.13, "+3.13%/h"),
        (Kind.GAUGE_UP, "ms", -3.52, "-3.52 ms/h"),
        (Kind.GAUGE_UP, "bytes", 2048.0, "+2 KiB/h"),
        (Kind.BYTES_DOWN, "", -2048.0, "-2 KiB/h"),
        (Kind.GAUGE_DOWN, "bytes/s", -1500.0, "-1.5 kB/s/h"),
        (Kind.GAUGE_UP, "", 0.000012, "+0.000012/h"),
    ],
)
def test_a_slope_has_the_unit_of_its_metric(kind: Kind, unit: str, per_hour: float, said: str) -> None:
    assert amount(kind, per_hour, unit) == said
