"""How many crashes there were: of one end its message, whoever saw it, and its status may tell."""

import pytest

from stresstui.core.derive.child import Facts
from stresstui.core.model.event import Event, Exited, Matched, ProcessKnown
from stresstui.core.model.sample import Role


def broke(t: float) -> Matched:
    return Matched(t, "crash", "relay: relay.c:9: take: Assertion `left' failed.")


def panicked(t: float) -> Matched:
    return Matched(t, "panic", "thread 'main' panicked at src/main.rs:1:1:")


def seen(t: float, signal: str = "SIGABRT") -> ProcessKnown:
    return ProcessKnown(t, 7, Role.SUT, "relay", "ended", f"killed by {signal}")


def ended(t: float, signal: str = "SIGABRT") -> Exited:
    return Exited(t, None, signal)


def crashes(*events: Event) -> float:
    facts = Facts()
    for event in events:
        match event:
            case Matched():
                facts.match(event)
            case ProcessKnown():
                facts.note_process(event)
            case Exited():
                facts.exit(event)
    return facts.counters()["crashes"]


@pytest.mark.parametrize(
    ("events", "count"),
    [
        ((broke(1), ended(2)), 1),
        ((broke(1), seen(2)), 1),
        ((seen(1), broke(2)), 1),
        ((broke(1), seen(2), ended(3)), 1),
        ((seen(1, "SIGSEGV"), ended(2, "SIGSEGV")), 1),
        ((broke(1), broke(2), seen(3), seen(4)), 2),
        ((broke(1), seen(2), seen(3, "SIGSEGV")), 2),
        ((broke(1), seen(60)), 2),
        ((panicked(1), ended(2)), 1),
        ((seen(1), panicked(2)), 1),
        ((panicked(1), ended(2, "SIGSEGV")), 2),
        ((panicked(1), panicked(2), ended(3)), 2),
        ((panicked(1), broke(2), ended(3)), 2),
        ((broke(1), ended(2, "SIGKILL")), 2),
        ((seen(1, "SIGKILL"),), 1),
    ],
)
def test_an_end_is_counted_once_whoever_tells_of_it(events: tuple[Event, ...], count: int) -> None:
    assert crashes(*events) == count


def test_everything_that_was_told_is_known_apart_from_that() -> None:
    facts = Facts()
    facts.match(broke(1))
    facts.note_process(seen(2))
    assert (facts.counters()["crashes"], facts.crashes_told) == (1.0, 2)
