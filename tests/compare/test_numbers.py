"""What is taken out of a run to be compared."""

from stresstui.compare.numbers import numbers_of
from stresstui.core.model import event as ev
from tests.core.story import Story


def test_what_was_measured_while_somebody_looked_is_left_out() -> None:
    def values(*, told: bool) -> list[float]:
        story = Story("max(fds) < 1000").warm()
        story.soak(20)
        if told:
            story.add(ev.Burdened(story.t, "perf 1", "perf", 5.0))
        story.run(5, fds=500)
        if told:
            story.add(ev.Burdened(story.t, "perf 1", "perf"))
        story.run(20)
        return numbers_of(story.exit(planned=True).end().state()).phases["soak"]["fds"].values

    assert 500.0 in values(told=False)
    assert set(values(told=True)) == {40.0}
