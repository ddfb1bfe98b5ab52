"""Whether a command may build what it runs without having a command of its own that only builds."""

import re
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.core.text.shell_steps import script_of, text_of, without_comments
from stresstui.core.text.wrapped import behind_wrappers

_MOST_READ: Final = 65536
"""Bytes of a script that are looked through."""
_STEP: Final = lazy(
    r"""(?:^|[;&|(!`"']|\b(?:then|do|else|if|exec|time)\s)\s*(?:\w+=\S*\s+)*"""
    r"(?:cargo\s(?:\s*[+-]\S+)*\s*(?:t|test|b|build|r|run|bench|nextest)\b|go\s+(?:test|build|run|install)\b"
    r"|(?:g?make|ninja|just)(?=\s|$)|cmake\s+--build\b)",
    re.MULTILINE,
)
"""A step of a script that builds, where a command may begin."""


def builds_itself(argv: Sequence[str], cwd: str = ".") -> bool:
    """Whether a command is a build tool, or a script in which one is called; ``cwd`` is where it is started."""
    own = behind_wrappers(argv)
    if not own:
        return False
    if _STEP.match(" ".join((PurePath(own[0]).name, *own[1:3]))):
        return True
    return _STEP.search(without_comments(shell_text(own, cwd))) is not None


def shell_text(argv: Sequence[str], cwd: str) -> str:
    """What a shell is to carry out: the text behind ``-c``, or the script that is named; empty for other programs."""
    script = script_of(argv)
    return _script(Path(cwd, script)) if script else text_of(argv)


def _script(path: Path) -> str:
    """The text of a shell's script; empty for what is none, or cannot be read."""
    try:
        with path.open("rb") as file:
            start = file.read(_MOST_READ)
    except (OSError, ValueError):
        return ""
    first = start.partition(b"\n")[0]
    if not first.startswith(b"#!") or b"sh" not in first:
        return ""
    return start.decode(errors="replace")
