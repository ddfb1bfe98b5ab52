"""A command that stands in for another, as cargo's runner and nextest's wrapper: output and exit status are its own.

Whoever starts it reads what the command prints and how it ends, so both come through as they are. What stresstui has to
say goes to standard error; a criterion that failed is told as exit code 1 where the command itself ended well.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode, Outcome
from stresstui.folder import JOURNAL, OUTPUT

if TYPE_CHECKING:
    from stresstui.core.run.fold import RunState

_UNDER_CARGO: Final = ("CARGO", "CARGO_MANIFEST_DIR")
"""Variables that cargo and nextest give to the runners of what they built."""
_POLL_S: Final = 0.05
_CHUNK: Final = 1 << 16
_SIGNALS: Final = 128


def stands_in(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> bool:
    """Whether cargo or nextest has started this program in place of a test binary."""
    return bool(argv) and Path(argv[0]).is_absolute() and all(environ.get(name) for name in _UNDER_CARGO)


def replace_if_listing(argv: Sequence[str]) -> None:
    """Become the command where it is only asked what tests it has: there is nothing to watch."""
    if "--list" not in argv:
        return
    try:
        os.execv(argv[0], list(argv))  # noqa: S606 - its very purpose
    except OSError as error:
        refuse(f"stresstui run: {argv[0]}: {error.strerror or error}", ExitCode.COULD_NOT_RUN)


def pass_through(run_dir: Path, asked: list[str]) -> int:
    """Copy the output of a run until it ends; give the exit code. A signal ends the run."""
    from stresstui.engine.control.client import stop_run
    from stresstui.engine.process.pidfile import SupervisorWatch
    from stresstui.engine.record.checkpoint import fold_run

    supervisor, copy = SupervisorWatch(run_dir), _Copy(run_dir / OUTPUT, sys.stdout.buffer)
    told = 0
    while supervisor.lives():
        if len(asked) > told:
            told = len(asked)
            with contextlib.suppress(OSError):
                stop_run(run_dir, supervisor, asked[-1])
        if not copy.advance():
            time.sleep(_POLL_S)
    copy.advance()
    state = fold_run(run_dir / JOURNAL)
    for line in _told(state, run_dir):
        say(line, err=True)
    return exit_code(state)


class _Copy:
    """Copies what is appended to a file, over its rotation."""

    def __init__(self, path: Path, into: BinaryIO) -> None:
        self._path, self._into = path, into
        self._file: BinaryIO | None = None

    def advance(self) -> bool:
        """Copy what is new; say whether there was any."""
        if self._file is None:
            try:
                self._file = self._path.open("rb")
            except OSError:
                return False
        found = False
        while chunk := self._file.read(_CHUNK):
            found = True
            self._into.write(chunk)
        self._into.flush()
        if not found and self._is_another():
            self._file.close()
            self._file = None
            return self.advance()
        return found

    def _is_another(self) -> bool:
        """Whether a new file has taken the place of the one that is read."""
        try:
            return self._file is not None and self._path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except OSError:
            return False


def _told(state: "RunState", run_dir: Path) -> list[str]:
    """The run in a line, and what failed of it."""
    from stresstui.report.text import headline

    failed = [reason for reason in state.reasons if state.outcome is Outcome.FAILED]
    return [f"stresstui: {headline(state)}", *(f"  because {reason}" for reason in failed), f"  recorded in {run_dir}"]


def exit_code(state: "RunState") -> int:
    """The command's own exit code; 1 where it ended well and a criterion failed."""
    facts = state.facts
    if facts.cause or (facts.exit_status is None and facts.signal is None):
        return state.exit_code or ExitCode.INCONCLUSIVE
    if facts.signal:
        return _SIGNALS + signal.Signals[facts.signal].value
    return facts.exit_status or (ExitCode.FAILED if state.outcome is Outcome.FAILED else ExitCode.PASSED)
