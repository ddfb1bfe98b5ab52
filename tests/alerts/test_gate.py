"""What one receiver is told of all that happens."""

from typing import Any

import pytest

from stresstui.alerts.gate import Gate
from stresstui.alerts.message import Kind, Message, Messages
from stresstui.alerts.settings import Alert
from stresstui.core.model import event as ev
from tests.core.story import Story


def message(kind: Kind, criterion: str = "", text: str = "x") -> Message:
    return Message(kind=kind, run="r", scenario="s", title="t", text=text, criterion=criterion)


def gate(**fields: Any) -> Gate:
    return Gate(Alert(url="http://x", **fields))


def test_a_breach_that_flaps_is_told_once_and_counted() -> None:
    one = gate(quiet=600.0)
    assert one.admit(message(Kind.BREACH, "a"), 0.0)
    assert one.admit(message(Kind.RECOVERY, "a"), 5.0)
    assert one.admit(message(Kind.BREACH, "a"), 10.0) is None
    assert one.admit(message(Kind.RECOVERY, "a"), 15.0) is None
    other = one.admit(message(Kind.BREACH, "b"), 20.0)
    assert other is not None
    assert "1 more since the last message were held back" in other.text
    again = one.admit(message(Kind.BREACH, "a"), 601.0)
    assert again is not None
    assert "held back" not in again.text


def test_no_recovery_of_what_was_not_told() -> None:
    one = gate(on=(Kind.RECOVERY,))
    assert one.admit(message(Kind.BREACH, "a"), 0.0) is None
    assert one.admit(message(Kind.RECOVERY, "a"), 1.0) is None


def test_what_is_urgent_is_told_each_time() -> None:
    one = gate(quiet=600.0)
    assert [one.admit(message(Kind.END), float(t)) is not None for t in range(3)] == [True, True, True]


def test_not_too_much_in_an_hour_but_the_end_always_comes() -> None:
    one = gate(per_hour=3)
    told = [one.admit(message(Kind.BREACH, str(n)), float(n)) is not None for n in range(5)]
    assert told == [True, True, True, False, False]
    end = one.admit(message(Kind.END), 10.0)
    assert end is not None
    assert "2 more" in end.text
    assert one.admit(message(Kind.BREACH, "later"), 3700.0)


@pytest.mark.parametrize(
    ("event", "kind", "title"),
    [
        (ev.BreachBegan(9.0, "c", "Few"), Kind.BREACH, "story_1: breach: Few"),
        (ev.BreachBegan(9.0, "c", "Few", warning=True), Kind.WARNING, "story_1: warning: Few"),
        (ev.BreachEnded(9.0, "c", "Few"), Kind.RECOVERY, "story_1: recovery: Few"),
        (ev.Doubted(9.0, "host", "busy"), Kind.DOUBT, "story_1: doubt: cannot pass any more"),
    ],
)
def test_events_become_messages(event: ev.Event, kind: Kind, title: str) -> None:
    messages = Messages("/runs/story_1")
    assert messages.of(Story().events[0]) is None
    made = messages.of(event)
    assert made is not None
    assert (made.kind, made.title, made.scenario) == (kind, title, "story")
    assert made.text.endswith("(at 00:00:09)")


def test_the_end_of_a_warning_is_no_recovery() -> None:
    messages = Messages("")
    messages.of(ev.BreachBegan(1.0, "c", "Few", warning=True))
    assert messages.of(ev.BreachEnded(2.0, "c", "Few")) is None
    assert messages.of(ev.Noted(3.0, "x")) is None


def test_the_end_says_what_it_came_to() -> None:
    messages = Messages("")
    messages.of(Story().events[0])
    end = messages.ended(9.0, "failed", ["a", "b"])
    assert (end.kind, end.title, end.text) == (Kind.END, "story_1: failed", "a; b (at 00:00:09)")
    assert "no criterion failed" in messages.ended(9.0, "passed", []).text
