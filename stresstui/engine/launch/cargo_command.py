"""A test command as somebody wrote it: how it is built first, what it selects, and why none of its tests ran."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from stresstui.core.text.wrapped import behind_wrappers
from stresstui.engine.launch.cargo import find_workspace, read_packages, test_targets, with_implied
from stresstui.engine.launch.cfg import features_for, features_named
from stresstui.engine.launch.rust_source import read_tests

_NO_BUILD: Final = {"--no-run", "--message-format", "--doc", "--help", "-h", "--list"}
"""Options with which there is no build of its own to come first."""
_NEXTEST_FLAGS: Final = {
    "--workspace", "--all", "--lib", "--bins", "--tests", "--examples", "--benches", "--all-targets", "--all-features",
    "--no-default-features", "--release", "-r", "--locked", "--offline", "--frozen", "--ignore-rust-version",
}  # fmt: skip
_NEXTEST_VALUES: Final = {
    "--package", "-p", "--exclude", "--bin", "--test", "--example", "--bench", "--features", "-F", "--cargo-profile",
    "--target", "--target-dir", "--manifest-path", "--build-jobs", "--config", "-Z",
}  # fmt: skip
_TAKES_VALUE: Final = {
    *_NEXTEST_VALUES, "--profile", "--message-format", "--color", "--jobs", "-j", "--test-threads", "--skip",
    "--format",
}  # fmt: skip
"""Options of ``cargo test`` and of libtest whose value is the word behind them."""
_GO_OWN: Final = {"c", "exec", "list", "n", "help"}
"""Options of ``go test`` with which it runs nothing, or not by itself."""


def is_cargo_test(argv: Sequence[str]) -> bool:
    """Whether a command is ``cargo test`` or ``cargo nextest run``, with any toolchain."""
    words = _words(argv)
    return bool(words) and Path(words[0]).name == "cargo" and words[1:2] in (["test"], ["t"], ["nextest"])


def is_test_command(argv: Sequence[str]) -> bool:
    """Whether a command compiles before it runs what it tests."""
    return is_cargo_test(argv) or is_go_test(argv)


def sources_of(argv: Sequence[str], cwd: str) -> Path | None:
    """The workspace with the sources of what a command tests; None where there is none."""
    words = [*argv, ""]
    named = [words[at + 1] for at, word in enumerate(argv) if word == "--manifest-path"]
    named += [word.partition("=")[2] for word in argv if word.startswith("--manifest-path=")]
    return find_workspace(Path(cwd, named[0]).parent if named else Path(cwd))


def build_of(argv: Sequence[str]) -> tuple[str, ...] | None:
    """The command that only builds what a test command would run; None for what is not told apart."""
    own = list(argv[: list(argv).index("--")] if "--" in argv else argv)
    if is_go_test(argv):
        return None if _GO_OWN & {word.lstrip("-").partition("=")[0] for word in argv} else _build_of_go(argv)
    if not is_cargo_test(argv) or {word.partition("=")[0] for word in own} & _NO_BUILD:
        return None
    if _words(argv)[1] == "nextest":
        return _build_of_nextest(own)
    return (*own, "--no-run", "--message-format=json-render-diagnostics")


def _build_of_nextest(own: list[str]) -> tuple[str, ...] | None:
    """Only what selects the build: nextest refuses most of its other options beside ``--no-run``."""
    if "run" not in own:
        return None
    at = own.index("run") + 1
    kept, takes = [], False
    for word in own[at:]:
        name, equals, _ = word.partition("=")
        if takes or name in _NEXTEST_FLAGS or name in _NEXTEST_VALUES:
            kept.append(word)
        takes = not takes and name in _NEXTEST_VALUES and not equals
    return (*own[:at], *kept, "--no-run")


def is_go_test(argv: Sequence[str]) -> bool:
    """Whether a command is ``go test``."""
    own = behind_wrappers(argv)
    return len(own) > 1 and Path(own[0]).name == "go" and own[1] == "test"


def _build_of_go(argv: Sequence[str]) -> tuple[str, ...]:
    """Builds each package's test, and has it do nothing."""
    at = len(argv) - len(behind_wrappers(argv)) + 2
    return (*argv[:at], "-exec", "true", *argv[at:])


def _words(argv: Sequence[str]) -> list[str]:
    """The words of a command without what wraps it, and without its toolchain."""
    return [word for word in behind_wrappers(argv) if not word.startswith("+")]


def explain_no_tests(argv: Sequence[str], cwd: Path) -> str:
    """Say why ``cargo test`` ran no test where features are behind it, one clause; empty where they are not."""
    words = _words(argv)
    own = words[: words.index("--")] if "--" in words else words
    workspace = find_workspace(cwd)
    packages = read_packages(workspace)[0] if workspace else []
    given = {name for text in _values(own, "--features", "-F") for name in text.replace(",", " ").split()}
    missing: list[str] = []
    barred: list[str] = []
    for package, target in _selected(packages, own):
        on = _features_on(package, own, given)
        conditions = _conditions(target, _filters(words))
        more = features_for(conditions, on, package["features"])
        missing += [name for name in (*target.get("required-features", ()), *(more or ())) if name not in on]
        barred += _barring(conditions, on, package) if more is None else []
    if missing:
        asked = ",".join(dict.fromkeys([*sorted(given), *missing]))
        return f"0 tests ran; the file is behind the {_quoted(missing)}: --features {asked}"
    if barred:
        return f"0 tests ran; the file is left out where the {_quoted(barred)} is on: build without it"
    return ""


def _quoted(names: list[str]) -> str:
    several = dict.fromkeys(names)
    return ("feature " if len(several) == 1 else "features ") + ", ".join(f'"{name}"' for name in several)


def _selected(packages: list[dict[str, Any]], own: list[str]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The test targets that a command's options select, each with its package."""
    wanted, targets = set(_values(own, "--package", "-p")), set(_values(own, "--test"))
    for package in packages:
        if not wanted or package["name"] in wanted:
            yield from ((package, one) for one in test_targets(package) if not targets or one["name"] in targets)


def _features_on(package: dict[str, Any], own: list[str], given: set[str]) -> set[str]:
    """The features of a package with which a command builds it."""
    known = package["features"]
    if "--all-features" in own:
        return set(known)
    default = () if "--no-default-features" in own else ("default",)
    return with_implied(known, (*default, *(name.rpartition("/")[2] for name in given)))


def _conditions(target: dict[str, Any], filters: list[str]) -> tuple[str, ...]:
    """What a target's file stands behind; or, where a command names a test of it, that test."""
    source = read_tests(Path(target["src_path"]))
    named = [test for words in filters for test in source.matching(words)]
    return min((test.conditions for test in named), key=len, default=source.conditions)


def _barring(conditions: tuple[str, ...], on: set[str], package: dict[str, Any]) -> list[str]:
    """A feature that is on, and without which the conditions would hold."""
    alone = (name for name in features_named(conditions) if name in on)
    return [name for name in alone if features_for(conditions, on - {name}, package["features"]) == ()][:1]


def _filters(words: list[str]) -> list[str]:
    """The words that choose tests by their names, on either side of ``--``."""
    found, takes = [], False
    for word in words[2:]:
        if not takes and not word.startswith("-"):
            found.append(word)
        takes = not takes and word in _TAKES_VALUE
    return found


def _values(words: list[str], *options: str) -> Iterator[str]:
    """The values of an option, behind it or behind its equals sign."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in options:
            yield value if equals else after
