"""What a look cost: the numbers during it against those before."""

from stresstui.core.run.fold import RunState
from stresstui.investigate.cost import cost_of
from tests.core.story import Story


def test_the_numbers_during_a_look_are_held_against_those_before() -> None:
    story = Story("max(fds) < 100").warm()
    story.soak(20, report=lambda t: {"latency_ms_p99": 4.0 if t < 20 else 8.0})
    said = cost_of(story.state(), 20.0, 30.0)
    assert any("4.00 ms -> 8.00 ms (+100 %)" in line for line in said), said


def test_of_what_nothing_is_known_nothing_is_said() -> None:
    assert cost_of(RunState(), 1.0, 2.0) == []
