"""A run as plain lines, for CI and pipes: progress, events as they happen, the verdict; no colours, no cursor."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Final

from stresstui.core.model.event import Event, Phase
from stresstui.core.model.outcome import ExitCode, Outcome
from stresstui.core.model.timeline import LogEntry
from stresstui.core.model.units import format_clock, format_duration, format_value
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.control.client import stop_run
from stresstui.engine.control.registry import unwritten
from stresstui.engine.process.death import notice_death
from stresstui.engine.process.pidfile import SupervisorWatch
from stresstui.engine.record import journal
from stresstui.engine.record.beginning import Beginning
from stresstui.engine.record.checkpoint import resume
from stresstui.engine.record.ending import read_ending
from stresstui.engine.record.routine import Routine
from stresstui.files import read_plain
from stresstui.folder import COMPARISON, JOURNAL, PAGE, SUPERVISOR_LOG
from stresstui.report.text import verdict_lines

Print = Callable[[str], None]

REPORTS_S: Final = 15.0
"""Seconds that reports have to be written after the end of a run."""

_LULL_S: Final = 10.0
"""Seconds of a run after which its measurements are folded, whatever they are: few of them are news by themselves."""
_OFTEN: Final = 10.0
_PAST: Final = 1000
"""Events at once that are the past, not news."""
_SELDOM: Final = 60.0
_SHORT_RUN: Final = 900.0
"""Seconds of a run up to which progress is printed often."""
_VITALS: Final = (("RSS", "rss"), ("FDs", "fds"), ("ESTABLISHED", "established"), ("throughput", "throughput"))


def show_run(
    run_dir: Path,
    write: Print,
    *,
    owns: bool,
    asked: Sequence[str] = (),
    on_end: Callable[[RunState], None] = lambda _: None,
    kept_in: Path | None = None,
) -> int:
    """Print a run until it ends and give its exit code.

    SIGINT and SIGTERM stop a run that this process ``owns``, which is to say started; they end a mere viewer. A hang-up
    ends neither. ``asked`` gets the names of those that come before they are heard, ``on_end`` hears of the end before
    the verdict is printed. ``kept_in`` is where the run is kept, where ``run_dir`` is a copy for a while.
    What ``write`` raises as BrokenPipeError ends a viewer.
    """
    state, beginning = resume(run_dir / JOURNAL)
    view, showing = Lines(write, state), _Showing(run_dir, write, owns=owns)
    try:
        left = asyncio.run(showing.show(view, asked, beginning))
        if left:
            write(f"{left}: left, the run goes on")
            return ExitCode.TERMINATED if left == "SIGTERM" else ExitCode.INTERRUPTED
        showing.supervisor.wait_end(REPORTS_S)
        on_end(view.state)
        return _say_end(view.state, run_dir, write, kept_in or run_dir)
    except BrokenPipeError:
        return ExitCode.INCONCLUSIVE


def _say_end(state: RunState, run_dir: Path, write: Print, kept_in: Path) -> int:
    if state.exit_code is not None:
        for line in verdict_lines(state):
            write(line)
        write(f"recorded in {kept_in}")
        if why := unwritten(run_dir):
            write(f"missing: {why}")
        for line in after_lines(run_dir) if kept_in == run_dir else ():
            write(line)
        return state.exit_code
    ending = read_ending(run_dir)
    if ending is None or ending.outcome in (None, Outcome.PASSED):  # a pass whose record has no end is none
        why = unwritten(run_dir) or f"the supervisor of {run_dir.name} has died"
        write(f"lost: {why}; recorded up to {format_clock(state.t)} in {kept_in}")
        return ExitCode.INCONCLUSIVE
    write(f"{ending.outcome}: {ending.reasons[0] if ending.reasons else 'its journal has no end'}")
    write(f"recorded in {kept_in}")
    return ending.exit_code or ExitCode.INCONCLUSIVE


def after_lines(run_dir: Path) -> list[str]:
    """Where the reports of an ended run are, and how it compares with its scenario's baseline."""
    found = [f"report: {run_dir / PAGE}"] if (run_dir / PAGE).exists() else _why_no_report(run_dir, PAGE)
    with contextlib.suppress(OSError):
        text = read_plain(run_dir / COMPARISON).decode(errors="replace")
        verdict = next((line.strip("* ") for line in text.splitlines() if line.startswith("**")), "")
        found.append(f"compared with the baseline: {verdict}; {run_dir / COMPARISON}")
    return found


