"""macOS: ``leaks`` for memory, ``sample`` for time and stacks. Written by their manual pages; never run there by us."""

import re
import sys
from typing import Final

from stresstui.investigate.tools.tool import needed, run_tool

_LEAKS: Final = re.compile(r"Process \d+: (\d+) leaks? for (\d+) total leaked bytes")
_WAIT_S: Final = 120.0
_FOUND: Final = 1
"""What ``leaks`` ends with where it found some (leaks(1))."""


def is_here() -> bool:
    """Whether this is macOS."""
    return sys.platform == "darwin"


def leaks_command(pid: int) -> tuple[str, ...]:
    """The command that looks for memory that nothing points to; it stops the process while it looks."""
    return ("leaks", "--nostacks", str(pid))


def sample_command(pid: int, seconds: float) -> tuple[str, ...]:
    """The command that says where a process's threads spend their time."""
    return ("sample", str(pid), f"{max(1.0, seconds):.0f}", "-mayDie")


def leaks(pid: int) -> tuple[int, int, str]:
    """How many blocks nothing points to, their bytes, and all that was said; raises ToolError."""
    needed("leaks")
    text = run_tool(leaks_command(pid), _WAIT_S, fine=(0, _FOUND))
    match = _LEAKS.search(text)
    return (int(match[1]), int(match[2]), text) if match else (0, 0, text)


def sampled(pid: int, seconds: float) -> str:
    """The call graph of a process over some time; raises ToolError."""
    needed("sample")
    return run_tool(sample_command(pid, seconds), seconds + _WAIT_S)
