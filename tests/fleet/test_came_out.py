from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui.fleet.came_out import came_out
from stresstui.fleet.matrix.inventory import Wanted
from stresstui.fleet.mirror import Mirror
from stresstui.fleet.record import FleetRun, State
from tests.tui.scripted_run import run_events, write_run

WANTED = Wanted(scenario="ech_24h", elsewhere=True)


def run_in(state: State, why: str = "") -> FleetRun:
    return FleetRun(box="a", wanted=WANTED, directory="/r/one", state=state, why=why, replaced=state is State.LOST)


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    made = Mirror(tmp_path / "one")
    yield made
    made.close()


def test_what_had_failed_when_a_box_was_lost_counts_though_another_box_carried_the_run_out(mirror: Mirror) -> None:
    mirror.state.facts.panics = 1
    found = came_out(run_in(State.LOST, "it died"), mirror)
    assert (found.outcome, found.reasons, found.made_up) == ("failed", ("1 panic in the output; it died",), False)


def test_a_run_that_was_lost_in_good_order_is_made_up_for_elsewhere(mirror: Mirror) -> None:
    found = came_out(run_in(State.LOST, "it died"), mirror)
    assert (found.outcome, found.reasons, found.made_up) == ("lost", ("it died",), True)


def test_a_breach_of_a_run_that_was_lost_is_told_and_is_not_made_up_for(tmp_path: Path) -> None:
    breached = Mirror(write_run(tmp_path / "one", run_events(150, leak_from=60)))
    found = came_out(run_in(State.LOST, "it died"), breached)
    breached.close()
    assert (found.outcome, found.made_up) == ("lost", False)
    assert "was breached" in found.reasons[0]


def test_a_run_that_has_ended_came_out_as_its_journal_says(tmp_path: Path) -> None:
    ended = Mirror(write_run(tmp_path / "one", run_events(150, leak_from=60, end=True)))
    found = came_out(run_in(State.ENDED), ended)
    ended.close()
    assert (found.outcome, found.reasons) == (str(ended.state.outcome), tuple(ended.state.reasons))
    assert found.outcome == "failed"


@pytest.mark.parametrize("state", [State.REFUSED, State.STOPPED])
def test_a_run_that_never_began_says_why(state: State) -> None:
    found = came_out(run_in(state, "no room"), None)
    assert (found.outcome, found.reasons, found.means) == (str(state), ("no room",), {})
