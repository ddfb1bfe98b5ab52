"""Whether a line says that a program broke."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import msgspec
import re2

from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.crash_words import CRASH_WORDS, OOM, SHELL_SIGNALS, CrashWord
from stresstui.engine.output.message import is_bare, is_beginning, is_quoted, unwrap
from stresstui.engine.process.signals import signal_name

LINE_CUT: Final = 500
"""Characters of a line that an event keeps."""

_ENDS: Final = (
    "(signal: ", "exited with code 13", "] Error 13", "zsh: ", "terminated by signal ", "npm ERR! signal ",
    "npm error signal ",
)  # fmt: skip
_SIGNAL_MARKS: Final = frozenset((*SHELL_SIGNALS, *_ENDS))
MARKS: Final = tuple(
    sorted({mark for word in CRASH_WORDS for mark in word.marks} | _SIGNAL_MARKS, key=len, reverse=True)
)
"""One of these is in every line that means something here; the longest first, as they may hold each other."""
_MARKED: Final = re2.compile("|".join(map(re2.escape, MARKS)))

_WORDS: Final = "|".join(re.escape(word) for word in SHELL_SIGNALS)
_NUMBERED: Final = lazy(r"\(signal: (\d+)[,)]|(?:\bexited with code |\*\*\* \[[^\]]{0,300}\] Error )(13[24-9])\b")
_BARE: Final = lazy(
    rf"({_WORDS})(?: \(core dumped\))?$|"
    r"(Segmentation fault(?=: 11$)|Bus error(?=: 10$)|Abort trap(?=: 6$)|Killed(?=: 9$)|Illegal instruction(?=: 4$)|"
    r"Trace/BPT trap(?=: 5$)|Floating point exception(?=: 8$)|Bad system call(?=: 12$))"
)
"""Alone in its line, or on a Mac with the signal's number."""
_TOLD: Final = lazy(r"\bterminated by signal (SIG[A-Z]+|\d+)\b|^npm (?:ERR!|error) signal (SIG[A-Z]+)$")
_BASH: Final = lazy(rf"(?:: line \d+: +|^\S+: )\d+ ({_WORDS})\b")
_ZSH: Final = lazy(rf"^zsh: (?i:({_WORDS}))\b")
_MAKE: Final = lazy(rf"^g?make(?:\[\d+\])?: \*\*\* \[.*\] ({_WORDS})\b")
_DENIED: Final = frozenset(("no", "0", "not", "without", "never", "zero"))
_DENIED_BEHIND: Final = lazy(r"\s*(?:ok|none|no|0|false|passed|never|not|nil)\s*(?:\W*|[(,;].*)$", re.IGNORECASE)
_COUNT_BEHIND: Final = lazy(r"\W{0,3}(?:\w+\W?)?[:=]\s*(?:0|no|none|never)\W*$", re.IGNORECASE)
"""Nothing happened: ``ENOMEM errors: 0``."""
_TEST_NAME: Final = lazy(
    r"\s*(?:(?:PASS|SKIP|LEAK|SLOW|START|TERMINATING) \[|(?:---|===) [A-Z]+:? +\S+(?: \(|$)|"
    r"(?:not )?ok \d+ - |[✓✔] |\[ +(?:OK|RUN) +\] )"
)
"""The line names a test, which may have its name of what it tries."""
_BROKEN: Final = "broken"


class Crashed(msgspec.Struct, frozen=True):
    """Somebody else's child was ended by a signal, says a line."""

    signal: str
    line: str


def read_crash(t: float, line: str) -> list[Matched | Crashed]:
    """Say what a line tells of a crash or a panic, and of memory or descriptors that ran out: at most one of each."""
    if not _MARKED.search(line) or _TEST_NAME.match(line):
        return []
    found: dict[str, Matched | Crashed] = {}
    for text in unwrap(line):
        marks = dict.fromkeys(one.group() for one in _MARKED.finditer(text))
        signal = None if _SIGNAL_MARKS.isdisjoint(marks) else _read_signal(text)
        if signal is not None:
            found.setdefault(_BROKEN, Crashed(signal, line[:LINE_CUT]))
        for meaning in _read_words(text, marks):
            found.setdefault(OOM if meaning == OOM else _BROKEN, Matched(t, meaning, line[:LINE_CUT]))
    return list(found.values())


@cache
def _words_of(found: str) -> tuple[tuple[CrashWord, Any], ...]:
    """The words that may stand in a line with this mark, compiled when such a line comes."""
    return tuple((word, _compiled(word)) for word in CRASH_WORDS if any(mark in found for mark in word.marks))


@cache
def _compiled(word: CrashWord) -> Any:
    return re2.compile(word.expression)


def _read_words(text: str, marks: Iterable[str]) -> list[str]:
    candidates = dict.fromkeys(one for mark in marks for one in _words_of(mark))
    return [word.meaning for word, expression in candidates if _says(word, expression, text)]


def _says(word: CrashWord, expression: Any, text: str) -> bool:
    """Whether a text says so itself, and does not only quote it or deny it."""
    found = expression.search(text)
    if found is None:
        return False
    before, behind = text[: found.start()], text[found.end() :]
    last = before.split()[-1:]
    if is_quoted(before) or (last and last[0].lower() in _DENIED):
        return False
    if _DENIED_BEHIND.match(behind) or _COUNT_BEHIND.match(behind):
        return False
    return word.anywhere or is_beginning(before)


def _read_signal(text: str) -> str | None:
    """The signal that ended a child, in the words of cargo, shells, make and containers."""
    numbered = _NUMBERED.search(text)
    if numbered is not None:
        return signal_name(int(numbered[1])) if numbered[1] else signal_name(int(numbered[2]) - 128)
    bare = _BARE.search(text)
    if bare is not None and is_bare(text[: bare.start()]):
        return SHELL_SIGNALS[bare[1] or bare[2]]
    named = _TOLD.search(text)
    if named is not None:
        return _crash_signal(named[1] or named[2])
    told = _BASH.search(text) or _ZSH.match(text) or _MAKE.match(text)
    return None if told is None else _SIGNALS[told[1].lower()]


def _crash_signal(told: str) -> str | None:
    """A signal by its name or number, where it is one that only a crash sends."""
    signal = signal_name(int(told)) if told.isdigit() else told
    return signal if signal in SHELL_SIGNALS.values() else None


_SIGNALS: Final = {word.lower(): signal for word, signal in SHELL_SIGNALS.items()}
