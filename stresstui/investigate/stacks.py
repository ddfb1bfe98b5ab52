"""What threads are doing: where the kernel has them waiting, and for Python programs their own frames."""

import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Final

_WAIT_S: Final = 10.0
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


def python_stacks(pid: int) -> str:
    """The frames of a Python program, by py-spy; says what is missing where it cannot be had."""
    if shutil.which("py-spy") is None:
        return "py-spy is not installed (pip install py-spy)"
    try:
        done = subprocess.run(
            ("py-spy", "dump", "--nonblocking", "--pid", str(pid)), capture_output=True, text=True, errors="replace",
            timeout=_WAIT_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"py-spy: {error}"
    return done.stdout if done.returncode == 0 else f"py-spy: {done.stderr.strip()}"


def is_python(pid: int) -> bool:
    """Whether a process is an interpreter of Python."""
    try:
        return "python" in Path(f"/proc/{pid}/exe").readlink().name
    except OSError:
        return False
