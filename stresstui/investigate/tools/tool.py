"""Runs a tool of the system for a look, and says in one line what went wrong and what to install."""

import shutil
import subprocess
from typing import Final

PACKAGES: Final = {
    "perf": "apt install linux-perf",
    "heaptrack": "apt install heaptrack",
    "heaptrack_print": "apt install heaptrack",
    "gdb": "apt install gdb",
    "py-spy": "pip install py-spy",
    "leaks": "xcode-select --install",
    "sample": "xcode-select --install",
}
"""What brings each tool."""


class ToolError(Exception):
    """A tool is missing or failed; the message is one line with the mend."""


def needed(*names: str) -> None:
    """Raise ToolError where one of the tools is missing."""
    for name in names:
        if shutil.which(name) is None:
            raise ToolError(f"{name} is not installed ({PACKAGES[name]})")


def run_tool(command: tuple[str, ...], wait_s: float, *, fine: tuple[int, ...] = (0,)) -> str:
    """What a tool prints within ``wait_s`` seconds; raises ToolError."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=wait_s, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ToolError(f"{command[0]} did not end within {wait_s:g} s") from None
    except OSError as error:
        raise ToolError(f"{command[0]}: {error.strerror or error}") from None
    if done.returncode not in fine:
        said = " ".join(done.stderr.split())[-300:]
        raise ToolError(f"{' '.join(command[:2])} failed: {said}; see '{command[0]}' in stresstui doctor")
    return done.stdout
