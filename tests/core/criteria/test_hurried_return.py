"""What has not come back when its cool-down was cut short."""

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from tests.core.story import Story


def cooled(seconds: float, fds: int, *, exits: bool = True) -> Story:
    """A soak whose cool-down of 10 s lasted that long and ended with so many descriptors."""
    story = Story("settles(fds)", duration=60.0, cool_down=10.0).sample(fds=9).warm(fds=9).soak(50, fds=30)
    if not exits:
        story.add(ev.Exited(story.t, status=0))
    story.phase(Phase.COOL_DOWN).run(int(seconds), fds=fds)
    story.t += seconds - int(seconds)
    return (story.exit(planned=True) if exits else story).end()


@pytest.mark.parametrize(
    ("seconds", "fds", "verdict"),
    [
        (10, 30, Verdict.FAILED),
        (9.5, 30, Verdict.FAILED),  # within what the end of a run takes
        (5, 30, Verdict.INCONCLUSIVE),
        (5, 9, Verdict.PASSED),
    ],
)
def test_less_rest_than_the_scenario_gives_fails_nothing(seconds: float, fds: int, verdict: Verdict) -> None:
    found = cooled(seconds, fds).criterion()
    assert found.verdict is verdict
    assert ("; 5s more of cool-down, as the scenario has it, would settle it" in found.evidence) is (
        verdict is Verdict.INCONCLUSIVE
    )


@pytest.mark.parametrize(("seconds", "verdict"), [(10, Verdict.FAILED), (4, Verdict.INCONCLUSIVE)])
def test_what_a_child_left_behind_has_the_cool_down_after_its_end(seconds: float, verdict: Verdict) -> None:
    assert cooled(seconds, 30, exits=False).criterion().verdict is verdict
