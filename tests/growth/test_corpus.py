from collections.abc import Callable, Iterator

import pytest

from stresstui.core.growth import Kind, replay
from tests.growth import backgrounds, corpus, holdout
from tests.growth.corpus import Trace
from tests.growth.scorer import Called, Points, oracle_t, score

SEEDS = range(40, 41)
DURATIONS = (600.0, 1800.0)
SHORT_RECALL = 0.87
"""In the two shortest runs, where an alarm often comes too late: all five lengths together reach 0.92."""
Family = Callable[[range, tuple[float, ...]], Iterator[Trace]]


def detector(points: Points, kind: Kind) -> Called:
    found = replay(points, kind)
    return Called(found.leak, found.alarms)


@pytest.mark.parametrize("family", [corpus.tuning, holdout.holdout], ids=["tuning", "holdout"])
def test_the_detector_keeps_its_score(family: Family) -> None:
    found = score(family(SEEDS, DURATIONS), detector)
    assert found.clean >= 50
    assert found.leaks >= 80
    assert found.f1 >= 0.95
    assert found.false_positive_rate <= 0.02
    assert found.live_recall >= SHORT_RECALL
    assert found.alarmed_clean_rate <= 0.03
    assert found.delay <= 2.0


def test_the_scorer_sees_a_rule_that_always_and_one_that_never_calls() -> None:
    always = score(corpus.tuning(SEEDS, (600.0,)), lambda points, _: Called(True, [(points[0][0], None)]))
    never = score(corpus.tuning(SEEDS, (600.0,)), lambda _, __: Called(False, []))
    assert (always.false_positive_rate, always.alarmed_clean_rate, always.live_recall) == (1, 1, 1)
    assert (never.f1, never.live_recall, never.false_positive_rate) == (0, 0, 0)
    assert always.f1 < 0.8


def test_the_oracle_knows_the_onset_but_not_the_future() -> None:
    trace = corpus.leaking(Kind.RSS, backgrounds.humming, corpus.late, 1800.0, 3, 5.0)
    found = oracle_t(trace)
    assert found is not None
    assert trace.onset + 60 <= found < 1800


def test_traces_are_seeded_and_differ() -> None:
    one = corpus.clean(Kind.RSS, backgrounds.noisy, 600.0, 1)
    assert one == corpus.clean(Kind.RSS, backgrounds.noisy, 600.0, 1)
    assert one.points != corpus.clean(Kind.RSS, backgrounds.noisy, 600.0, 2).points
    assert all(a[0] <= b[0] for a, b in zip(one.points, one.points[1:], strict=False))
