"""A ``cargo test`` command as somebody wrote it: what it selects, and why none of its tests ran."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from stresstui.engine.launch.cargo import find_workspace, read_packages, test_targets
from stresstui.engine.launch.rust_source import read_tests

_NO_BUILD: Final = {"--no-run", "--message-format", "--doc", "--help", "-h", "--list"}
"""Options with which there is no build of its own to come first."""


def is_cargo_test(argv: Sequence[str]) -> bool:
    """Whether a command is ``cargo test`` or ``cargo nextest run``, with any toolchain."""
    words = _words(argv)
    return bool(words) and Path(words[0]).name == "cargo" and words[1:2] in (["test"], ["t"], ["nextest"])


def build_of(argv: Sequence[str]) -> tuple[str, ...] | None:
    """The command that only builds what ``cargo test`` would run; None for what is not told apart."""
    own = list(argv[: list(argv).index("--")] if "--" in argv else argv)
    options = {word.partition("=")[0] for word in own}
    if not is_cargo_test(argv) or _words(argv)[1] == "nextest" or options & _NO_BUILD:
        return None
    return (*own, "--no-run", "--message-format=json-render-diagnostics")


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
    missing = list(dict.fromkeys(n for n in _needed(packages, own) if n.rpartition("/")[2] not in given))
    if not missing:
        return ""
    which = "feature" if len(missing) == 1 else "features"
    quoted = ", ".join(f'"{name}"' for name in missing)
    return f"0 tests ran; the file is behind the {which} {quoted}: --features {','.join([*sorted(given), *missing])}"


def _own_arguments(argv: Sequence[str]) -> list[str]:
    """What is cargo's: all before ``--``."""
    words = _words(argv)
    return words[: words.index("--")] if "--" in words else words


def _needed(packages: list[dict[str, Any]], own: list[str]) -> Iterator[str]:
    """The features that whole files of the selected test targets stand behind."""
    wanted, targets = set(_values(own, "--package", "-p")), set(_values(own, "--test"))
    for package in packages:
        if wanted and package["name"] not in wanted:
            continue
        for target in test_targets(package):
            if not targets or target["name"] in targets:
                yield from read_tests(Path(target["src_path"])).features


def _values(words: list[str], *options: str) -> Iterator[str]:
    """The values of an option, behind it or behind its equals sign."""
    for word, after in zip(words, [*words[1:], ""], strict=True):
        name, equals, value = word.partition("=")
        if name in options:
            yield value if equals else after
