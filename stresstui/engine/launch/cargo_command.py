"""A test command as somebody wrote it: how it is built first, what it selects, and why none of its tests ran."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from stresstui.engine.launch.cargo import find_workspace, read_packages, test_targets, with_implied
from stresstui.engine.launch.cfg import features_for
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
_GO_OWN: Final = {"c", "exec", "list", "n", "help"}
"""Options of ``go test`` with which it runs nothing, or not by itself."""


def is_cargo_test(argv: Sequence[str]) -> bool:
    """Whether a command is ``cargo test`` or ``cargo nextest run``, with any toolchain."""
    words = _words(argv)
    return bool(words) and Path(words[0]).name == "cargo" and words[1:2] in (["test"], ["t"], ["nextest"])


def is_test_command(argv: Sequence[str]) -> bool:
    """Whether a command compiles before it runs what it tests."""
    return is_cargo_test(argv) or is_go_test(argv)


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
    return len(argv) > 1 and Path(argv[0]).name == "go" and argv[1] == "test"


def _build_of_go(argv: Sequence[str]) -> tuple[str, ...]:
    """Builds each package's test, and has it do nothing."""
    return (argv[0], "test", "-exec", "true", *argv[2:])


def _words(argv: Sequence[str]) -> list[str]:
    return [word for word in argv if not word.startswith("+")]


def explain_no_tests(argv: Sequence[str], cwd: Path) -> str:
    """Say why ``cargo test`` ran no test where a feature is missing, one clause; empty where none is."""
    own = _own_arguments(argv)
    if "--all-features" in own:
        return ""
    workspace = find_workspace(cwd)
    packages = read_packages(workspace)[0] if workspace else []
    given = {name for text in _values(own, "--features", "-F") for name in text.replace(",", " ").split()}
    plain = {name.rpartition("/")[2] for name in given}
    missing = list(dict.fromkeys(_needed(packages, own, plain)))
    if not missing:
        return ""
    which = "feature" if len(missing) == 1 else "features"
    quoted = ", ".join(f'"{name}"' for name in missing)
    return f"0 tests ran; the file is behind the {which} {quoted}: --features {','.join([*sorted(given), *missing])}"


def _own_arguments(argv: Sequence[str]) -> list[str]:
    """What is cargo's: all before ``--``."""
    words = _words(argv)
    return words[: words.index("--")] if "--" in words else words


def _needed(packages: list[dict[str, Any]], own: list[str], given: set[str]) -> Iterator[str]:
    """The features that whole files of the selected test targets stand behind, beside those given."""
    default = () if "--no-default-features" in own else ("default",)
    wanted, targets = set(_values(own, "--package", "-p")), set(_values(own, "--test"))
    for package in packages:
        if wanted and package["name"] not in wanted:
            continue
        for target in test_targets(package):
            if not targets or target["name"] in targets:
                conditions = read_tests(Path(target["src_path"])).conditions
                on = with_implied(package["features"], (*default, *given))
                yield from features_for(conditions, on, package["features"]) or ()


def _values(words: list[str], *options: str) -> Iterator[str]:
    """The values of an option, behind it or behind its equals sign."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in options:
            yield value if equals else after
