"""Real runs of real supervisors: the launcher that starts them, and what a test asks of one."""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.model.event import Ended, Event, Exited, Phase, PhaseBegan
from stresstui.core.model.scenario import CriterionSpec, RunnerKind, Scenario
from stresstui.core.run.fold import RunState, fold
from stresstui.engine.control import client
from stresstui.engine.launch.request import RunRequest
from stresstui.engine.process.find import descendants, send
from stresstui.engine.process.pidfile import supervisor_pid
from stresstui.engine.record import journal
from stresstui.engine.record.stored.opened import packed_form
from stresstui.folder import JOURNAL

ENTRY = (sys.executable, "-m", "stresstui.engine.entry")
DEADLINE_S = 30.0
PROGRAMS = Path(__file__).parent / "programs"


def until(check: Callable[[], Any], what: str, deadline_s: float = DEADLINE_S) -> Any:
    """Look again and again until ``check`` gives something true; fail at the deadline."""
    end = time.monotonic() + deadline_s
    while not (found := check()):
        if time.monotonic() > end:
            pytest.fail(f"waited {deadline_s:.0f} s in vain for {what}")
        time.sleep(0.02)
    return found


@dataclass
class Run:
    directory: Path

    @property
    def events(self) -> list[Event]:
        path = self.directory / JOURNAL
        there = path.exists() or packed_form(path).exists()
        return list(journal.read(path)) if there else []

    @property
    def state(self) -> RunState:
        return fold(self.events)

    @property
    def phases(self) -> list[Phase]:
        return [event.phase for event in self.events if isinstance(event, PhaseBegan)]

    @property
    def exit(self) -> Exited:
        found: Exited = self.one(Exited)
        return found

    @property
    def output(self) -> bytes:
        return (self.directory / "output.log").read_bytes()

    def all(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def one(self, kind: type[Any]) -> Any:
        found = self.all(kind)
        assert len(found) == 1, found
        return found[0]

    def wait(self, check: Callable[[Event], bool], what: str) -> Event:
        found: Event = until(lambda: next((event for event in self.events if check(event)), None), what)
        return found

    def wait_for(self, kind: type[Any]) -> Any:
        return self.wait(lambda event: isinstance(event, kind), kind.__name__)

    def wait_end(self) -> "Run":
        self.wait_for(Ended)
        until(lambda: not client.is_live(self.directory), "the supervisor's end")
        return self


class Launcher:
    def __init__(self, report_dir: Path) -> None:
        self.report_dir = report_dir
        self.runs: list[Run] = []

    def request(self, *argv: str, criteria: tuple[CriterionSpec, ...] = (), **given: Any) -> RunRequest:
        scenario = given.pop("scenario", None) or Scenario(
            name="test",
            moves_bytes=False,
            criteria=criteria or (CriterionSpec(id="a", title="A", rule="max(fds) < 1000"),),
        )
        defaults: dict[str, Any] = {"runner": RunnerKind.COMMAND, "command": argv, "interval": 0.1}
        return RunRequest(scenario=scenario, report_dir=str(self.report_dir), **{**defaults, **given})

    def __call__(self, *argv: str, **given: Any) -> Run:
        return self.adopt(client.start(self.request(*argv, **given), ENTRY))

    def adopt(self, directory: Path) -> Run:
        self.runs.append(Run(directory))
        return self.runs[-1]

    def pid_of(self, run: Run) -> int:
        pid = supervisor_pid(run.directory)
        assert pid is not None
        return pid

    def end_all(self) -> None:
        for run in self.runs:
            end_supervisor(run.directory)


def end_supervisor(directory: Path) -> None:
    """End a run's supervisor and all below it, where they still live; it may go by itself meanwhile."""
    pid = supervisor_pid(directory)
    if pid is None:
        return
    below = descendants(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    send(below, signal.SIGKILL)
    until(lambda: not client.is_live(directory), "a killed supervisor")
