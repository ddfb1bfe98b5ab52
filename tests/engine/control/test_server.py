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

    def record(self, make: Callable[[float], Event]) -> None:
        self.state = advance(self.state, make(1.0))


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
