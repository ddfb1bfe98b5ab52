"""The word beside a criterion: how far it is from its limit, or when that will be known."""

from stresstui.core.model.event import Phase
from stresstui.core.model.sample import HostSample
from stresstui.core.model.scenario import MetricSpec
from stresstui.core.run.state import RunState
from stresstui.tui.draw.criterion import say_margin
from tests.core.story import Story


def busy(rule: str) -> RunState:
    """A soak in which others keep the host busy from its first second on."""
    story, waited = Story(rule, duration=100.0).phase(Phase.WARM_UP), 0.0
    for second in range(40):
        if second == 10:
            story.phase(Phase.SOAK)
        waited += 0.9
        story.sample(host=HostSample(cpu_stall_s=waited), cpu_s=lambda t: 0.2 * t)
        story.t += 1.0
    return story.state()


def test_a_value_that_a_busy_host_bent_is_unsettled_and_one_that_never_came_is_no_data() -> None:
    state = busy("mean(cpu) < 80%")
    assert state.criteria[0].value is not None
    assert say_margin(state.criteria[0], state) == "unsettled"
    nothing = Story("max(own) < 1", metrics={"own": MetricSpec()}).warm().soak(20).state()
    assert say_margin(nothing.criteria[0], nothing) == "no data"
