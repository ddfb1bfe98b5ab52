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
    assert any(one.state is State.GROWING for one in found)  # it is said


def test_a_run_of_its_whole_length_is_judged_by_that() -> None:
    assert any(one.leak for one in judged(recorded(), Patience(HOUR, WARM_UP, HOUR)))


def test_what_grows_by_more_than_the_end_of_a_start_is_a_leak_all_the_same() -> None:
    leaking = [(t, value + 15e6 * t / HOUR) for t, value in recorded()]
    assert judged(leaking, Patience(HOUR, WARM_UP, DAY))[-1].leak


def test_descriptors_are_not_taken_slowly() -> None:
    rising = [(t, 1000 + 20 * t / HOUR) for t, _ in recorded()]
    assert judged(rising, Patience(HOUR, 0.0, DAY), Kind.FDS)[-1].leak


START_S = TUNING.long_start_part * DAY + TUNING.start_s


@pytest.mark.parametrize(
    ("planned", "active", "risen", "pace", "left"),
    [
        (None, 60.0, 1.0, 0.0, 0.0),
        (HOUR, 600.0, 3.9, 0.0, START_S - 600.0),
        (HOUR, 600.0, 4.1, 0.0, 0.0),
        (HOUR, 600.0, 2.0, 0.01, 200.0),
        (HOUR, 600.0, 2.0, 1e-6, START_S - 600.0),
        (12 * HOUR, 600.0, 3.9, 0.0, START_S - 600.0),
        (12.1 * HOUR, 600.0, 3.9, 0.0, 0.0),
        (12 * HOUR, START_S, 3.9, 0.0, 0.0),
    ],
)
def test_how_long_a_rise_may_be_the_end_of_a_start(
    planned: float | None, active: float, risen: float, pace: float, left: float
) -> None:
    patience = Patience(planned, 0.0, DAY).with_kind(Kind.RSS)
    assert patience.tail_left(active, risen, 100.0, pace) == pytest.approx(left)


def test_when_a_rise_could_be_called_is_said() -> None:
    detector = GrowthDetector(Kind.RSS, Patience(HOUR, 0.0, DAY))
    for second in range(0, 1800, 5):
        detector.add(float(second), 100e6 + 3.6e6 * second / HOUR)
    found = detector.evaluate()
    assert found.state is State.GROWING
    rose, pace = 0.9 * 1.8e6, 1000.0  # from its first tenth to its last; bytes a second
    assert found.settles_in_s == pytest.approx((TUNING.tail_level * 100.9e6 - rose) / pace, rel=0.02)
