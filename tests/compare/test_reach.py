"""How many runs see a difference."""

import pytest
from scipy import stats

from stresstui.compare.reach import POWER, RUNS_MAX, runs_for, seen_from


@pytest.mark.parametrize(("difference", "spread"), [(0.1, 0.05), (0.1, 0.12), (0.02, 0.005), (5.0, 9.0)])
def test_as_many_runs_as_said_see_it_and_fewer_do_not(difference: float, spread: float) -> None:
    level = 0.01
    runs = runs_for(difference, spread, 0.0, level)

    def power(runs: int) -> float:
        freedom, shift = 2 * runs - 2, difference / spread / (2 / runs) ** 0.5
        return float(stats.nct.sf(stats.t.isf(level / 2, freedom), freedom, shift))

    assert power(runs) >= POWER - 0.02
    assert power(runs - 1) < POWER + 0.02
    assert runs_for(difference, spread, 8.0, level) <= runs


def test_what_no_number_of_runs_sees_is_the_most() -> None:
    assert runs_for(1e-9, 1.0, 0.0, 0.01) == RUNS_MAX
    assert seen_from(2.0, 30.0, 0.01) == pytest.approx(2 * seen_from(1.0, 30.0, 0.01))
