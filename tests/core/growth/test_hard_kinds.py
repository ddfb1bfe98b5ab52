import pytest

from tests.core.growth import daemons, field, habits, mechanisms, services
from tests.core.growth.scorer import Judge, bare, planned, score
from tests.core.growth.test_corpus import DURATIONS, Family

pytestmark = pytest.mark.no_cover

HARD = [field.tried, field.kept, mechanisms.looked_at, mechanisms.kept_back, habits.looked_at, habits.kept_back]


@pytest.mark.parametrize(("judge", "alarmed"), [(bare, 0.2), (planned, 0.09)], ids=["bare", "planned"])
@pytest.mark.parametrize(
    "family", HARD, ids=["tried", "kept", "mechanisms", "mechanisms kept back", "habits", "habits kept back"]
)
def test_the_detector_keeps_its_score_in_the_field(family: Family, judge: Judge, alarmed: float) -> None:
    """Harder kinds: what rises for a fifth of a run and then rests alarms where no plan is known."""
    found = score(family(range(41, 42), DURATIONS), judge)
    assert found.clean >= 24
    assert found.leaks >= 24
    assert found.f1 >= 0.92
    assert found.false_positive_rate <= 0.03
    assert found.live_recall >= 0.78
    assert found.alarmed_clean_rate <= alarmed


def test_what_services_hold_is_told_from_what_they_lose() -> None:
    """Hardest of all: what fills for half of a run is alarmed meanwhile, and has to be given back at the end."""
    found = score(services.looked_at(range(41, 42), DURATIONS), planned)
    assert found.f1 >= 0.94
    assert found.false_positive_rate <= 0.03
    assert found.live_recall >= 0.85


def test_runtimes_and_daemons_by_their_own_clocks() -> None:
    found = score(daemons.looked_at(range(80001, 80002), DURATIONS), planned)
    assert found.f1 >= 0.94
    assert found.false_positive_rate == 0
    assert found.live_recall >= 0.9
    assert found.alarmed_clean_rate <= 0.03
