"""Whether a command does nothing but test: the tool's name as another program's argument says nothing."""

import re
from collections.abc import Sequence
from typing import Final

from stresstui.core.text.wrapped import behind_wrappers

# ruff: noqa: SIM905 - lists of words are read as such
_TOOLS: Final = frozenset("pytest py.test nose rspec phpunit prove mocha jest vitest ava busted bats gotestsum".split())
"""They sum up what they did."""
_STARTERS: Final = frozenset("python pypy node php ruby perl npx bunx".split())
"""Run what follows their options ..."""
_MANAGERS: Final = frozenset("npm yarn pnpm bun bundle poetry uv pipenv pdm hatch coverage".split())
_THEIRS: Final = frozenset("exec run x dlx".split())
"""... and these do so behind one of these words or none."""
_BESIDE: Final = re.compile(r"-.*|\w+=.*")
"""An option, or a setting."""
_VERSION: Final = re.compile(r"[-\d.]*(?:\.[cm]?js|\.phar)?$")


def is_test_command(command: Sequence[str]) -> bool:
    """Whether the program that a command runs is a test tool: ``timeout 1h python -m pytest``, ``npx jest``."""
    managed = False
    for word in behind_wrappers(command):
        name = _VERSION.sub("", word.rpartition("/")[2])
        if name in _TOOLS:
            return True
        if not (name in _STARTERS or name in _MANAGERS or _BESIDE.fullmatch(word) or (managed and word in _THEIRS)):
            return False
        managed = name in _MANAGERS
    return False
