"""What a vital shows of the criteria that read it."""

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.scenario import MetricSpec
from stresstui.core.run.fold import fold
from stresstui.tui.draw.figures import figure
from tests.core.story import Story

RULES = ("max(fds) < 900", "growth(fds) < 1/h", "settles(fds)")


@pytest.mark.parametrize("failed", RULES)
def test_of_several_criteria_the_failed_one_is_named_where_there_is_room_for_one(failed: str) -> None:
    run = fold(Story(*RULES).warm().soak(5).events)
    shown = figure(run, "fds")
    assert shown.nearest is not None
    assert shown.nearest.spec.rule == "max(fds) < 900", "its threshold is drawn"
    bad = next(criterion for criterion in run.criteria if criterion.spec.rule == failed)
    bad.verdict = Verdict.FAILED
    assert figure(run, "fds").nearest is bad


def test_what_a_unit_of_work_may_add_is_no_level_to_draw() -> None:
    metrics = {"connections_total": MetricSpec()}
    run = fold(Story("growth(fds, per=connections_total) < 30", metrics=metrics).warm().soak(5).events)
    assert figure(run, "fds").limit is None
    assert figure(run, "fds").criteria
