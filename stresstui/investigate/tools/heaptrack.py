"""Who allocates what is never freed, in Rust and C: heaptrack, attached to a process or from its start on."""

import contextlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import Final

import msgspec

from stresstui.investigate.tools.tool import ToolError, needed, run_tool

PRINT_S: Final = 120.0
"""Seconds that a recording may take to be read."""
_GDB_S: Final = 60.0
_END_S: Final = 60.0
_LOOK_S: Final = 0.2
_UNITS: Final = {"B": 1, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_LEAK: Final = re.compile(r"^([\d.]+)([BKMGT]?) leaked over (\d+) calls from$")
_TOTALS: Final = re.compile(
    r"^(calls to allocation functions|peak heap memory consumption|total memory leaked|total runtime): (.+)$"
)
_STOP: Final = (
    "-iex=set auto-solib-add off", "--eval-command=sharedlibrary libheaptrack_inject",
    "--eval-command=call (void) heaptrack_stop()", "--eval-command=detach",
)  # fmt: skip
_REFUSED: Final = re.compile(r"^(?:Couldn't |Could not |ptrace: |No symbol \"heaptrack_inject\").*$", re.MULTILINE)
"""What gdb says where it could not put heaptrack into a program; heaptrack goes on as if it were there."""
_INSIDE: Final = "injection finished"
_NO_WINDOW: Final = ("DISPLAY", "WAYLAND_DISPLAY")
"""Without these heaptrack opens no window of its own when it is done."""


class Leak(msgspec.Struct, frozen=True):
    """What one function allocated and nobody freed."""

    function: str
    size: float
    """Bytes."""
    count: int
    """Allocations."""
    place: str = ""
    """Source file and line, where it was built with them."""


def command(program: tuple[str, ...], file: Path) -> tuple[str, ...]:
    """The command that starts a program under heaptrack, which writes beside ``file``."""
    return ("heaptrack", "-o", str(file), *program)


def attach(pid: int, seconds: float, file: Path) -> Path:
    """Record what a running process allocates for some time; return the recording. Raises ToolError.

    Its own word on that: it may crash the program. It also leaves a thread and descriptors behind in it.
    """
    needed("heaptrack", "gdb", "heaptrack_print")
    log = file.with_suffix(".log")
    env = {name: value for name, value in os.environ.items() if name not in _NO_WINDOW}
    with log.open("wb") as said:
        tool = subprocess.Popen(
            ("heaptrack", "-o", str(file), "-p", str(pid)), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            start_new_session=True, env=env,
        )  # fmt: skip
    try:
        _wait(tool, pid, seconds, log)
        if tool.poll() is None:
            run_tool(("gdb", "--batch-silent", "-n", "-p", str(pid), *_STOP), _GDB_S)
            tool.wait(_END_S)
    except subprocess.TimeoutExpired:
        raise ToolError(f"heaptrack did not let go of process {pid} within {_END_S:g} s ({log})") from None
    finally:
        if tool.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(tool.pid, signal.SIGKILL)
            tool.wait()
    found = recording(file)
    if found is None:
        raise ToolError(f"heaptrack recorded nothing of process {pid}: {_last_line(log)}")
    return found


def _wait(tool: "subprocess.Popen[bytes]", pid: int, seconds: float, log: Path) -> None:
    """Wait for that long once it is in the process, or until either has ended; raises ToolError where it got not in."""
    deadline, inside = time.monotonic() + _GDB_S, False
    while time.monotonic() < deadline and tool.poll() is None and Path(f"/proc/{pid}").exists():
        said = log.read_text(errors="replace")
        if why := refusal(said):
            instead = "'stresstui run --heaptrack' records from the start on"
            raise ToolError(f"gdb could not put heaptrack into process {pid}: {why}; {instead}")
        if _INSIDE in said and not inside:
            deadline, inside = time.monotonic() + seconds, True
        time.sleep(_LOOK_S)


def refusal(said: str) -> str:
    """Why heaptrack is not in the process, by what it said once gdb was done; empty where that is not known."""
    found = _REFUSED.search(said) if _INSIDE in said else None
    return found[0].strip(". \t") if found else ""


def recording(file: Path) -> Path | None:
    """The recording that heaptrack made of a name, by the compressor that it found; None where there is none."""
    return next((path for end in (".zst", ".gz") if (path := file.with_name(file.name + end)).is_file()), None)


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def summary(recorded: Path) -> tuple[list[Leak], dict[str, str]]:
    """What a recording came to: who leaked most, and its totals in heaptrack's words; raises ToolError."""
    needed("heaptrack_print")
    wanted = ("-p", "0", "-a", "0", "-T", "0", "-l", "1", "-n", "15", "-s", "1")
    return parse(run_tool(("heaptrack_print", "-f", str(recorded), *wanted), PRINT_S))


def parse(text: str) -> tuple[list[Leak], dict[str, str]]:
    """Read what ``heaptrack_print -l 1`` says."""
    leaks, totals = list[Leak](), dict[str, str]()
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if match := _LEAK.match(line):
            function, place = (part.strip() for part in [*lines[number + 1 : number + 3], "", ""][:2])
            size = float(match[1]) * _UNITS[match[2] or "B"]
            leaks.append(Leak(function, size, int(match[3]), place[3:] if place.startswith("at ") else ""))
        elif match := _TOTALS.match(line):
            totals[match[1]] = match[2]
    return sorted(leaks, key=lambda one: -one.size), totals
