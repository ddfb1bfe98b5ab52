import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.core.growth import GrowthDetector, Kind, State, replay

MB = 1e6
STEP = 5.0
COUNT = 360
CALM = settings(max_examples=15, deadline=None, database=None, derandomize=True)
Points = list[tuple[float, float]]
seeds = st.integers(0, 2**31)


def trace(seed: int, lost: float, level: float = 200 * MB) -> Points:
    """Half an hour of white noise of 1 % around a level, with `lost` of it gained evenly by the end."""
    chance = random.Random(seed)
    return [(i * STEP, level * (1 + lost * i / COUNT + chance.gauss(0, 0.01))) for i in range(COUNT)]


@CALM
@given(seed=seeds, leaks=st.booleans())
def test_sampling_jitter_does_not_change_the_verdict(seed: int, leaks: bool) -> None:  # noqa: FBT001  # drawn
    points = trace(seed, 0.2 * leaks)
    chance = random.Random(seed + 1)
    jittered = [(t + chance.uniform(-0.45, 0.45) * STEP, value) for t, value in points]
    assert replay(points, Kind.RSS).leak is leaks
    assert replay(jittered, Kind.RSS).leak is leaks


@CALM
@given(seed=seeds, lost=st.floats(-0.2, 0.2), factor=st.floats(1e-3, 1e3))
def test_scaling_values_scales_slopes(seed: int, lost: float, factor: float) -> None:
    one = replay(trace(seed, lost), Kind.GAUGE_UP)
    other = replay([(t, value * factor) for t, value in trace(seed, lost)], Kind.GAUGE_UP)
    assert (other.state, other.alarms, other.evals) == (one.state, one.alarms, one.evals)
    assert one.slope_per_hour is not None
    assert one.ci is not None
    assert one.resolvable_per_hour is not None
    assert other.slope_per_hour == pytest.approx(one.slope_per_hour * factor, rel=1e-6)
    assert other.ci == pytest.approx((one.ci[0] * factor, one.ci[1] * factor), rel=1e-6)
    assert other.resolvable_per_hour == pytest.approx(one.resolvable_per_hour * factor, rel=1e-6)


@CALM
@given(seed=seeds, lost=st.floats(-0.2, 0.2), shift=st.integers(-(10**9), 10**9))
def test_it_does_not_matter_when_it_was(seed: int, lost: float, shift: int) -> None:
    one = replay(trace(seed, lost), Kind.RSS)
    other = replay([(t + shift, value) for t, value in trace(seed, lost)], Kind.RSS)
    assert other.alarms == [(on + shift, off and off + shift) for on, off in one.alarms]
    assert (other.state, other.slope_per_hour, other.evals) == (one.state, one.slope_per_hour, one.evals)


@CALM
@given(seed=seeds, lost=st.floats(0.05, 2))
def test_a_reversed_leak_is_not_a_leak(seed: int, lost: float) -> None:
    values = [value for _, value in trace(seed, lost)]
    found = replay([(i * STEP, value) for i, value in enumerate(reversed(values))], Kind.RSS)
    assert not found.leak
    assert not found.alarms


@CALM
@given(seed=seeds, lost=st.floats(-0.3, 0.3))
def test_falling_is_the_mirror_of_growing(seed: int, lost: float) -> None:
    up = replay(trace(seed, lost), Kind.GAUGE_UP)
    down = replay([(t, -value) for t, value in trace(seed, lost)], Kind.GAUGE_DOWN)
    assert (down.state, down.alarms, down.leak) == (up.state, up.alarms, up.leak)
    assert up.slope_per_hour is not None
    assert down.slope_per_hour == pytest.approx(-up.slope_per_hour)


@CALM
@given(seed=seeds, change=st.floats(0.1, 0.4), rises=st.booleans())
def test_throughput_degrades_only_downwards(seed: int, change: float, rises: bool) -> None:  # noqa: FBT001  # drawn
    found = replay(trace(seed, change if rises else -change), Kind.THROUGHPUT)
    assert found.leak is not rises
    assert bool(found.alarms) is not rises


@CALM
@given(seed=seeds, lost=st.floats(0, 100), kind=st.sampled_from(Kind), count=st.integers(0, 20))
def test_too_short_is_never_a_leak_and_never_steady(seed: int, lost: float, kind: Kind, count: int) -> None:
    found = replay(trace(seed, lost)[:count], kind)
    assert found.state is State.UNDECIDED
    assert not found.leak


@CALM
@given(seed=seeds, lost=st.floats(0, 0.3), pause=st.floats(600, 1e6), at=st.integers(60, 300))
def test_a_pause_is_not_time(seed: int, lost: float, pause: float, at: int) -> None:
    points = trace(seed, lost)
    paused = [(t + pause * (i >= at), value) for i, (t, value) in enumerate(points)]
    one, other = replay(points, Kind.RSS), replay(paused, Kind.RSS)
    assert one.slope_per_hour is not None
    assert one.ci is not None
    assert other.slope_per_hour == pytest.approx(one.slope_per_hour, abs=one.ci[1] - one.ci[0] + 2 * MB)


@CALM
@given(seed=seeds, lost=st.floats(0, 0.3))
def test_a_detector_fed_by_hand_agrees_with_the_replay(seed: int, lost: float) -> None:
    points = trace(seed, lost)
    detector, due = GrowthDetector(Kind.RSS), 60.0
    for t, value in points:
        detector.add(t, value)
        if t >= due:
            detector.evaluate()
            due += 60
    judgement, found = detector.evaluate(), replay(points, Kind.RSS)
    assert (judgement.state, judgement.slope_per_hour, judgement.leak) == (
        found.state,
        found.slope_per_hour,
        found.leak,
    )
