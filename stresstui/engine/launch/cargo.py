"""Cargo: whether a workspace has a scenario's test, and which executable a build made of it."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec

from stresstui.core.model.scenario import CargoRun, CargoTest
from stresstui.engine.launch.cfg import features_for, features_named, is_for_release
from stresstui.engine.launch.rust_source import RustTest, read_tests

_METADATA: Final = ("cargo", "metadata", "--no-deps", "--offline", "--format-version", "1")
_TIMEOUT_S: Final = 30.0
_MAX_ALIKE: Final = 3
_MAX_TARGETS: Final = 500
"""Test targets that are read to find a test elsewhere than its scenario says; 383 took half a second."""


def find_workspace(start: Path) -> Path | None:
    """The outermost-declared Cargo workspace above a folder, else the nearest package; None for neither."""
    nearest: Path | None = None
    for folder in (start.absolute(), *start.absolute().parents):
        manifest = folder / "Cargo.toml"
        if not manifest.is_file():
            continue
        nearest = nearest or folder
        if "workspace" in read_manifest(manifest):
            return folder
    return nearest


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest's tables; none where it cannot be read."""
    import tomllib  # noqa: PLC0415 - only who has a workspace needs it

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


class Fit(msgspec.Struct, frozen=True):
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
    import shutil  # noqa: PLC0415 - as tomllib

    if shutil.which("cargo") is None:
        return Fit(None, "cargo is not on PATH")
    packages, trouble = read_packages(workspace)
    if trouble is not None:
        return Fit(None, f"cargo cannot read the workspace {workspace}: {trouble}")
    fits = [_fit(workspace, packages, candidate) for candidate in run.candidates]
    able = [fit for fit in fits if fit.run]
    if able:
        best = next((fit for fit in able if fit.sure), able[0])
        return msgspec.structs.replace(best, run=_with_others(best.run, run))
    moved = _elsewhere(packages, run)
    if len(moved) == 1 and (fit := _fit(workspace, packages, moved[0])).run:
        return fit
    alike = _name_places(moved) if moved else _name_alike(packages, run)
    return msgspec.structs.replace(fits[0], why=fits[0].why + (f"; alike are {alike}" if alike else ""))


def _elsewhere(packages: list[dict[str, Any]], run: CargoRun) -> list[CargoRun]:
    """Where in the workspace the first of a scenario's tests that any target has stands, by its whole name or path."""
    targets = [(package, target) for package in packages for target in test_targets(package)][:_MAX_TARGETS]
    sources = [(package["name"], target["name"], read_tests(Path(target["src_path"]))) for package, target in targets]
    for one in run.candidates:
        places = [
            (p, t) for p, t, source in sources if any(one.test in (test.name, test.path) for test in source.tests)
        ]
        if places:
            return [msgspec.structs.replace(one, package=package, test_target=target) for package, target in places]
    return []


def _name_places(runs: list[CargoRun]) -> str:
    return ", ".join(f"{run.test} ({run.test_target} of {run.package})" for run in runs[:_MAX_ALIKE])


def _with_others(chosen: CargoRun | None, run: CargoRun) -> CargoRun | None:
    """Keep the other candidates of the chosen one's target: what it was built of may have hidden its tests."""
    if chosen is None:
        return None
    same = (chosen.package, chosen.test_target)
    others = tuple(
        CargoTest(name=one.test, target=one.test_target, package=one.package)
        for one in run.candidates
        if (one.package, one.test_target) == same and one.test != chosen.test
    )
    return msgspec.structs.replace(chosen, tests=others)


def _fit(workspace: Path, packages: list[dict[str, Any]], run: CargoRun) -> Fit:
    package = next((p for p in packages if p["name"] == run.package), None)
    if package is None:
        return Fit(None, f"the workspace {workspace} has no package '{run.package}'")
    target = next((t for t in test_targets(package) if t["name"] == run.test_target), None)
    if target is None:
        there = ", ".join(t["name"] for t in test_targets(package)[:_MAX_ALIKE])
        lack = f"package '{run.package}' in {workspace} has no test target '{run.test_target}'"
        return Fit(None, f"{lack}, but {there}" if there else lack)
    source = read_tests(Path(target["src_path"]))
    tests = source.matching(run.test)
    if not tests and source.whole:
        lack = f"test target '{run.test_target}' of package '{run.package}' has no test '{run.test}'"
        return Fit(None, lack, attempt=run)
    needed, lacking = _demand(package, [*target.get("required-features", ())], tests, run)
    if lacking:
        return Fit(None, f"'{run.test}' {lacking}")
    full = run.with_features(needed)
    if not (run.profile or run.release) and tests and all(is_for_release(test.conditions) for test in tests):
        full = msgspec.structs.replace(full, release=True)
    return Fit(full, _describe(workspace, full), sure=bool(tests))


def _demand(
    package: dict[str, Any], required: list[str], tests: list[RustTest], run: CargoRun
) -> tuple[tuple[str, ...], str]:
    """The features that a build needs for the tests, or why none of them can be built."""
    known, name = package["features"], package["name"]
    needed = list(dict.fromkeys(required))
    unknown = [feature for feature in needed if feature not in known]
    built = False
    for test in tests:
        given = with_implied(known, ("default", *run.features, *needed))
        more = features_for(test.conditions, given, known)
        if more is None:
            unknown += [feature for feature in features_named(test.conditions) if feature not in known]
        else:
            needed, built = [*needed, *more], True
    if tests and not built:
        lacking = f"is behind the feature '{unknown[0]}', which package '{name}' lacks" if unknown else ""
        return (), lacking or f"of package '{name}' is not compiled here: cfg({', '.join(tests[0].conditions)})"
    if not tests and unknown:
        return (), f"is behind the feature '{unknown[0]}', which package '{name}' lacks"
    return tuple(dict.fromkeys(needed)), ""


def with_implied(known: dict[str, list[str]], names: Iterable[str]) -> set[str]:
    """Features with all that they turn on in the same package."""
    on: set[str] = set()
    waiting = [name for name in names if name in known]
    while waiting:
        name = waiting.pop()
        if name not in on:
            on.add(name)
            waiting += [further for further in known[name] if further in known]
    return on


def _describe(workspace: Path, run: CargoRun) -> str:
    test = f"'{run.test}' in " if run.test else ""
    features = f", features {','.join(run.features)}" if run.features else ""
    profile = ", built with --release" if run.release else ""
    target = f"package '{run.package}' with test target '{run.test_target}'"
    return f"the workspace {workspace} has {test}{target}{features}{profile}"


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
    import difflib  # noqa: PLC0415 - as tomllib

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


class Built(NamedTuple):
    """What a build made of a test target."""

    path: str
    """The executable."""
    manifest: str = ""
    """The package's Cargo.toml."""


def find_executable(messages: bytes, run: CargoRun) -> Built | None:
    """The executable of a test in the messages of its build; None where they name none."""
    found: Built | None = None
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
                found = Built(str(message["executable"]), str(message.get("manifest_path", "")))
    return found
