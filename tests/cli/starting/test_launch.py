"""What the supervisor is asked for, from a scenario and the options of the command line."""

import msgspec
import pytest

from stresstui.cli.options import PlanOptions
from stresstui.cli.starting.launch import launch, make_request
from stresstui.core.model.scenario import RunnerKind, Scenario

DAY = 86400.0
SCENARIO = Scenario(name="s", duration=DAY, warm_up=1800.0, cool_down=60.0)
LONG_WARM_UP = Scenario(name="s", duration=7200.0, warm_up=3600.0)


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


@pytest.mark.parametrize(
    ("given", "warm_up"),
    [({}, 3600.0), ({"duration": 600.0}, 300.0), ({"duration": 36000.0}, 3600.0)],
    ids=["as written", "shortened", "lengthened"],
)
def test_a_scenario_that_warms_up_for_longer_than_a_fifth_of_itself_is_believed(
    given: dict[str, float], warm_up: float
) -> None:
    request = make_request(LONG_WARM_UP, RunnerKind.LAB, "because", msgspec.convert(given, PlanOptions))
    assert request.warm_up == warm_up


def test_an_interval_longer_than_the_run_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    given = PlanOptions(duration=600.0, interval=3600.0)
    with pytest.raises(SystemExit) as refused:
        make_request(SCENARIO, RunnerKind.LAB, "because", given)
    assert refused.value.code == 2
    said = "an interval of 3600s leaves no sample in a run of 600s; make it shorter\n"
    assert capsys.readouterr().err == said


def test_the_first_process_of_a_container_does_not_leave_its_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    request = make_request(SCENARIO, RunnerKind.LAB, "because", PlanOptions())
    monkeypatch.setattr("os.getpid", lambda: 1)
    with pytest.raises(SystemExit) as refused:
        launch(request, PlanOptions(detach=True))
    assert refused.value.code == 2
    assert "the first process of a container" in capsys.readouterr().err
