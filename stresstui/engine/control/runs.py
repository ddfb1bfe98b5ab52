"""The runs that there are, live and past, and how each came out."""

import os
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.core.model.outcome import Outcome
from stresstui.engine.control.registry import registered, unwritten
from stresstui.engine.launch.request import RunRequest, load_request
from stresstui.engine.process.pidfile import supervisor_pid
from stresstui.engine.record import journal
from stresstui.engine.record.checkpoint import fold_run
from stresstui.engine.record.ending import Ending, read_ending
from stresstui.engine.record.stored.opened import form_of
from stresstui.files import owner_of
from stresstui.folder import JOURNAL, REQUEST, RESULT

DIED = "its supervisor has died"
"""Why a run is lost of which nothing else is known."""


class RunState(StrEnum):
    """Where a run is."""

    LIVE = "live"
    """Its supervisor is alive."""
    ENDED = "ended"
    """It came to its end."""
    LOST = "lost"
    """Its supervisor has died before its end."""


class RunInfo(msgspec.Struct, frozen=True):
    """A run that was found."""

    name: str
    """Name of the run and of its directory."""
    directory: Path
    """Its directory."""
    state: RunState
    """Where it is."""
    scenario: str
    """Name of its scenario."""
    started: str
    """Wall-clock time of its request, UTC, ISO 8601."""
    outcome: str | None = None
    """Outcome of an ended run; None where there is none."""
    duration_s: float | None = None
    """Seconds from start to end; None where it has not ended."""
    reason: str = ""
    """The first reason of the outcome."""
    owner: int | None = None
    """Uid of the user whose run it is; None where it is this user's own."""
    began_as: str = ""
    """Its name when it began, where its directory has another since."""

    @property
    def live(self) -> bool:
        """Whether its supervisor is alive."""
        return self.state is RunState.LIVE


def find_runs(report_dir: Path) -> list[RunInfo]:
    """Find every run in a report directory, oldest first; what is not a run is passed over."""
    return _described(path.parent for path in report_dir.glob(f"*/{REQUEST}"))


def damaged_runs(report_dir: Path) -> list[Path]:
    """Folders that hold a journal and a request that cannot be read: runs that are not found for that."""
    folders = [path.parent for path in sorted(report_dir.glob(f"*/{REQUEST}"))]
    kept = [folder for folder in folders if form_of(folder / JOURNAL).exists()]
    return [folder for folder in kept if _request_of(folder) is None]


def known_runs() -> list[RunInfo]:
    """Every run that the registry knows, oldest first."""
    return _described(registered())


def _described(directories: Iterable[Path]) -> list[RunInfo]:
    found = (info for directory in directories if (info := describe_run(directory)) is not None)
    return sorted(found, key=lambda info: (info.started, info.name))


def describe_run(run_dir: Path) -> RunInfo | None:
    """Say what a directory holds; None where it is not a run's."""
    request = _request_of(run_dir)
    if request is None:
        return None
    uid = owner_of(run_dir)
    owner = None if uid == os.geteuid() else uid
    if other := foreign_journal(run_dir, request.run):
        return RunInfo(
            run_dir.name, run_dir, RunState.LOST, request.scenario.name, request.requested, owner=owner, reason=other
        )  # fmt: skip
    info = RunInfo(
        run_dir.name, run_dir, RunState.LIVE, request.scenario.name, request.requested, owner=owner,
        began_as=request.run if request.run != run_dir.name else "",
    )  # fmt: skip
    return info if supervisor_pid(run_dir) is not None else _with_end(info)


def foreign_journal(run_dir: Path, run: str = "") -> str:
    """In words, where a folder's journal is of another run than its request: somebody put one of them there."""
    request = None if run else _request_of(run_dir)
    known, found = run or (request.run if request else ""), journal.run_in(run_dir / JOURNAL)
    return f"its {REQUEST} is of {known}, its journal of {found}" if known and found and known != found else ""


def _request_of(run_dir: Path) -> RunRequest | None:
    try:
        return load_request(run_dir)
    except (OSError, *UNREADABLE):
        return None


def _with_end(info: RunInfo) -> RunInfo:
    ending = find_ending(info.directory)
    if ending is None:
        return msgspec.structs.replace(info, state=RunState.LOST, reason=unwritten(info.directory) or DIED)
    reason = ending.reasons[0] if ending.reasons else ""
    return msgspec.structs.replace(
        info, state=RunState.ENDED, outcome=ending.outcome, duration_s=ending.duration_s, reason=reason
    )


def find_ending(run_dir: Path) -> Ending | None:
    """How a run ended, by its journal, which is judged anew where it was changed since; None where it is lost.

    Where the journal has no end, a result that does not call the run passed is believed: it says what is missing.
    """
    path = run_dir / JOURNAL
    end, recorded = journal.read_end(path), read_ending(run_dir)
    if end is None and recorded is None:
        return None
    if end is None or not end.outcome or _changed_since(path, run_dir / RESULT):
        return _judged(path) or _unless_passed(recorded)
    return Ending(end.outcome, list(end.reasons), None, end.wall, end.t)


def _judged(path: Path) -> Ending | None:
    try:
        state = fold_run(path)
    except (OSError, ValueError):
        return None
    if state.outcome is None:
        return None
    return Ending(state.outcome, state.reasons, state.exit_code, state.ended_wall, state.t)


def _unless_passed(recorded: Ending | None) -> Ending | None:
    return recorded if recorded is not None and recorded.outcome not in (None, Outcome.PASSED) else None


def _changed_since(path: Path, result: Path) -> bool:
    """Whether a journal was written after the result, which is written behind its end."""
    try:
        return form_of(path).stat().st_mtime_ns > result.stat().st_mtime_ns
    except OSError:
        return True
