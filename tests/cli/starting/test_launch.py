"""What the supervisor is asked for, from a scenario and the options of the command line."""

import msgspec
import pytest

from stresstui.cli.options import PlanOptions
from stresstui.cli.starting.launch import make_request
from stresstui.core.model.scenario import RunnerKind, Scenario

DAY = 86400.0
SCENARIO = Scenario(name="s", duration=DAY, warm_up=1800.0, cool_down=60.0)


@pytest.mark.parametrize(
    ("given", "duration", "warm_up", "own_warm_up", "noted"),
    [
        ({}, DAY, 1800.0, 1800.0, ""),
        ({"duration": 600.0}, 600.0, 120.0, 1800.0, "; warm-up scaled down from 30m to 2m for this duration"),
        ({"duration": 600.0, "warm_up": 60.0}, 600.0, 60.0, 60.0, "; warm-up of 1m instead of 30m, as asked"),
        ({"warm_up": 0.0}, DAY, 0.0, 0.0, "; warm-up of 0s instead of 30m, as asked"),
    ],
    ids=["as written", "shortened", "warmed up as asked", "not warmed up"],
)
def test_a_shortened_run_keeps_what_its_scenario_was_written_for(
    given: dict[str, float], duration: float, warm_up: float, own_warm_up: float, noted: str
) -> None:
    """A warm-up that a person asked for is believed; one that was only scaled down is not."""
    request = make_request(SCENARIO, RunnerKind.LAB, "because", msgspec.convert(given, PlanOptions))
    assert (request.duration, request.warm_up) == (duration, warm_up)
    assert (request.scenario.duration, request.scenario.full_duration) == (duration, DAY)
    assert request.scenario.warm_up == own_warm_up
    assert request.why == f"because{noted}"
