"""The commands in a shell's text, as words: what ``bash -c`` is to carry out, or a script."""

import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.core.text.wrapped import behind_wrappers

_SHELLS: Final = frozenset(("sh", "bash", "dash", "ash", "zsh", "ksh"))
_KEYWORDS: Final = frozenset(
    ("if", "then", "else", "elif", "do", "while", "until", "!", "{", "exec", "time", "command")
)
"""Words before a command."""
_ASIDE: Final = frozenset(("true", ":", "exit", "echo", "printf", "fi", "done", "}", "set", "tee", "cat", "rc", "wait"))
"""Commands that may come last without being what was to be done."""
_COMMENT: Final = lazy(r"(?:^|(?<=\s))#.*$", re.MULTILINE)
_SIGNS: Final = frozenset(";|&()<>")


def text_of(argv: Sequence[str]) -> str:
    """The text behind a shell's ``-c``; empty for any other command."""
    return _carried_out(argv)[0]


def script_of(argv: Sequence[str]) -> str:
    """The file that a command may have a shell read: what is named behind it, or itself; empty where there is none."""
    return _carried_out(argv)[1]


def _carried_out(argv: Sequence[str]) -> tuple[str, str]:
    """A shell's text, and the script that it is to read."""
    own = behind_wrappers(argv)
    if not own or own[0].rpartition("/")[2] not in _SHELLS:
        return "", own[0] if own else ""
    words = iter(own[1:])
    for word in words:
        if not word.startswith(("-", "+")):
            return "", word
        if word.startswith("-") and word.endswith("o"):
            next(words, "")
        elif not word.startswith("--") and "c" in word:
            return next((text for text in words if not text.startswith("-")), ""), ""
    return "", ""


def without_comments(text: str) -> str:
    """A shell's text without what it says of itself."""
    return _COMMENT.sub("", text)


def last_step(text: str) -> list[str]:
    """The words of the last command that does something and shows what it prints; empty where that is not clear."""
    found: list[str] = []
    for step in _steps(text):
        words = step[next((at for at, word in enumerate(step) if word not in _KEYWORDS), len(step)) :]
        if words and words[0].partition("=")[0] not in _ASIDE and not _is_setting(words):
            found = words
    hidden = any(set(sign) <= set("&>") and ">" in sign and not number.isdigit() for number, sign in _pairs(found))
    return [] if hidden else found


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(("", *words), words, strict=False)


def _is_setting(words: Sequence[str]) -> bool:
    return all("=" in word and not word.startswith("-") for word in words)


def _steps(text: str) -> Iterator[list[str]]:
    """Each command; of a pipeline the first."""
    lexer = shlex.shlex(
        without_comments(text).replace("\\\n", " ").replace("\n", " ; "), posix=True, punctuation_chars=True
    )
    step: list[str] = []
    piped = False
    try:
        for word in [*lexer, ";"]:
            if set(word) <= _SIGNS and not set(word) & set("<>"):
                if step and not piped:
                    yield step
                step, piped = [], word == "|"
            else:
                step.append(word)
    except ValueError:  # a quotation mark that is open, as of a text over several lines
        return
