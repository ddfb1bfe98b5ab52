from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.growth import GrowthDetector, Kind, State, replay
from stresstui.core.growth.hold_time import Patience
from stresstui.core.growth.tuning import TUNING

MB, HOUR, DAY = 1e6, 3600.0, 86400.0
FINE = TUNING.coarse_bins


def ramp(full: float, part: float, seconds: float) -> list[tuple[float, float]]:
    """100 MB that grow by `part` until `full` seconds, and hold then."""
    return [(float(t), 100 * MB * (1 + part * min(1.0, t / full))) for t in range(0, int(seconds), 10)]


def starting(planned: float, *, outgrown: bool = False) -> float:
    """Return how much of a plan does not count."""
    if outgrown:
        return planned * TUNING.outgrown_start_part
    return min(planned * TUNING.start_part, planned * TUNING.long_start_part + TUNING.start_s)


def test_a_quarter_of_an_hour_and_a_sixth_of_a_day_do_not_count() -> None:
    assert starting(HOUR) == TUNING.start_part * HOUR
    assert 3.5 * HOUR < starting(DAY) < 4.5 * HOUR
    for plan in (HOUR, DAY):
        counted = [Patience(plan).counts(starting(plan) + more, outgrown=False) for more in (-1.0, 1.0)]
        assert counted == [False, True]


def test_a_rise_after_a_calm_is_none_of_a_start() -> None:
    patience = Patience(DAY)
    assert not patience.counts(2 * HOUR, outgrown=False, late=True)
    assert patience.counts(3 * HOUR, outgrown=False, late=True)
    assert not patience.counts(3 * HOUR, outgrown=False)
    assert not patience.counts(2 * HOUR, outgrown=True, late=True)


@pytest.mark.parametrize(
    ("plan", "active", "times"),
    [
        (None, 0.0, 1.0),
        (None, 600.0, 4.0),
        (None, 1800.0, 2.0),
        (1800.0, 600.0, 4.0),
        (HOUR, 600.0, 2.0),
        (DAY, HOUR, 1.0),
    ],
)
def test_memory_may_settle_by_more_where_no_start_is_kept_back(plan: float | None, active: float, times: float) -> None:
    assert Patience(plan).settling(active) == times


@pytest.mark.parametrize(
    ("plan", "great", "young"),
    [(None, True, 270.0), (300.0, False, 330.0), (300.0, True, 180.0), (600.0, False, 240.0), (DAY, True, 180.0)],
)
def test_what_is_told_the_plan_is_young_for_less(plan: float | None, young: float, *, great: bool) -> None:
    assert Patience(plan).young_s(great=great) == young


@pytest.mark.parametrize(
    ("kind", "plan", "young"), [(Kind.RSS, 599.0, 330.0), (Kind.RSS, 600.0, 180.0), (Kind.FDS, 599.0, 180.0)]
)
def test_in_a_test_of_minutes_memory_that_only_fills_is_young_for_longer(kind: Kind, plan: float, young: float) -> None:
    assert Patience(plan).with_kind(kind).young_s(great=True) == young


@pytest.mark.parametrize(
    ("plan", "seconds", "every"),
    [(None, 0.0, 60.0), (DAY, 0.0, 20.0), (600.0, 599.0, 20.0), (DAY, 1199.0, 20.0), (DAY, 1200.0, 60.0)],
)
def test_the_start_of_a_plan_is_looked_at_more_often(plan: float | None, seconds: float, every: float) -> None:
    assert Patience(plan).every_s(seconds) == every


@pytest.mark.parametrize(
    ("planned", "active", "bins", "needed"),
    [
        (None, 60.0, FINE, TUNING.hold_s),
        (None, HOUR, FINE, TUNING.hold_part * HOUR),
        (None, HOUR, FINE - 1, TUNING.coarse_part * HOUR),
        (600.0, 300.0, FINE, TUNING.planned_hold_s),
        (DAY, 2 * HOUR, FINE, TUNING.planned_part * DAY),
        (DAY, 20 * HOUR, FINE, TUNING.planned_hold_part * 20 * HOUR),
        (DAY, 3 * HOUR, FINE - 1, TUNING.planned_coarse_part * 3 * HOUR),
    ],
)
def test_how_long_a_rise_has_to_last(planned: float | None, active: float, bins: int, needed: float) -> None:
    assert Patience(planned).needed(active, bins, outgrown=False) == pytest.approx(needed)