def _why_no_report(run_dir: Path, name: str) -> list[str]:
    """What kept a report from being written: the last word of the supervisor's log, as the disk may take no other."""
    with contextlib.suppress(OSError):
        lines = read_plain(run_dir / SUPERVISOR_LOG).decode(errors="replace").strip().splitlines()
        return [f"{name} was not written: {line}" for line in lines[-1:]]
    return []


class _Showing:
    """Follows one run, and hears signals meanwhile."""

    def __init__(self, run_dir: Path, write: Print, *, owns: bool) -> None:
        self._run_dir, self._write, self._owns = run_dir, write, owns
        self.supervisor = SupervisorWatch(run_dir)
        """Who owns the run."""
        self._over = asyncio.Event()
        self._left = ""

    async def show(self, view: "Lines", asked: Sequence[str], beginning: Beginning) -> str:
        """Print until the end; give the name of the signal that ended the viewer, else nothing."""
        watching = asyncio.create_task(notice_death(self.supervisor, self._over))
        self._hear_signals()
        if asked:
            self._hear(asked[0])
        try:
            path = self._run_dir / JOURNAL
            async for batch in journal.tail_batches(path, self._over, beginning, view.routine):
                view.catch_up(batch)
                if self._left:
                    break
        finally:
            watching.cancel()
        return self._left

    def _hear_signals(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            # Also where it is ignored on entry: a script's background job is cancelled by SIGINT in CI all the same.
            asyncio.get_running_loop().add_signal_handler(number, self._hear, number.name)

    def _hear(self, name: str) -> None:
        if not self._owns:
            self._left = name
            self._over.set()
            return
        self._write(f"{name}: stopping the run")
        try:
            stop_run(self._run_dir, self.supervisor, by=name)
        except OSError as error:
            self._write(f"the run cannot be stopped: {error}")


class Lines:
    """Folds a run and prints what is new."""

    def __init__(self, write: Print, state: RunState) -> None:
        self.state = state
        self._write = write
        self._printed: LogEntry | None = None
        self._next_progress = 0.0
        self.routine = Routine()
        """What need not be folded yet, since nothing would be printed."""

    def catch_up(self, batch: list[Event]) -> None:
        """Take in what has come; of a long past print what the event list keeps, not each line that it once had."""
        past, fresh = (batch[:-1], batch[-1:]) if len(batch) > _PAST else ([], batch)
        for event in past:
            advance(self.state, event)
        for event in fresh:
            self.show(event)
        if self.state.sample is not None:
            self.routine.until = min(self._next_progress, self.state.t + _LULL_S)

    def show(self, event: Event) -> None:
        """Take in an event and print what it brings."""
        advance(self.state, event)
        for entry in self._fresh_entries():
            self._write(f"{format_clock(entry.t)}  {entry.mark.value:<7}  {entry.text}")
        if self.state.t >= self._next_progress and self.state.sample is not None and not self.state.ended:
            self._next_progress = self.state.t + self._pace()
            self._write(progress_line(self.state))

    def _fresh_entries(self) -> list[LogEntry]:
        fresh = list(takewhile(lambda entry: entry is not self._printed, reversed(self.state.entries)))
        if fresh:
            self._printed = fresh[0]
        return fresh[::-1]

    def _pace(self) -> float:
        planned = self.state.planned
        return _OFTEN if planned is not None and planned <= _SHORT_RUN else _SELDOM


def progress_line(state: RunState) -> str:
    """Say in one line where a run is and what its vitals are."""
    phase = {Phase.WARM_UP: "warm-up", Phase.COOL_DOWN: "cool-down"}.get(state.phase, state.phase.value)
    plan = f" of {format_duration(state.planned)}" if state.planned else ""
    values = "  ".join(f"{title} {_vital(state, name)}" for title, name in _VITALS)
    word = state.standing.word
    return f"{format_clock(state.t)}  {phase:<9}  {format_duration(state.under_load)}{plan}  {word:<10}  {values}"


def _vital(state: RunState, name: str) -> str:
    value = state.reading.values.get(name)
    unit = state.summaries and {"rss": "bytes", "throughput": "bytes/s"}.get(name, "count")
    estimate = "~" if name in state.reading.certainty else ""
    return estimate + format_value(value, unit or "count")
