"""A run as plain lines, for CI and pipes: progress, events as they happen, the verdict; no colours, no cursor."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

from stresstui.core.model.event import Event, Phase
from stresstui.core.model.outcome import ExitCode
from stresstui.core.model.timeline import LogEntry
from stresstui.core.model.units import format_clock, format_duration, format_value
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.control import client
from stresstui.engine.record import journal
from stresstui.report.text import verdict_lines

Print = Callable[[str], None]

_OFTEN: Final = 10.0
_SELDOM: Final = 60.0
_SHORT_RUN: Final = 900.0
"""Seconds of a run up to which progress is printed often."""
_VITALS: Final = (("RSS", "rss"), ("FDs", "fds"), ("ESTABLISHED", "established"), ("throughput", "throughput"))


def show_run(run_dir: Path, write: Print) -> int:
    """Print a run until it ends and give its exit code; an interrupt stops the run, a hang-up does not."""
    return asyncio.run(_show_run(run_dir, write))


async def _show_run(run_dir: Path, write: Print) -> int:
    view = Lines(write)
    gone = asyncio.Event()
    watcher = asyncio.create_task(_notice_death(run_dir, gone))
    restore = _stop_on_signals(run_dir, write)
    try:
        async for event in journal.tail(run_dir / journal.JOURNAL, gone):
            view.show(event)
    finally:
        watcher.cancel()
        restore()
    if view.state.exit_code is not None:
        for line in verdict_lines(view.state):
            write(line)
        write(f"recorded in {run_dir}")
    else:
        write(f"the supervisor of {run_dir.name} has died; what it recorded is in {run_dir}")
    return ExitCode.INCONCLUSIVE if view.state.exit_code is None else view.state.exit_code


async def _notice_death(run_dir: Path, gone: asyncio.Event) -> None:
    """Set ``gone`` when the supervisor is no more: its journal will not grow to an end."""
    while client.is_live(run_dir):  # noqa: ASYNC110 - another process's death sends no event here
        await asyncio.sleep(1.0)
    gone.set()


def _stop_on_signals(run_dir: Path, write: Print) -> Callable[[], None]:
    """Turn SIGINT and SIGTERM into a stop of the run; return what takes that back."""
    loop = asyncio.get_running_loop()

    def ask(name: str) -> None:
        write(f"{name}: stopping the run")
        try:
            client.stop(run_dir, by=name, reason="")
        except OSError as error:
            write(f"the supervisor does not answer: {error}")

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask, number.name)

    def restore() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)

    return restore


class Lines:
    """Folds a run and prints what is new."""

    def __init__(self, write: Print) -> None:
        self.state = RunState()
        self._write = write
        self._printed: LogEntry | None = None
        self._next_progress = 0.0

    def show(self, event: Event) -> None:
        """Take in an event and print what it brings."""
        advance(self.state, event)
        for entry in self._fresh_entries():
            self._write(f"{format_clock(entry.t)}  {entry.mark.value:<7}  {entry.text}")
        if self.state.t >= self._next_progress and self.state.sample is not None and not self.state.ended:
            self._next_progress = self.state.t + self._pace()
            self._write(progress_line(self.state))

    def _fresh_entries(self) -> list[LogEntry]:
        entries = list(self.state.entries)
        if self._printed is not None:
            last = max(i for i, entry in enumerate(entries) if entry is self._printed)
            entries = entries[last + 1 :]
        if entries:
            self._printed = entries[-1]
        return entries

    def _pace(self) -> float:
        planned = self.state.planned
        return _OFTEN if planned is not None and planned <= _SHORT_RUN else _SELDOM


def progress_line(state: RunState) -> str:
    """Say in one line where a run is and what its vitals are."""
    phase = {Phase.WARM_UP: "warm-up", Phase.COOL_DOWN: "cool-down"}.get(state.phase, state.phase.value)
    plan = f" of {format_duration(state.planned)}" if state.planned else ""
    values = "  ".join(f"{title} {_vital(state, name)}" for title, name in _VITALS)
    verdict = state.worst.value.replace("_", " ")
    return f"{format_clock(state.t)}  {phase:<9}  {format_duration(state.under_load)}{plan}  {verdict:<8}  {values}"


def _vital(state: RunState, name: str) -> str:
    value = state.reading.values.get(name)
    unit = state.summaries and {"rss": "bytes", "throughput": "bytes/s"}.get(name, "count")
    estimate = "~" if name in state.reading.certainty else ""
    return estimate + format_value(value, unit or "count")