@pytest.mark.parametrize(
    ("kind", "young", "old"),
    [
        (Kind.RSS, TUNING.hold_s, TUNING.hold_part),
        (Kind.GAUGE_DOWN, TUNING.hold_s, TUNING.hold_part),
        (Kind.THROUGHPUT, TUNING.steadier_hold_s, TUNING.hold_part),
        (Kind.FDS, TUNING.hold_s, TUNING.counted_hold_part),
        (Kind.SOCKETS, TUNING.hold_s, TUNING.counted_hold_part),
    ],
)
def test_some_kinds_are_steadier(kind: Kind, young: float, old: float) -> None:
    patience = Patience().with_kind(kind)
    assert patience.needed(60.0, FINE, outgrown=True) == young
    assert patience.needed(HOUR, FINE, outgrown=True) == old * HOUR


def test_the_time_in_which_a_program_settles_does_not_count() -> None:
    patience = Patience(600.0, 400.0, DAY)
    assert [patience.counts(t, outgrown=False) for t in (399.0, 400.0)] == [False, True]
    assert patience.counts(13.0, outgrown=True)
    assert patience.outgrown(1.01 * TUNING.outgrown / DAY, 1.0)
    assert not Patience(600.0).outgrown(1.01 * TUNING.outgrown / DAY, 1.0)


def test_what_is_outgrown_waits_no_longer_than_without_a_plan() -> None:
    planned, bare = Patience(DAY), Patience()
    assert planned.needed(HOUR, FINE, outgrown=True) == bare.needed(HOUR, FINE, outgrown=False)
    assert planned.outgrown(1.01 * TUNING.outgrown * 5 / DAY, 5.0)
    assert not planned.outgrown(0.99 * TUNING.outgrown * 5 / DAY, 5.0)


@pytest.mark.parametrize(
    ("kind", "level", "a_day", "outgrown"),
    [
        (Kind.FDS, 16.0, 3900.0, False),  # twelve more in an hour are none that no box survives, though 16 are few
        (Kind.FDS, 16.0, 4100.0, True),
        (Kind.FDS, 1000.0, 14000.0, False),
        (Kind.RSS, 10 * MB, 900 * MB, False),
        (Kind.RSS, 10 * MB, 1100 * MB, True),
        (Kind.RSS, 100 * MB, 1400 * MB, False),
    ],
)
def test_growth_of_a_small_program_has_to_be_ruinous(kind: Kind, level: float, a_day: float, *, outgrown: bool) -> None:
    assert Patience(DAY).with_kind(kind).outgrown(a_day / DAY, level) is outgrown


def test_few_steps_at_the_start_of_hours_wait_longer() -> None:
    patience = Patience(DAY)
    part = TUNING.steps_start_part * DAY
    assert [patience.counts(t, outgrown=False, steps=True) for t in (part - 1, part + 1)] == [False, True]
    assert patience.counts(part - 1, outgrown=False)
    assert patience.counts(2 * TUNING.outgrown_start_part * DAY, outgrown=True, steps=True)
    assert patience.counts(3 * HOUR, outgrown=False, late=True, steps=True)
    assert Patience(HOUR).counts(starting(HOUR) + 1, outgrown=False, steps=True)


@given(
    planned=st.none() | st.floats(60, 10 * DAY),
    active=st.floats(1, DAY),
    lasted=st.floats(0, DAY),
    bins=st.integers(8, 256),
    weight=st.floats(0.6, 1.5),
    outgrown=st.booleans(),
)
def test_after_what_is_left_the_rise_has_lasted(  # what hypothesis draws
    planned: float | None, active: float, lasted: float, bins: int, weight: float, *, outgrown: bool
) -> None:
    patience = Patience(planned)
    left = patience.left(active, lasted, bins, weight, outgrown=outgrown)
    assert left >= 0
    assert active + left >= (1 - 1e-9) * starting(planned or 0.0, outgrown=outgrown)
    assert lasted + weight * left >= patience.needed(active + left, bins, outgrown=outgrown) - 1e-6 * (active + left)


