"""Where the kernel has a process's threads: what they wait for (proc_pid_stack(5); root's, else wchan says less)."""

from collections import Counter
from pathlib import Path
from typing import Final

_THREADS_MAX: Final = 2000


def kernel_stacks(pid: int) -> list[tuple[int, str]]:
    """How many threads are at which place in the kernel, the most first; empty where that may not be read.

    ``/proc/PID/task/TID/stack`` is root's; ``wchan`` and ``syscall`` say less and are for the process's user.
    """
    places: Counter[str] = Counter()
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())[:_THREADS_MAX]
    except OSError:
        return []
    for task in tasks:
        places[_place(task)] += 1
    return [(count, place) for place, count in places.most_common()]


def _place(task: Path) -> str:
    state = _read(task / "stat").rpartition(")")[2].split()[:1]
    frames = [line.partition("] ")[2].partition("+")[0] for line in _read(task / "stack").splitlines()]
    where = " < ".join(frame for frame in frames if frame) or _read(task / "wchan").strip("0") or "not readable"
    return f"{_read(task / 'comm').strip()} ({''.join(state) or '?'}): {'on the CPU' if state == ['R'] else where}"


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
