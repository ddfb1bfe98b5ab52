"""A run that is much shorter than its scenario: its program starts as slowly as in the whole one.

``starts/ech_lab.csv.gz`` is the memory of the lab's proxies in a real run without a fault, on a busy machine, from its
beginning on: 1.2 % more in the three quarters of an hour after the first, in steps of the Go collector, slowing down;
then others take all CPUs, and 2 % come together in ten minutes.
"""

import gzip
from pathlib import Path

import pytest

from stresstui.core.growth import GrowthDetector, Judgement, Kind, State
from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.tuning import TUNING

HOUR, DAY = 3600.0, 86400.0
WARM_UP = 900.0
START = Path(__file__).parent / "starts" / "ech_lab.csv.gz"


def recorded() -> list[tuple[float, float]]:
    """Seconds since warm-up ended, bytes."""
    rows = [row.split(",") for row in gzip.decompress(START.read_bytes()).decode().split()[1:]]
    return [(float(t) - WARM_UP, float(rss)) for t, rss in rows if float(t) >= WARM_UP]


def judged(points: list[tuple[float, float]], patience: Patience, kind: Kind = Kind.RSS) -> list[Judgement]:
    """Judge each minute and at the end."""
    detector, found = GrowthDetector(kind, patience), []
    for place, (t, value) in enumerate(points, 1):
        detector.add(t, value)
        if place % 12 == 0:
            found.append(detector.evaluate())
    return [*found, detector.evaluate(over=True)]


@pytest.mark.parametrize("whole", [DAY, 12 * HOUR])
def test_the_end_of_a_start_is_no_leak(whole: float) -> None:
    found = judged(recorded(), Patience(HOUR, WARM_UP, whole))
    assert not any(one.leak for one in found)
    rising = [one for one in found if one.state is State.GROWING]
    assert rising  # it is said, and when it could be called
    start = min(TUNING.start_part * whole, TUNING.long_start_part * whole + TUNING.start_s)
    assert all(one.settles_in_s is not None and one.settles_in_s >= start - one.active_s for one in rising)


def test_a_run_of_its_whole_length_is_judged_by_that() -> None:
    assert any(one.leak for one in judged(recorded(), Patience(HOUR, WARM_UP, HOUR)))


def test_what_grows_by_more_than_the_end_of_a_start_is_a_leak_all_the_same() -> None:
    leaking = [(t, value + 15e6 * t / HOUR) for t, value in recorded()]
    assert judged(leaking, Patience(HOUR, WARM_UP, DAY))[-1].leak


def test_descriptors_are_not_taken_slowly() -> None:
    rising = [(t, 1000 + 20 * t / HOUR) for t, _ in recorded()]
    assert judged(rising, Patience(HOUR, 0.0, DAY), Kind.FDS)[-1].leak


@pytest.mark.parametrize(
    ("planned", "active", "risen", "left"),
    [
        (None, 60.0, 1.0, False),
        (HOUR, 600.0, 3.9, True),
        (HOUR, 600.0, 4.1, False),
        (12 * HOUR, 600.0, 3.9, True),
        (12.1 * HOUR, 600.0, 3.9, False),
        (12 * HOUR, TUNING.long_start_part * DAY + TUNING.start_s, 3.9, False),
    ],
)
def test_how_long_a_rise_may_be_the_end_of_a_start(
    planned: float | None, active: float, risen: float, *, left: bool
) -> None:
    patience = Patience(planned, 0.0, DAY).with_kind(Kind.RSS)
    found = patience.tail_left(active, risen, 100.0)
    assert bool(found) is left
    assert not left or found == TUNING.long_start_part * DAY + TUNING.start_s - active
