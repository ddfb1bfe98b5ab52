"""What a supervisor answers, without one."""

from collections.abc import Callable

import msgspec

from stresstui.core.model.event import Event, Noted
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.control import server
from stresstui.engine.control.messages import Command


class _Supervisor:
    trouble = None

    def __init__(self) -> None:
        self.state = RunState()

    def request_stop(self, by: str, reason: str = "") -> None:
        raise AssertionError("nobody asked for that")

    def request_finish(self, by: str) -> None:
        raise AssertionError("nobody asked for that")

    def record(self, make: Callable[[float], Event]) -> None:
        self.state = advance(self.state, make(1.0))


def test_who_burdens_a_run_says_so_for_a_time_that_has_an_end() -> None:
    supervisor = _Supervisor()
    for seconds, until in ((30.0, 36.0), (0.0, 6.0), (1e9, float("inf")), (-1.0, float("inf"))):
        line = msgspec.json.encode(Command("burden", by="perf 1", text="perf", seconds=seconds))
        assert server.obey(supervisor, line).ok
        assert supervisor.state.burdens.until == {"perf 1": (until, False)}
    assert supervisor.state.burdens.cover(1.5, 2.0)
    assert not supervisor.state.burdens.cover(0.0, 1.0)


def test_a_run_takes_so_many_notes_and_no_more() -> None:
    supervisor = _Supervisor()
    line = msgspec.json.encode(Command("note", text="x"))
    for _ in range(server.NOTES_MAX):
        supervisor.state = advance(supervisor.state, Noted(1.0, "x"))
    refused = server.obey(supervisor, line)
    assert not refused.ok
    assert "takes no more" in refused.error
    assert supervisor.state.notes == server.NOTES_MAX
    assert len(supervisor.state.entries) < server.NOTES_MAX  # the list of events is bounded as well
