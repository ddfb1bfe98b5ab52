"""Which run is meant: a name, the beginning of one, a path, an archive, or nothing at all."""

import atexit
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from stresstui.cli.terminal.refuse import refuse
from stresstui.folder import JOURNAL, PACKED_JOURNAL

if TYPE_CHECKING:
    from stresstui.engine.control.runs import RunInfo

_JOURNALS = (JOURNAL, PACKED_JOURNAL)

_UNPACKED: dict[Path, Path] = {}
"""Archives of the runs that this program has unpacked, by folder."""
_NAMED = 8
"""Candidates that are named, the newest."""


def find_run(run: str | None, report_dir: Path, *, live: bool) -> Path:
    """Find the directory of a run; ``live`` ones only where it is to be asked something.

    Without a name the one that is on, else the newest: of this report folder, or where that has none of all that the
    registry knows. What cannot be told apart ends the program with one line that lists the candidates.
    """
    if run is None:
        return _unnamed(report_dir, live=live)
    for candidate in (Path(run), report_dir / run):
        if any((candidate / name).is_file() for name in _JOURNALS):
            return _of_one_run(candidate.resolve())
        if not live and candidate.suffix == ".zst" and candidate.is_file():
            return _unpacked(candidate)
    return _named(run, report_dir, live=live)


def must_be_on(run_dir: Path) -> None:
    """End the program with one line where nobody supervises a run any more: its pids may be others' by now."""
    from stresstui.engine.process.pidfile import SupervisorWatch

    if not SupervisorWatch(run_dir).lives():
        refuse(f"stresstui: {run_dir.name} is not on; 'stresstui runs' shows how it came out")


def _unnamed(report_dir: Path, *, live: bool) -> Path:
    from stresstui.engine.control.runs import find_runs, known_runs

    here = find_runs(report_dir)
    for found in (here, known_runs()) if live or not here else (here,):
        alive = [info for info in found if info.live and info.owner is None]
        if live and len(alive) > 1:
            refuse(f"stresstui: {len(alive)} runs are on, name one: {_names(alive)}")
        if chosen := alive or ([] if live else found):
            return chosen[-1].directory
    what = "run is on" if live else "run has been recorded"
    refuse(f"stresstui: no {what} in {report_dir}, and none is known elsewhere; another --report-dir?")


def _named(run: str, report_dir: Path, *, live: bool) -> Path:
    if not run.strip():
        refuse("stresstui: the name of a run is empty; leave it out for the newest")
    from stresstui.engine.control.runs import find_runs, known_runs

    for known in (find_runs(report_dir), known_runs()):
        exact = [info for info in known if info.name == run] or [info for info in known if info.began_as == run]
        close = exact or [info for info in known if info.name.startswith(run)]
        wanted = [info for info in close if info.live or not live] or close
        if len(wanted) > 1:
            refuse(f"stresstui: '{run}' may be any of {_names(wanted)}")
        if wanted:
            return _of_one_run(wanted[0].directory)
    refuse(f"stresstui: no run '{run}' in {report_dir} or elsewhere; 'stresstui runs --all' lists what is known")


def _of_one_run(run_dir: Path) -> Path:
    """The directory; what is put together out of several runs is none, whatever either came to."""
    from stresstui.engine.control.runs import foreign_journal

    if why := foreign_journal(run_dir):
        refuse(f"stresstui: {run_dir}: {why}: put back what belongs together, or name the whole run")
    return run_dir


def _names(found: "list[RunInfo]") -> str:
    twice = len({info.name for info in found}) < len(found)
    names = [str(info.directory) if twice else info.name for info in found[-_NAMED:]]
    return ", ".join(names) + (f" and {len(found) - _NAMED} others" if len(found) > _NAMED else "")


def kept_in(run_dir: Path) -> Path:
    """Where a run is kept: its directory, or the archive that it was unpacked from."""
    return _UNPACKED.get(run_dir, run_dir)


def _unpacked(archive: Path) -> Path:
    """Unpack an archive for as long as this program runs."""
    from stresstui.engine.control.archives import ArchiveError, unpack

    folder = tempfile.mkdtemp(prefix="stresstui-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    try:
        run_dir = unpack(archive, Path(folder))
    except ArchiveError as error:
        refuse(f"stresstui: {archive}: {error}")
    _UNPACKED[run_dir] = archive.absolute()
    return _of_one_run(run_dir)
