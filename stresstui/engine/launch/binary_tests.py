"""What a built test binary says that it holds, and which of a scenario's tests that means."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.scenario import CargoRun
from stresstui.engine.launch.cargo import read_manifest

LIST: Final = ("--list", "--format", "terse")
"""Arguments with which libtest names its tests and runs none."""
_LINE: Final = re.compile(r"^(\S.*): test$", re.MULTILINE)
_MAX_ALIKE: Final = 3


def is_libtest(manifest: str, target: str) -> bool:
    """Whether a target has the harness that can list; one of its own may run its tests whatever it is asked."""
    tables = read_manifest(Path(manifest)).get("test", [])
    own = next((table for table in tables if isinstance(table, dict) and table.get("name") == target), {})
    return own.get("harness") is not False


def read_list(printed: str) -> list[str]:
    """The tests, by their paths, in what ``LIST`` prints."""
    return _LINE.findall(printed)


class Selection(msgspec.Struct, frozen=True):
    """What is run of a binary."""

    run: CargoRun
    """The test, and the arguments with which it runs."""
    said: str = ""
    """What was changed and why, or what is lacking; empty where all is as the scenario has it."""
    lacks: bool = False
    """True where the binary has none of the scenario's tests."""


def select(run: CargoRun, listed: list[str], ignored: list[str]) -> Selection:
    """Choose the first of the candidates that a binary has, and the arguments that make just that run."""
    for candidate in run.candidates:
        tests = _matching(candidate.test, listed)
        if tests:
            chosen = _narrowed(candidate, tests, listed, ignored)
            return Selection(chosen, _explain(run, chosen))
    import difflib  # noqa: PLC0415 - most runs find theirs

    close = difflib.get_close_matches(run.test, [path.rpartition("::")[2] for path in listed], n=_MAX_ALIKE)
    alike = f"; alike are {', '.join(close)}" if close else ""
    return Selection(run, f"of its {len(listed)} tests none is '{run.test}'{alike}", lacks=True)


def _matching(words: str, listed: list[str]) -> list[str]:
    named = [path for path in listed if words in (path, path.rpartition("::")[2])]
    return named or [path for path in listed if words in path]


def _narrowed(run: CargoRun, tests: list[str], listed: list[str], ignored: Iterable[str]) -> CargoRun:
    """Have tests without ``#[ignore]`` run too, and none whose name only begins alike."""
    args, filtered = run.args, run.test
    if "--ignored" in args and not set(tests) <= set(ignored):
        args = tuple("--include-ignored" if word == "--ignored" else word for word in args)
    if "--exact" not in args and len([path for path in listed if run.test in path]) > len(tests):
        filtered, args = tests[0], (*tests[1:], "--exact", *args)
    return msgspec.structs.replace(run, test=filtered, args=args)


def _explain(asked: CargoRun, chosen: CargoRun) -> str:
    said = []
    if chosen.test.rpartition("::")[2] != asked.test.rpartition("::")[2]:
        said.append(f"it has no test '{asked.test}', so '{chosen.test}' runs")
    elif "--exact" in chosen.args and "--exact" not in asked.args:
        said.append(f"just '{chosen.test}' runs, other names hold its name")
    if "--include-ignored" in chosen.args and "--include-ignored" not in asked.args:
        said.append("not all of its tests are #[ignore], so --include-ignored")
    return "; ".join(said)
