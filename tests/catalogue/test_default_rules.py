"""What a bare command is judged by, on what real programs and leaks do."""

from itertools import chain, repeat

import pytest

from stresstui import catalogue
from stresstui.core.criteria.state import CriterionState
from stresstui.core.model.event import Phase
from tests.core.story import Story

WAVE = (
    (25, 506), (1, 536), (1, 549), (19, 537), (9, 540), (1, 572), (1, 535), (2, 528), (26, 500),
    (1, 532), (1, 543), (20, 530), (1, 538), (7, 532), (1, 566), (1, 573), (8, 564), (1, 571),
    (15, 560), (1, 566), (3, 560), (1, 545), (1, 550), (27, 529), (1, 567), (3, 532), (11, 514),
    (15, 510), (1, 542), (1, 549), (28, 540), (2, 540), (17, 531), (11, 528), (1, 560), (1, 534),
    (28, 512), (1, 543), (1, 550), (21, 544), (9, 538), (2, 521), (26, 519), (1, 551), (2, 524),
    (24, 514),
)  # fmt: skip
"""Seconds and descriptors of a clean run of the lab's REALITY: visitors come, and linger."""


def racing(values: list[int]) -> CriterionState:
    rule = next(spec.rule for spec in catalogue.default_scenario().criteria if spec.id == "fds_not_racing")
    story = Story(rule, warm_up=2.0, duration=1200.0).warm().phase(Phase.SOAK)
    for value in values:
        story.run(1, fds=value)
    return story.criterion()


def test_descriptors_that_come_in_waves_do_not_race_up() -> None:
    assert racing(list(chain.from_iterable(repeat(count, seconds) for seconds, count in WAVE))).breaches == []


@pytest.mark.parametrize(("rate", "within"), [(0.5, 150), (4.0, 120)])
def test_descriptors_that_race_up_are_told_within_minutes(rate: float, within: int) -> None:
    calm = 100
    found = racing([500] * calm + [int(500 + rate * second) for second in range(200)])
    assert len(found.breaches) == 1
    assert found.breaches[0].ended is None
    assert found.breaches[0].began - 2 + 90 < calm + within
