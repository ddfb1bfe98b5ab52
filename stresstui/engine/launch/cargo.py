"""Cargo: whether a workspace has a scenario's test, and which executable a build made of it."""

import json
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

from stresstui.core.model.scenario import CargoRun

_METADATA: Final = ("cargo", "metadata", "--no-deps", "--offline", "--format-version", "1")
_TIMEOUT_S: Final = 30.0


def find_workspace(start: Path) -> Path | None:
    """The outermost-declared Cargo workspace above a folder, else the nearest package; None for neither."""
    nearest: Path | None = None
    for folder in (start.absolute(), *start.absolute().parents):
        manifest = folder / "Cargo.toml"
        if not manifest.is_file():
            continue
        nearest = nearest or folder
        if "workspace" in _read_toml(manifest):
            return folder
    return nearest


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def explain_absence(workspace: Path, run: CargoRun) -> str | None:
    """Say why a scenario's test cannot be run in that workspace, one clause; None when it can."""
    if shutil.which("cargo") is None:
        return "cargo is not on PATH"
    packages, trouble = _read_packages(workspace)
    if trouble is not None:
        return f"cargo cannot read the workspace {workspace}: {trouble}"
    package = next((p for p in packages if p["name"] == run.package), None)
    if package is None:
        return f"the workspace {workspace} has no package '{run.package}'"
    if any(t["name"] == run.test_target and "test" in t["kind"] for t in package["targets"]):
        return None
    return f"package '{run.package}' in {workspace} has no test target '{run.test_target}'"


def _read_packages(workspace: Path) -> tuple[list[dict[str, Any]], str | None]:
    try:
        done = subprocess.run(
            _METADATA, cwd=workspace, capture_output=True, timeout=_TIMEOUT_S, check=False, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return [], str(error)
    if done.returncode != 0:
        lines = done.stderr.decode(errors="replace").strip().splitlines()
        return [], lines[0] if lines else f"exit status {done.returncode}"
    return json.loads(done.stdout)["packages"], None


def build_command(run: CargoRun) -> tuple[str, ...]:
    """The command that builds a test and says on standard output where its executable is."""
    return ("cargo", "test", *run.build_arguments, "--no-run", "--message-format=json-render-diagnostics")


def find_executable(messages: bytes, run: CargoRun) -> str | None:
    """The path of the test's executable in the messages of its build; None where they name none."""
    found: str | None = None
    for line in messages.splitlines():
        if not line.startswith(b"{"):
            continue
        try:
            message = json.loads(line)
        except ValueError:
            continue
        if message.get("reason") == "compiler-artifact" and message.get("executable"):
            target = message["target"]
            if target["name"] == run.test_target and "test" in target["kind"]:
                found = str(message["executable"])
    return found
