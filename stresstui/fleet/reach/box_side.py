"""What is done on a box: called there by its worker, with plain values that every version understands."""

import fcntl
import os
import platform
import re
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import IO, Any, Final

import msgspec

from stresstui import itself
from stresstui.engine.control import client
from stresstui.engine.control.archives import SUFFIX, pack
from stresstui.engine.control.runs import describe_run, find_runs
from stresstui.engine.process.pidfile import supervisor_pid
from stresstui.engine.record.journal import read_end
from stresstui.engine.record.stored.opened import open_journal
from stresstui.files import descriptor_of, make_folder, read_plain, write_whole
from stresstui.folder import JOURNAL, JUNIT, PAGE, REQUEST, RESULT, SUMMARY

PIECE: Final = 1 << 20
"""Bytes of a journal that are sent at a time, at most."""
KEPT: Final = (REQUEST, RESULT, SUMMARY, JUNIT, PAGE)
"""Files of an ended run that are copied."""

_STARTED: Final = re.compile(r"^(\S+) is running;", re.MULTILINE)
_SAID: Final = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
_START_S: Final = 60.0
_END_S: Final = 20.0
_FILE_MAX: Final = 8 << 20


def look(scenario: str) -> dict[str, Any]:
    """What this box is, and what its doctor finds: versions, clock, checks."""
    from importlib.metadata import version  # noqa: PLC0415 - only here

    argv = itself.module("stresstui", "doctor", "--json", *(["--scenario", scenario] if scenario else []))
    done = subprocess.run(argv, capture_output=True, check=False, timeout=_START_S)
    return {
        "host": platform.node(),
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "stresstui": version("stresstui"),
        "clock": time.time(),
        "boot": _boot(),
        "doctor": msgspec.json.decode(done.stdout) if done.stdout else None,
        "trouble": done.stderr.decode("utf-8", "replace").strip()[-500:],
    }


def invitation_place(key: str, folder: str) -> str:
    """Where on this box the invitations of a load are, which hold keys: in a folder that is its login's alone."""
    reports = _reports(folder)
    make_folder(reports)
    return str(reports / f".invitation.{key}")


def invitation(place: str) -> str:
    """What the servers' run of this box wrote for its clients; empty where it has not, or not any more."""
    try:
        return read_plain(Path(place), _FILE_MAX).decode()
    except OSError:
        return ""


def _boot() -> str:
    """What tells this machine, as long as it runs, from every other; empty where the kernel does not say."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def take_invitation(place: str, text: str) -> str:
    """Keep what clients need of another box's servers, for this login only; give the place. Raises OSError."""
    return str(write_whole(Path(place), text.encode(), durable=False))


def finish(directory: str, by: str) -> bool:
    """Have servers whose load is over cool down and end; False where they do not answer now."""
    try:
        client.finish(Path(directory), by=by)
    except OSError:
        return False
    return True


def _reports(folder: str) -> Path:
    place = Path(folder).expanduser()
    return place if place.is_absolute() else Path.home() / place


def begin(key: str, scenario: str, options: list[str], folder: str) -> str:
    """Start a run that nobody here owns but its supervisor; give its directory. Raises RuntimeError with the reason.

    Asked again with the same key, after an answer was lost, it gives the run that was started then.
    """
    reports = _reports(folder)
    make_folder(reports)
    begun = reports / f".begun.{key}"
    named = ["--scenario-file", scenario] if scenario.endswith(".toml") else [scenario]
    argv = itself.module("stresstui", "run", *named, "--detach", "--report-dir", str(reports), *options)
    with os.fdopen(os.open(begun, _SAID, 0o600), "r+", encoding="utf-8") as said:
        fcntl.flock(said, fcntl.LOCK_EX)  # its end, where whoever asked for it before has gone meanwhile
        if run := _started(said):
            return str(reports / run)
        said.truncate(0)
        why = _why_not(argv, said)
        if run := _started(said):
            return str(reports / run)
    begun.unlink(missing_ok=True)
    raise RuntimeError(why)