def test_a_slow_start_of_a_day_is_pending_and_never_called() -> None:
    start = ramp(HOUR, 0.3, 4 * HOUR)
    assert replay(start, Kind.RSS).alarms
    assert not replay(start, Kind.RSS, DAY).alarms
    detector = GrowthDetector(Kind.RSS, Patience(DAY))
    for t, value in start[: len(start) // 5]:
        detector.add(t, value)
    judgement = detector.evaluate()
    assert judgement.state is State.GROWING
    assert judgement.settles_in_s is not None
    assert judgement.active_s + judgement.settles_in_s >= starting(DAY)


def test_a_leak_that_no_box_survives_is_called_soon_whatever_was_planned() -> None:
    first = replay(ramp(DAY, 2 * TUNING.outgrown, HOUR), Kind.RSS, DAY).first_alarm_t
    assert first is not None
    assert TUNING.outgrown_start_part * DAY < first < 2 * TUNING.outgrown_start_part * DAY


@pytest.mark.parametrize(("part", "even"), [(2.0, False), (0.8, True)])
def test_a_leak_of_a_day_is_called_after_its_start_and_an_even_one_sooner(part: float, *, even: bool) -> None:
    found = replay(ramp(DAY, part, 6 * HOUR), Kind.RSS, DAY)
    assert found.first_alarm_t is not None
    start = TUNING.even_start_part * DAY if even else starting(DAY)
    assert start < found.first_alarm_t < start + HOUR
    assert found.leak


def test_evidence_is_gathered_while_a_start_is_waited_for() -> None:
    assert Patience(DAY).left(HOUR, 0.0, FINE, outgrown=False) == starting(DAY) - HOUR


@pytest.mark.parametrize(("part", "before"), [(0.0070, None), (0.0037, 2.0)])
def test_in_the_first_hour_memory_that_settles_is_told_from_a_leak_by_half_as_much_again(
    part: float, before: float | None
) -> None:
    """Of 400 MB, so much in an hour: .5 % matters, .75 % would after two hours of the slower one."""
    rising = [(float(t), 400 * MB * (1 + part * t / HOUR)) for t in range(0, int(HOUR * (before or 1.0)), 5)]
    called = replay(rising, Kind.RSS).first_alarm_t
    assert called is None if before is None else called is not None and called > HOUR


def test_what_has_not_risen_far_enough_in_the_first_hour_says_how_long_it_takes() -> None:
    detector = GrowthDetector(Kind.RSS)
    for t in range(0, 50 * 60, 5):
        detector.add(t, 400 * MB * (1 + 0.0070 * t / HOUR))
        if t % 60 == 0:
            detector.evaluate()
    judgement = detector.evaluate()
    assert judgement.state is State.GROWING
    assert judgement.settles_in_s == pytest.approx(0.32 * HOUR, rel=0.2)  # its hold alone would take .17 of one


def test_what_rises_in_a_start_is_called_at_once_when_that_is_over() -> None:
    """It has lasted meanwhile."""
    called = replay(ramp(DAY, 2.0, 6 * HOUR), Kind.RSS, DAY).first_alarm_t
    assert called is not None
    assert starting(DAY) < called <= starting(DAY) + TUNING.every_s


@pytest.mark.parametrize(
    ("counts", "part", "levels"),
    [
        (Patience.counts_even, TUNING.even_start_part, TUNING.even_levels),
        (Patience.counts_slight, TUNING.slight_start_part, TUNING.slight_levels),
    ],
    ids=["even", "slight"],
)
def test_what_adds_little_by_the_end_of_the_plan_counts_sooner_but_not_before_the_program_has_settled(
    counts: Callable[[Patience, float, float, float], bool], part: float, levels: float
) -> None:
    pace = 0.99 * levels * 100 / DAY
    assert [counts(Patience(DAY), part * DAY + more, pace, 100.0) for more in (-1, 1)] == [False, True]
    assert [counts(Patience(600.0, 400.0, DAY), t, pace, 100.0) for t in (399.0, 400.0)] == [False, True]
    assert not counts(Patience(DAY), DAY, 1.02 * pace, 100.0)


def test_a_straight_rise_gathers_evidence_faster_than_time() -> None:
    called = replay(ramp(HOUR, 2.0, HOUR), Kind.RSS, HOUR).first_alarm_t
    assert called is not None
    assert starting(HOUR) < called < starting(HOUR) + Patience(HOUR).needed(called, FINE, outgrown=False)


@pytest.mark.parametrize("level", [0.001, 50 * MB])
def test_throughput_that_falls_waits_for_the_plan_too(level: float) -> None:
    falling = [(float(t), level * (1 - 0.6 * min(1.0, t / HOUR))) for t in range(0, int(4 * HOUR), 10)]
    assert replay(falling, Kind.THROUGHPUT).alarms
    assert not replay(falling, Kind.THROUGHPUT, DAY).alarms
