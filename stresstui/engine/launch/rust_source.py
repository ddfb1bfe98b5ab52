"""Rust test sources, read without building: which tests a file has, and behind which conditions each stands."""

import re
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.text.lazy_pattern import lazy

_TOKEN: Final = lazy(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)"""
    r"""|(?P<raw>\bb?r(?P<fence>\#*)".*?"(?P=fence))"""
    r"""|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.[^']*|[^'\\])')"""
    r"""|(?P<attribute>\#!?\[(?:[^\[\]"]|"(?:\\.|[^"\\])*"|\[[^\[\]]*\])*\])"""
    r"""|\b(?P<kind>mod|fn)\s+(?P<name>\w+)"""
    r"""|\b(?P<macro>\w+)\s*!(?=\s*[({\[]|\s+\w+\s*[({])"""
    r"""|(?P<mark>[{};])""",
    re.DOTALL,
)
_TEST: Final = lazy(r"#\[\s*(?:\w+::)*\w*test\w*")
_TEST_IF: Final = lazy(r"#\[\s*cfg_attr\s*\((.*?),\s*(?:\w+::)*\w*test\w*\s*(?:\([^()]*\)\s*)?,?\s*\)\s*\]", re.DOTALL)
_TO_PANIC: Final = lazy(r"\bshould_panic\b|=>\s*panics\b")
"""libtest's attribute, and what test_case has for it."""
_PATH: Final = lazy(r'#\[\s*path\s*=\s*"([^"]*)"')
_CFG: Final = lazy(r"#!?\[\s*cfg\s*\((.*)\)\s*\]", re.DOTALL)
_MAX_DEPTH: Final = 8


class RustTest(msgspec.Struct, frozen=True):
    """A test function."""

    path: str
    """Its modules and name, as libtest prints and filters them."""
    conditions: tuple[str, ...]
    """What must hold for it to be compiled, as ``cfg`` has it."""
    to_panic: bool = False
    """Whether it passes only if it panics."""

    @property
    def name(self) -> str:
        """The function's own name."""
        return self.path.rpartition("::")[2]


class TestSource(msgspec.Struct):
    """What the sources of a test target have."""

    tests: list[RustTest] = msgspec.field(default_factory=list)
    """Its tests, in the order of the text."""
    conditions: tuple[str, ...] = ()
    """What must hold for anything of it to be compiled."""
    whole: bool = True
    """False where a macro or a file that cannot be read may hide further tests."""

    def matching(self, words: str) -> list[RustTest]:
        """The tests that a filter means: those of just that name, else those whose path contains it."""
        named = [test for test in self.tests if words in (test.name, test.path)]
        return named or [test for test in self.tests if words in test.path]


class _Scope(msgspec.Struct):
    """Where in the text the reader is: the module, its conditions, and the braces open around it."""

    modules: tuple[str, ...]
    conditions: tuple[str, ...]
    depth: int = 0


def read_tests(path: Path) -> TestSource:
    """Read the tests of a target from its root file and the modules that it names."""
    found = TestSource()
    _read_file(path, _Scope((), ()), found, path.parent, 0)
    return found


def read_file(path: Path) -> list[RustTest]:
    """Read the tests of one file alone, by their paths inside it."""
    found = TestSource()
    _read_file(path, _Scope((), ()), found, path.parent, _MAX_DEPTH)
    return found.tests


def _read_file(path: Path, scope: _Scope, found: TestSource, folder: Path, level: int) -> None:
    """Add a file's tests; ``folder`` is where its modules without a path lie."""
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        found.whole = False
        return
    _Reader(path, folder, level, found).read(text, scope)


class _Reader:
    """Reads one file token by token."""

    def __init__(self, path: Path, folder: Path, level: int, found: TestSource) -> None:
        self._path, self._folder, self._level, self._found = path, folder, level, found
        self._attributes: list[str] = []
        self._entering: _Scope | None = None
        self._open: list[_Scope] = []

    def read(self, text: str, scope: _Scope) -> None:
        """Add the tests of a text that stands in a scope."""
        self._open = [_Scope(scope.modules, scope.conditions)]
        for token in _TOKEN.finditer(text):
            if token["attribute"]:
                self._attribute(token["attribute"])
            elif token["kind"] == "mod":
                self._module(token["name"])
            elif token["kind"] == "fn":
                self._function(token["name"])
            elif token["macro"]:
                self._macro()
            elif token["mark"]:
                self._mark(token["mark"])

    def _macro(self) -> None:
        """Between functions a macro may make tests."""
        if not self._open[-1].depth:
            self._found.whole = False

    def _attribute(self, text: str) -> None:
        if text.startswith("#!"):
            here = self._open[-1]
            here.conditions = _joined(here.conditions, _conditions_of([text]))
            if not here.modules:
                self._found.conditions = here.conditions
        else:
            self._attributes.append(text)

    def _module(self, name: str) -> None:
        here = self._open[-1]
        self._entering = _Scope((*here.modules, name), _joined(here.conditions, _conditions_of(self._attributes)))

    def _function(self, name: str) -> None:
        given = [match[1].strip() for match in map(_TEST_IF.match, self._attributes) if match]
        if given or any(map(_TEST.match, self._attributes)):
            here = self._open[-1]
            path, own = "::".join((*here.modules, name)), (*_conditions_of(self._attributes), *given)
            to_panic = any(map(_TO_PANIC.search, self._attributes))
            self._found.tests.append(RustTest(path, _joined(here.conditions, own), to_panic))
        elif name == "main" and not self._open[-1].modules:
            self._found.whole = False  # a harness of its own lists its own tests
        self._attributes.clear()

    def _mark(self, mark: str) -> None:
        here, entering = self._open[-1], self._entering
        if mark == "{" and entering:
            self._open.append(entering)
        elif mark == "{":
            here.depth += 1
        elif mark == "}" and here.depth:
            here.depth -= 1
        elif mark == "}" and len(self._open) > 1:
            self._open.pop()
        elif mark == ";" and entering:
            self._other_file(entering)
        self._entering = None
        self._attributes.clear()

    def _other_file(self, scope: _Scope) -> None:
        given = next((match[1] for match in map(_PATH.match, self._attributes) if match), None)
        name = scope.modules[-1]
        folder = self._folder.joinpath(*self._inline())
        choices = [self._path.parent / given] if given else [folder / f"{name}.rs", folder / name / "mod.rs"]
        path = next((choice for choice in choices if choice.is_file()), None)
        if path is None or self._level >= _MAX_DEPTH:
            self._found.whole = False
            return
        below = path.parent if given or path.name == "mod.rs" else folder / name
        _read_file(path, scope, self._found, below, self._level + 1)

    def _inline(self) -> tuple[str, ...]:
        return tuple(scope.modules[-1] for scope in self._open[1:])


def _conditions_of(attributes: list[str]) -> tuple[str, ...]:
    return tuple(match[1].strip() for match in map(_CFG.match, attributes) if match)


def _joined(first: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *more)))
