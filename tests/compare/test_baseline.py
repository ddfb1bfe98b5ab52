"""What is known of a baseline's runs together."""

import random
from pathlib import Path

import msgspec
import pytest
from scipy import stats

from stresstui.cli.starting.reference import with_reference
from stresstui.compare.baseline import SCHEMA, Baseline, means_of, reaches_of, write
from stresstui.compare.numbers import Numbers
from stresstui.core.model.scenario import CriterionSpec, RunnerKind, Scenario
from stresstui.engine.launch.request import RunRequest
from tests.compare.noise import run


def of(*levels: float) -> Baseline:
    def flat(level: float) -> Numbers:
        one = run(random.Random(1), 20)
        rss = msgspec.structs.replace(one.phases["soak"]["rss"], values=[level] * 20)
        return msgspec.structs.replace(one, phases={"soak": {"rss": rss}})

    return Baseline(SCHEMA, "story", [flat(level) for level in levels])


def test_how_far_one_more_equal_run_may_be_is_known_from_three_on() -> None:
    assert reaches_of(of(100.0, 110.0)) == {}
    assert reaches_of(of(0.0, 0.0, 0.0)) == {}
    found = reaches_of(of(90.0, 100.0, 110.0, 100.0))["rss"]
    off = float(stats.t.ppf(0.975, 3)) * (200 / 3) ** 0.5 * (1 + 1 / 4) ** 0.5
    assert found == pytest.approx(off / 100.0)


def test_one_more_equal_run_is_within_that_in_nineteen_of_twenty() -> None:
    source = random.Random(2)
    outside = 0
    for _ in range(1000):
        known = of(*(source.gauss(100, 4) for _ in range(5)))
        outside += abs(source.gauss(100, 4) / means_of(known)["rss"] - 1) > reaches_of(known)["rss"]
    assert 30 <= outside <= 70


def test_a_run_is_asked_for_with_it(tmp_path: Path) -> None:
    write(tmp_path, of(90.0, 100.0, 110.0))
    scenario = Scenario(name="story", criteria=(CriterionSpec(id="m", title="m", rule="vs(baseline, rss) < +10%"),))
    request = RunRequest(run="r", requested="", scenario=scenario, runner=RunnerKind.COMMAND)
    known = with_reference(request, tmp_path).scenario
    assert known.reference == {"rss": 100.0}
    assert known.reference_reach == reaches_of(of(90.0, 100.0, 110.0))
