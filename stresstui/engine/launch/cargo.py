"""Cargo: whether a workspace has a scenario's test, and which executable a build made of it."""

import difflib
import json
import shutil
import subprocess
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from stresstui.core.model.scenario import CargoRun
from stresstui.engine.launch.rust_source import read_tests

_METADATA: Final = ("cargo", "metadata", "--no-deps", "--offline", "--format-version", "1")
_TIMEOUT_S: Final = 30.0
_MAX_ALIKE: Final = 3


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


@dataclass(frozen=True, slots=True)
class Fit:
    """Which of a scenario's tests a workspace has."""

    run: CargoRun | None
    """The test, with the features that it needs; None where there is none."""
    why: str
    """Why so, one clause."""
    sure: bool = False
    """True where the test stands in the sources; False where a macro may make it."""
    attempt: CargoRun | None = None
    """Where there is no such test: the run of its target that would show so."""


def find_test(workspace: Path, run: CargoRun) -> Fit:
    """Choose the first of a scenario's tests that the workspace's sources have; nothing is built."""
    if shutil.which("cargo") is None:
        return Fit(None, "cargo is not on PATH")
    packages, trouble = read_packages(workspace)
    if trouble is not None:
        return Fit(None, f"cargo cannot read the workspace {workspace}: {trouble}")
    fits = [_fit(workspace, packages, candidate) for candidate in run.candidates]
    able = [fit for fit in fits if fit.run]
    if able:
        return next((fit for fit in able if fit.sure), able[0])
    alike = _name_alike(packages, run)
    return replace(fits[0], why=fits[0].why + (f"; alike are {alike}" if alike else ""))


def _fit(workspace: Path, packages: list[dict[str, Any]], run: CargoRun) -> Fit:
    package = next((p for p in packages if p["name"] == run.package), None)
    if package is None:
        return Fit(None, f"the workspace {workspace} has no package '{run.package}'")
    target = next((t for t in test_targets(package) if t["name"] == run.test_target), None)
    if target is None:
        return Fit(None, f"package '{run.package}' in {workspace} has no test target '{run.test_target}'")
    source = read_tests(Path(target["src_path"]))
    tests = source.matching(run.test)
    if not tests and source.whole:
        lack = f"test target '{run.test_target}' of package '{run.package}' has no test '{run.test}'"
        return Fit(None, lack, attempt=run)
    needed = [*target.get("required-features", ()), *(name for test in tests for name in test.features)]
    unknown = [name for name in needed if name not in package["features"]]
    if unknown:
        return Fit(None, f"'{run.test}' is behind the feature '{unknown[0]}', which package '{run.package}' lacks")
    full = run.with_features(tuple(needed))
    return Fit(full, _describe(workspace, full), sure=bool(tests))


def _describe(workspace: Path, run: CargoRun) -> str:
    test = f"'{run.test}' in " if run.test else ""
    features = f", features {','.join(run.features)}" if run.features else ""
    return f"the workspace {workspace} has {test}package '{run.package}' with test target '{run.test_target}'{features}"


def test_targets(package: dict[str, Any]) -> list[dict[str, Any]]:
    """The integration tests of a package."""
    return [target for target in package["targets"] if "test" in target["kind"]]


def _name_alike(packages: list[dict[str, Any]], run: CargoRun) -> str:
    """The tests of the workspace whose names are most like a scenario's, for a line; empty where none is."""
    wanted = {(candidate.package, candidate.test_target) for candidate in run.candidates}
    names = {
        test.name: target["name"]
        for package in packages
        for target in test_targets(package)
        if (package["name"], target["name"]) in wanted
        for test in read_tests(Path(target["src_path"])).tests
    }
    wished = [candidate.test for candidate in run.candidates]
    close = dict.fromkeys(n for name in wished for n in difflib.get_close_matches(name, names, n=_MAX_ALIKE))
    return ", ".join(f"{name} ({names[name]})" for name in list(close)[:_MAX_ALIKE])


def read_packages(workspace: Path) -> tuple[list[dict[str, Any]], str | None]:
    """The packages of a workspace as cargo tells them, or why it does not."""
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
