"""The kernel's word, from the first sample on to the last."""

from types import SimpleNamespace
from typing import Any

from stresstui.core.model.event import Event
from stresstui.core.model.sample import Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.supervise.deaths.death_watch import DeathWatch


def test_a_run_in_which_nothing_died_is_told_nothing_of() -> None:
    events: list[Event] = []
    context: Any = SimpleNamespace(record=events.append, ending=False)
    watch = DeathWatch(context, RunState, lambda: None)
    watch.observe(Sample(0.0))
    watch.observe(Sample(1.0))
    watch.settle(2.0)
    assert isinstance(watch.messages(), list)
    watch.close()
    assert events == []