def _why_not(argv: tuple[str, ...], said: IO[str]) -> str:
    """Carry a command out; give why it did not, if it did not.

    What it says goes to the file, and the lock on that with it: both outlive a worker that dies with its connection.
    """
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.PIPE, text=True, check=False,
            timeout=_START_S, cwd=next(p for p in (Path.home(), Path("/")) if os.access(p, os.X_OK)),
            start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"'stresstui run' took more than {_START_S:.0f} s to start"
    said.seek(0)
    why = (done.stderr or said.read()).strip().splitlines()
    return why[-1] if why else f"'stresstui run' ended with {done.returncode}"


def _started(said: IO[str]) -> str:
    """Name of the run that a command said it began; empty where it said none."""
    said.seek(0)
    found = _STARTED.search(said.read())
    return found[1] if found else ""


def read(directory: str, offset: int, most: int = PIECE) -> dict[str, Any]:
    """What a run's journal has from a byte on, so many at most, and whether its supervisor lives.

    ``lives`` is read before the journal: what a supervisor wrote last is in the piece when it is said to be gone.
    """
    run_dir = Path(directory)
    lives = supervisor_pid(run_dir) is not None
    try:
        file = open_journal(run_dir / JOURNAL)
    except FileNotFoundError:
        return {"lives": lives, "data": b"", "size": 0}
    with closing(file):
        file.seek(offset)
        return {"lives": lives, "data": file.read(most), "size": file.size}


def fetch(directory: str) -> dict[str, bytes]:
    """The small files of a run, those that there are."""
    found: dict[str, bytes] = {}
    for name in KEPT:
        try:
            found[name] = read_plain(Path(directory) / name, _FILE_MAX)
        except OSError:
            continue
    return found


def archive(directory: str, whose: str = "") -> dict[str, Any]:
    """Pack a run that has ended; give the archive's path here and its size. Raises OSError, as on a full disk.

    ``whose`` keeps two controllers, on two machines, from each other's file: one forgets it while another reads it.
    The journal has its end a moment before the supervisor's: what that still writes is waited for.
    """
    run_dir = Path(directory)
    deadline = time.monotonic() + _START_S
    while supervisor_pid(run_dir) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    info = describe_run(run_dir)
    if info is None or info.live:
        raise RuntimeError(f"{run_dir.name} is not a run that has ended")
    packed = run_dir.with_name(f".{run_dir.name}{whose and f'.{whose}'}{SUFFIX}")
    for left in (packed, packed.with_name(packed.name + ".part")):
        left.unlink(missing_ok=True)
    try:
        return {"path": str(packed), "size": pack(info, packed)}
    except OSError:
        packed.with_name(packed.name + ".part").unlink(missing_ok=True)
        raise


def piece(path: str, offset: int, most: int = PIECE) -> bytes:
    """Bytes of an archive from one on, so many at most; raises OSError."""
    fd = descriptor_of(Path(path))
    try:
        return os.pread(fd, most, offset)
    finally:
        os.close(fd)


def forget(path: str) -> None:
    """Remove a file that has served: an archive that was taken over, what a client was told."""
    Path(path).unlink(missing_ok=True)


def stop(directory: str, by: str) -> None:
    """Have a run end in good order; raises OSError with the reason.

    One that does not answer because it is ending, as another has asked it to, is waited for.
    """
    run_dir = Path(directory)
    try:
        client.stop(run_dir, by=by)
    except OSError:
        deadline = time.monotonic() + _END_S
        while supervisor_pid(run_dir) is not None and time.monotonic() < deadline:
            time.sleep(0.1)
        if read_end(run_dir / JOURNAL) is None:
            raise


def note(directory: str, text: str, by: str) -> None:
    """Write a note into a run; raises OSError with the reason."""
    client.note(Path(directory), text, by=by)


def runs(folder: str) -> list[str]:
    """Directories of the runs in a folder."""
    reports = _reports(folder)
    return [str(info.directory) for info in find_runs(reports)]
