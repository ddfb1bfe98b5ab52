"""The machine: cores, memory, disk, clock. The guide asks for four cores, 8 GB and an SSD."""

import os
import time
from pathlib import Path
from typing import Final

from stresstui.core.model.check import Check
from stresstui.core.model.units import format_value
from stresstui.doctor.needs import Needs
from stresstui.doctor.verdicts import judged, ok, problem, warning

GROUP: Final = "Machine"
CORES: Final = 4
"""Cores that the guide recommends."""
MEMORY: Final = 8 << 30
"""Bytes of memory that the guide recommends."""
_MEMORY_SLACK: Final = 0.9
"""A machine sold with 8 GB shows somewhat less."""
_FSYNC_SLOW_S: Final = 0.05
_PROBE: Final = b"x" * (4 << 20)
_CALENDAR: Final = 1_700_000_000
"""A clock that is before this (November 2023) was never set."""


def look(needs: Needs) -> list[Check]:
    """What is there; takes a few milliseconds."""
    return [_cores(), _memory(), _room(needs), _clock(), *_governor()]


def _cores() -> Check:
    there = os.cpu_count() or 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else there
    found = f"{allowed} of {there}" if allowed < there else str(there)
    complaint = f"the guide recommends {CORES}" if allowed < CORES else ""
    return judged(GROUP, "CPU cores", found, complaint, "take a larger machine, or a lower load; rates are lower here")


def _memory() -> Check:
    try:
        size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return warning(GROUP, "memory", "the system does not say how much there is", "look at it by hand")
    complaint = "the guide recommends 8 GB" if size < MEMORY * _MEMORY_SLACK else ""
    return judged(GROUP, "memory", format_value(size, "bytes"), complaint, "take a larger machine")


def _room(needs: Needs) -> Check:
    folder = existing(needs.report_dir)
    try:
        room = os.statvfs(folder)
    except OSError as error:
        return problem(GROUP, "disk", f"{folder} cannot be looked at: {error.strerror}", "choose another --report-dir")
    free = room.f_bavail * room.f_frsize
    found = f"{format_value(free, 'bytes')} free in {folder}"
    need = format_value(needs.disk, "bytes")
    if free < needs.disk:
        mend = "free some, prune old runs ('stresstui prune'), or choose another --report-dir"
        return problem(GROUP, "disk", f"{found}: this run may write {need}", mend)
    return ok(GROUP, "disk", f"{found}, about {need} needed")


def _clock() -> Check:
    now = time.time()
    if now < _CALENDAR:
        return warning(
            GROUP, "clock", f"it says {time.strftime('%Y-%m-%d', time.gmtime(now))}", "set it, e.g. with NTP"
        )
    return ok(GROUP, "clock", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now)))


def _governor() -> list[Check]:
    """The frequency governor, where the machine has one: one that saves power makes times depend on the load."""
    found = sorted({text for path in _governors() if (text := read(path))})
    if not found:
        return []
    complaint = "clock rates follow the load, so times and rates vary" if "powersave" in found else ""
    mend = "cpupower frequency-set --governor performance"
    return [judged(GROUP, "CPU governor", ", ".join(found), complaint, mend)]


def _governors() -> list[Path]:
    return list(Path("/sys/devices/system/cpu").glob("cpu[0-9]*/cpufreq/scaling_governor"))


def disk_speed(needs: Needs) -> Check:
    """Write 4 MiB where runs are recorded and wait until the disk has them; takes what that takes."""
    path = existing(needs.report_dir) / f".stresstui-doctor-{os.getpid()}"
    try:
        began = time.monotonic()
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            os.write(fd, _PROBE)
            os.fsync(fd)
            lasted = time.monotonic() - began
        finally:
            os.close(fd)
            path.unlink()
    except OSError as error:
        return problem(GROUP, "disk speed", f"{path.parent} cannot be written: {error.strerror}", "choose --report-dir")
    found = f"4 MiB written and synced in {1000 * lasted:.0f} ms"
    slow = "a slow disk" if lasted > len(_PROBE) / (20 << 20) + _FSYNC_SLOW_S else ""
    return judged(GROUP, "disk speed", found, slow, "record on an SSD: --report-dir")


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    full = folder.absolute()
    return next((place for place in (full, *full.parents) if place.is_dir()), Path("/"))


def read(path: Path) -> str:
    """What a small file of the system says, without blanks around it; empty where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
