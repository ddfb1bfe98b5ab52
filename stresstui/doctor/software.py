"""The software that a run stands on, and the tools with which its failure is looked into."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from stresstui.core.model.check import Check
from stresstui.doctor.needs import Needs
from stresstui.doctor.verdicts import ok, problem, warning
from stresstui.lab.process import binaries

GROUP: Final = "Software"
TOOLS: Final = "Tools for investigation"
RUST: Final = (1, 90)
"""The guide's oldest Rust."""
_WAIT_S: Final = 10.0


class _Tool(NamedTuple):
    name: str
    package: str
    what: str


_TOOLS: Final = (
    _Tool("perf", "apt install linux-perf", "where CPU time goes"),
    _Tool("heaptrack", "apt install heaptrack", "who allocates, in C, C++ and Rust"),
    _Tool("gdb", "apt install gdb", "stacks of a running program"),
    _Tool("py-spy", "pip install py-spy", "stacks of Python programs"),
    _Tool("go", "apt install golang-go", "'go tool pprof' on Go profiles"),
)


def look(needs: Needs) -> list[Check]:
    """Python, the toolchain, the lab's programs with their versions, and tools; starts each once."""
    version = ".".join(map(str, sys.version_info[:3]))
    return [ok(GROUP, "python", version), *_rust(needs), *_lab(needs), *(_tool(tool) for tool in _TOOLS)]


def _rust(needs: Needs) -> list[Check]:
    say = problem if needs.uses_cargo else warning
    if shutil.which("cargo") is None:
        mend = "install Rust 1.90 or newer (rustup.rs); the lab runs without it"
        return [say(GROUP, "cargo", "not found: the cargo runner cannot be used", mend)]
    said = _first_line("rustc", "--version")
    found = re.search(r"(\d+)\.(\d+)", said)
    if found is None:
        return [say(GROUP, "rustc", said or "does not say its version", "rustup default stable")]
    if tuple(map(int, found.groups())) < RUST:
        return [warning(GROUP, "rustc", f"{said}: the guide asks for 1.90 or newer", "rustup update stable")]
    return [ok(GROUP, "rustc", said)]


def _lab(needs: Needs) -> list[Check]:
    return [
        _program(needs, "sing-box", _sing_box, ("ech", "hysteria", "tuic", "plain")),
        _program(needs, "Xray", _xray, ("reality",)),
        _sshd(),
    ]


def _program(needs: Needs, name: str, find: Callable[[], str], protocols: tuple[str, ...]) -> Check:
    try:
        return ok(GROUP, name, find())
    except binaries.MissingError as error:
        needed = bool(needs.protocols.intersection(protocols))
        text = f"{str(error).partition(':')[0]}: the lab's {', '.join(protocols)} cannot run"
        return (problem if needed else warning)(GROUP, name, text, binaries.INSTALL)


def _sing_box() -> str:
    path = binaries.sing_box()
    return f"{_first_line(path, 'version') or 'version unknown'} ({path})"


def _xray() -> str:
    command = binaries.xray(Path("unused"))
    if command[0] != sys.executable:
        return f"{_first_line(command[0], 'version') or 'version unknown'} ({command[0]})"
    return f"{metadata.version('Xray-core')} (Python package Xray-core)"


def _sshd() -> Check:
    path = binaries.sshd()
    if path is None:
        return ok(GROUP, "sshd", "not found: the lab's SSH uses asyncssh instead")
    return ok(GROUP, "sshd", f"{_first_line(path, '-V') or 'version unknown'} ({path})")


def _tool(tool: _Tool) -> Check:
    path = shutil.which(tool.name)
    if path is None:
        return warning(TOOLS, tool.name, f"not found ({tool.what})", tool.package)
    return ok(TOOLS, tool.name, f"{path} ({tool.what})")


def _first_line(*command: str) -> str:
    """What a program says first about itself, on either stream; empty where it says nothing."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=_WAIT_S, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[0] if lines else ""
