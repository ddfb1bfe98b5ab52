"""Whether a command does nothing but test: the tool's name as another program's argument says nothing."""

import re
from collections.abc import Sequence
from typing import Final

from stresstui.core.text.shell_steps import last_step, text_of
from stresstui.core.text.wrapped import behind_wrappers

# ruff: noqa: SIM905 - lists of words are read as such
_TOOLS: Final = frozenset(
    "pytest py.test nose nose2 unittest trial twisted.trial green stestr zope-testrunner zope.testrunner ward behave "
    "robot robot.run rspec cucumber cucumber-js minitest qunit "
    "phpunit pest prove mocha jest vitest ava jasmine uvu busted bats shellspec gotestsum ctest".split()
)
"""They sum up what they did."""
_WORDS: Final = frozenset("unittest trial green ward behave robot pest".split())
"""Those of them that a program of one's own may be called: ``./robot``."""
_WITH: Final = {
    "mix": "test", "rebar3": "eunit ct", "bun": "test", "deno": "test", "dotnet": "test", "meson": "test",
    "mvn": "test", "mvnw": "test", "swift": "test", "flutter": "test", "playwright": "test", "cypress": "run",
    "avocado": "run",
}  # fmt: skip
"""Tools that do so behind one of these words."""
_MEASURE: Final = frozenset(("cargo", "vitest"))
"""They measure behind the word ``bench``; to others it is a folder of tests."""
_STARTERS: Final = frozenset("python pypy node php ruby perl npx bunx java".split())
"""Run what follows their options ..."""
_MANAGERS: Final = frozenset("npm yarn pnpm bun bundle poetry uv pipenv pdm hatch coverage".split())
_THEIRS: Final = frozenset("exec run x dlx".split())
"""... and these do so behind one of these words or none."""
_BESIDE: Final = re.compile(r"-.*|\w+=.*")
"""An option, or a setting."""
_VERSION: Final = re.compile(r"[-\d.]*(?:\.[cm]?js|\.phar)?$")
_OF_JAVA: Final = re.compile(r"(?:.*/)?junit-platform-console[\w.-]*\.jar|org\.junit\.\S+|org\.testng\.TestNG")
_ASKS: Final = re.compile(
    r"--?(?:version|help|h|collect-?only|co|list-?tests\S*|listTests|list|showConfig|fixtures|markers)"
)
"""With one of these words, or ``list`` behind its name, a tool only tells something; ``-V`` is loud to some."""


def is_test_command(command: Sequence[str]) -> bool:
    """Whether what a command runs last is a test tool: ``timeout 1h python -m pytest``, ``bash -c "npx jest"``."""
    words = _words(command)
    at = _tool_at(words)
    return at is not None and not is_benchmark(command) and not _asks(words[at + 1 :])


def only_asks(command: Sequence[str]) -> bool:
    """Whether a command has a test tool tell something, such as its version, and runs no test."""
    words = _words(command)
    at = _tool_at(words)
    return at is not None and _asks(words[at + 1 :])


def is_benchmark(command: Sequence[str]) -> bool:
    """Whether a command has a tool measure: ``cargo +nightly bench``, ``npx vitest bench``."""
    words = _words(command)
    at = next((at for at, word in enumerate(words) if word.rpartition("/")[2] in _MEASURE), len(words))
    return next((word for word in words[at + 1 :] if not word.startswith(("-", "+"))), "") == "bench"


def _words(command: Sequence[str]) -> Sequence[str]:
    """The words of what a command runs last, without what wraps it."""
    return behind_wrappers(last_step(text_of(command)) or command)


def _asks(words: Sequence[str]) -> bool:
    return [*words][:1] == ["list"] or any(_ASKS.fullmatch(word) for word in words)


def _tool_at(words: Sequence[str]) -> int | None:
    """Where the test tool stands among the words of a command; None where there is none."""
    managed = False
    for at, word in enumerate(words):
        name = _VERSION.sub("", word.rpartition("/")[2])
        own = name in _WORDS and "/" in word and "bin/" not in word
        if (name in _TOOLS and not own) or _OF_JAVA.fullmatch(word):
            return at
        if name in _WITH:
            verb = next((other for other in words[at + 1 :] if not _BESIDE.fullmatch(other)), "")
            if verb in _WITH[name].split():
                return at
        beside = _BESIDE.fullmatch(word) or (words[at - 1] in ("-cp", "-classpath", "--class-path") and at > 0)
        if not (name in _STARTERS or name in _MANAGERS or beside or (managed and word in _THEIRS)):
            return None
        managed = name in _MANAGERS
    return None
