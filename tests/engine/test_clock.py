import time
from datetime import datetime, timedelta

import pytest

from stresstui.engine.clock import RunClock, describe_set, wall_clock

needs_boot = pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="what happens in a suspension is not known")


@needs_boot
def test_a_time_of_day_that_is_set_is_noticed_and_what_is_slewed_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    day = time.time
    running = RunClock()
    assert running.was_set() == 0.0
    monkeypatch.setattr(time, "time", lambda: day() + 7200.0)
    assert running.was_set() == pytest.approx(7200.0, abs=1.0)
    assert running.was_set() == 0.0
    monkeypatch.setattr(time, "time", lambda: day() + 7200.5)
    assert running.was_set() == 0.0
    monkeypatch.setattr(time, "time", lambda: day() - 3600.0)
    assert running.was_set() == pytest.approx(-10_800.0, abs=1.0)
    assert running.set_by == pytest.approx(-3600.0, abs=1.0)


def test_the_end_is_told_by_the_clock_of_the_beginning() -> None:
    now, earlier = (datetime.fromisoformat(wall_clock(by)) for by in (0.0, 3600.0))
    assert abs(now - earlier - timedelta(hours=1)) < timedelta(seconds=5)


@pytest.mark.parametrize(("by", "said"), [(7200.2, "set forward by 2h in"), (-90.0, "set back by 1m30s in")])
def test_it_is_said_by_how_much(by: float, said: str) -> None:
    assert said in describe_set(by)
