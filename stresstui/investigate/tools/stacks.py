"""What a Python program is doing: its own frames, by py-spy."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

from stresstui.investigate.tools.tool import PACKAGES

_WAIT_S: Final = 10.0


def python_stacks(pid: int) -> str:
    """The frames of a Python program, by py-spy; says what is missing where it cannot be had."""
    if shutil.which("py-spy") is None:
        return f"py-spy is not installed ({PACKAGES['py-spy']})"
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
