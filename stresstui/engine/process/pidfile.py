"""Whether the supervisor of a run is alive: its pid with its start time, so that a reused pid deceives nobody."""

import os
from pathlib import Path
from typing import Final

import msgspec

from stresstui.engine.process.find import look_up

PID_FILE: Final = "supervisor.pid"
"""Name of the file in a run's directory."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")


class _Identity(msgspec.Struct, frozen=True):
    pid: int
    started: float
    boot: str = ""


def write_pid_file(run_dir: Path) -> None:
    """Say that this process supervises the run; raises OSError."""
    process = look_up(os.getpid())
    identity = _Identity(os.getpid(), process.started if process else 0.0, _boot())
    path = run_dir / PID_FILE
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(msgspec.json.encode(identity))
    fresh.replace(path)


def supervisor_pid(run_dir: Path) -> int | None:
    """Pid of the living supervisor of a run; None where it has ended, however it did."""
    try:
        identity = msgspec.json.decode((run_dir / PID_FILE).read_bytes(), type=_Identity)
    except (OSError, msgspec.DecodeError):
        return None
    process = look_up(identity.pid)
    alive = process is not None and process.started == identity.started and identity.boot == _boot()
    return identity.pid if alive else None


def _boot() -> str:
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""
