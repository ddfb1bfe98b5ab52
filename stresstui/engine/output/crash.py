"""Whether a line says that a program broke."""

import re
from functools import cache
from itertools import chain, islice
from typing import Any, Final

import msgspec
import re2

from stresstui.core.model.event import Matched
from stresstui.core.text.lazy_pattern import late, lazy
from stresstui.engine.output.ended import MARK, is_marked, read_signal
from stresstui.engine.output.ended_fields import read_fields
from stresstui.engine.output.line import Kind, Line
from stresstui.engine.output.message import is_beginning, is_comment, is_quoted, is_retold, texts_of_record
from stresstui.engine.output.words.crash import CRASH, CRASH_WORDS, OOM, PANIC, CrashWord
from stresstui.engine.output.words.limits import LIMIT_WORDS
from stresstui.engine.output.words.managers import MANAGER_WORDS
from stresstui.engine.output.words.translated import TRANSLATED_WORDS

WORDS: Final = (*CRASH_WORDS, *LIMIT_WORDS, *MANAGER_WORDS, *TRANSLATED_WORDS)
MARKS: Final = "|".join((*{re.escape(mark): None for word in WORDS for mark in word.marks}, MARK))
"""An RE2 expression that is found in every line that means something here."""
_MARKED: Final = late(lambda: re2.compile(MARKS))
_BY_MARK: Final[dict[str, list[CrashWord]]] = {}
for _word in WORDS:
    for _mark in dict.fromkeys(_word.marks):
        _BY_MARK.setdefault(_mark, []).append(_word)

_DENIED: Final = frozenset(("no", "0", "not", "without", "never", "zero", "0x", "non-"))
_DENIED_BEHIND: Final = lazy(r"\s*(?:ok|none|no|0|false|passed|never|not|nil)\s*(?:\W*|[(,;].*)$", re.IGNORECASE)
_EXPLAINED: Final = lazy(r"[\s,]*(?:means?|indicates|stands for|is (?:what|the|how))\b")
"""Said of such an end in general."""
_COUNT_BEHIND: Final = lazy(
    r"\s*(?:[:=|]|[-=]>|errors?|x)\s*0\s*(?:times?|errors?|events?)?\s*(?:$|[,;|})\]]|\b\w+ ?[=:])|,0(?:,|$)|\s*\(0\)|"
    r"\W{0,3}(?:\w+\W?)?[:=]\s*(?:0|no|none|never|false)\W*$|\W*\.{3,}\W*0(?:\.0+)?%?(?:\s|$)",
    re.IGNORECASE,
)
"""Nothing happened: ``ENOMEM errors: 0``."""
_TEST_NAME: Final = lazy(
    r"\s*(?:(?:Feature|Rule|Background|Scenario(?: Outline)?): |(?:Given|When|Then|And|But) .* # \S+:\d+$|"
    r"\S+\.py::[^\[\]]+\[.*\](?: (?:XPASS|FAILED|ERROR|RERUN))?(?: +\[ *\d+%\])?$|"
    r"(?:ok - |PASS(?:ED|:)? (?!\[)|[Pp]ass: |\[info\] - (?!.*\*\*\* FAILED)|"
    r"(?:-- (?:Looking for|Performing Test|Check)|[Cc]hecking (?:for|whether|if)) |"
    r"\S+\.py::.* (?:PASSED|SKIPPED|XFAIL))|"
    r"(?:PASS|SKIP|LEAK|SLOW|START|TERMINATING) \[|(?:---|===) [A-Z]+:? +\S+(?: \(|$)|=== (?:RUN|PAUSE|CONT) |"
    r"(?:not )?ok \d+(?: - | )|[✓✔√] |\[ +(?:OK|RUN) +\] |# Subtest: |(?:Passed|Skipped) .* \[[^\]]*\d ?m?s\]$)|"
    r".*(?:\.\.\.|\u2026) ?(?:ok|yes|no|found|not found|passed|PASS(?:ED)?|\[ ?OK ?\])$|"
    r".*[:=] (?:none|0|no)(?: found)?$"
)
"""The line names a test, which may have its name of what it tries, or ends with the word that all is well."""
_LACKS: Final = r"E(?:MFILE|NFILE|NOMEM|NOSPC|NOBUFS|ADDRNOTAVAIL|DQUOT|FBIG)"
_NO_MESSAGE: Final = lazy(
    r"\s*(?:-\w, )?--[a-z][\w-]*(?:[ =][A-Z<\[]\S*)?\s{2,}\S|Usage: |"
    r"#\s*define [A-Z]|\s*(?:pub )?const [A-Z]\w*\b|"
    r"E(?!RR|X)[A-Z]{3,} +\d{1,3} |\d{1,3} +E(?!RR|X)[A-Z]{3,} |"
    rf"\s*{_LACKS}\s{{2,}}\S|\s{{4,}}{_LACKS} [A-Z(]|"
    r"\s*(?://|/\*)[/!*]*\s|\s*- (?:alert|name|title): |::group::|##\[(?:group|section)\]|"
    r"(?:\S+\.\w{1,4}:\d+(?::\d+)?: )?(?:warning|note|remark|help): "
    r"(?:.* \[-W[\w=+-]+\]$|[\w.-]+@\d\S*: |use of deprecated |unused )|"
    r"\S+\.\w{1,4}:\d+(?::\d+)?: (?:warning|note|remark): |\s+= (?:note|help): |(?:\s*\d+| +) \| |"
    r"# (?:HELP|TYPE) \w|[a-zA-Z_:][\w:]*\{.*\} [-+\d.eE]+(?: \d+)?$|\s+at [\w.$<>/]+\("
)
"""A metric of an exposition, a frame of a stack, a help text, a definition, what a compiler says of a
source and what it shows of one, a comment, a row or paragraph of a manual, a rule's or section's name: what they name
did not happen there."""
_CODE: Final = lazy(
    r"(?:\b(?:catch|instanceof|errors\.Is|errors\.As)\s*\(?[^)]{0,80}|\b(?:except|raise|throws?|throw new)\s+[\w.]*"
    r"|\b(?:handl(?:es?|ing)|never ran|[Nn]ot running|running|treat(?:s|ing)?|handlers? for|loaded rules?)\s+[\w.]*"
    r"|\b(?:if|unless|before|means|will \w+ when)\s+"
    r"|\bE(?!RR|X)[A-Z]{3,}, |\berrno \d+ ?= ?"
    r"|\b(?i:perhaps|maybe|possibly|(?:could|may|might)(?: this| it)? be)\s+"
    r"|\bwill retry on [\w., ]*|\brestarts? on "
    r"|\b(?i:simulat(?:es?|ed|ing|ion)|inject(?:s|ed|ing|ion)?)\b[^,;]{0,40}"
    r"|\b(?i:expect(?:s|ed|ing))(?: (?:an?|the|error|failure|message))*:?\s*"
    r"|\b(?i:never|not|n't) (?:saw|see|seen|observed?|got|get|hit|found|find|raised?|throw|returned|reported)\s+)$"
)
"""Source code, and what deals with it."""
_HANDLED: Final = lazy(
    r"['\"]?\s*(?:if|handling|handler|handled|protection|gracefully|as retryable|limit\b|threshold|support\b|"
    r"is declared|(?:did|was|were|has|have) (?:not|never)|would be|means\b|avoided|injected|seen 0|is not|tests?)\b|"
    r"\?\s+\w|(?-i:(?:,| =) E(?!RR|X)[A-Z]{3,}\b)|\s*=\s*(?:12|23|24|28|99|105|122),?$",
    re.IGNORECASE,
)
_SETTING: Final = lazy(
    r"(?:['\"]?(?:abort|unwind|yes|no|allow|warn|deny|forbid|ignore|true|on|off|enabled|disabled|strict|throw)['\"]?"
    r"|handler (?:installed|registered|set)|\[(?:Async)?Function\b[^\]]*\])\s*(?:$|[,}\])])",
    re.IGNORECASE,
)
"""What a configuration says of a key that is called so, or Node of a listener."""
_COMPILES: Final = lazy(
    r"(?:'[^']+' file not found|\S+\.\w{1,4}: No such file or directory|too many errors emitted|no input files|"
    r"(?:cannot|can't|unable to) (?:open|read|write|execute|find)\b)"
)
"""What a compiler calls a fatal error of its own."""
_COMPILED: Final = lazy(r"\*\* \((?:Compile|Syntax|TokenMissing|MismatchedDelimiter)Error\)")
"""The same, as an exception of Elixir's."""
_ADDRESS: Final = lazy(r"\b99\b|assign requested|EADDRNOTAVAIL|eaddrnotavail")
_BOUND: Final = lazy(
    r"(?:\b|_)(?:bind|listen)(?:s|ed|ing)?\b|BindException(?!.*: connect\b)|\b(?:AF_)?VSOCK\b", re.IGNORECASE
)
"""An address that is not of this host cannot be listened at, and VSOCK has none where no hypervisor is; what connects
and has none ran out of ports."""
_KEY: Final = lazy(
    r"[A-Za-z_]\.$|[-_]$|^\s+- $|[A-Za-z]{2}(?:Error|Exception|Warning): $|(?:^|\")\s+\w+_test\.go:\d+: $"
)
"""A name, an item within a list, an exception of another language, a log of Go's tests: what follows is no panic."""
_WARNED: Final = lazy(r"(?:\w*Warning|\b(?:Notice|Deprecated|Assertion failed)): +$")
"""What PHP, Node and Python put before a text of the program's own that is no end of it."""
_LOOKS_MOST: Final = 8
_BROKEN: Final = "broken"


class Crashed(msgspec.Struct, frozen=True):
    """Somebody else's child was ended by a signal, says a line."""

    signal: str
    line: str


def read_crash(t: float, line: Line, *, binds: bool = False) -> list[Matched | Crashed]:
    """Say what a line tells of a crash or a panic, and of memory or descriptors that ran out: at most one of each.

    ``binds`` says that it is about a socket that was to have an address of this host.
    """
    if Kind.CRASH not in line.kinds or (binds and _ADDRESS.search(line.text)):
        return []
    found: dict[str, Matched | Crashed] = {}
    for part in _parts(line):
        if part.match(_TEST_NAME) or part.match(_NO_MESSAGE):
            continue
        signal = next(filter(None, map(_read_end, part.texts)), None)
        if signal is not None:
            found.setdefault(_BROKEN, Crashed(signal, line.kept))
        for meaning in _read_words(part):
            found.setdefault(OOM if meaning == OOM else _BROKEN, Matched(t, meaning, line.kept))
    return list(found.values())


def _parts(line: Line) -> list[Line]:
    """The texts in a record that have a mark, of what may be thousands; any other line as it is."""
    texts = texts_of_record(line.bare)
    return [Line(text) for text in texts if _MARKED.search(text)] if texts else [line]


def _read_end(text: str) -> str | None:
    """The signal that ended a child, by a sentence or by fields; None where neither tells of one."""
    return (read_signal(text) or read_fields(text)) if is_marked(text) else None


@cache
def _compiled(word: CrashWord) -> Any:
    return re2.compile(word.expression)


def _read_words(line: Line) -> list[str]:
    candidates = dict.fromkeys(word for mark, words in _BY_MARK.items() if mark in line.text for word in words)
    return list(dict.fromkeys(word.meaning for word in candidates if _says(word, line)))


def _says(word: CrashWord, line: Line) -> bool:
    """Whether a line says so itself, somewhere, and does not only quote it or deny it.

    What begins behind the prefix is judged without it; what begins in it may be no prefix.
    """
    behind, *whole = (islice(_compiled(word).finditer(text), _LOOKS_MOST) for text in reversed(line.texts))
    begun = (found for found in chain(*whole) if found.start() < len(line.text) - len(line.bare))
    return any(_is_said(word, found) for found in chain(begun, behind))


def _is_said(word: CrashWord, found: Any) -> bool:
    before, behind = found.string[: found.start()], found.string[found.end() :]
    last = before.split()[-1:]
    if (last and last[0].lower() in _DENIED) or is_quoted(before) or is_retold(before):
        return False
    if any(one.match(behind) for one in (_EXPLAINED, _DENIED_BEHIND, _COUNT_BEHIND)):
        return False
    if _IS_OTHER[word.meaning](before, found, behind):
        return False
    return word.anywhere or is_beginning(before, logged=word.meaning == PANIC)


def _is_no_panic(before: str, found: Any, behind: str) -> bool:
    """Whether it is the key of a configuration, a comment in a source, or what a compiler threw."""
    is_key = _SETTING.match(behind) or _KEY.search(before[-80:])
    warned = _WARNED.search(before[-80:]) and "panicked at" not in found[0]  # which has the place: no text of its own
    return bool(is_key or warned or is_comment(before) or _COMPILED.match(found[0]))


def _is_no_crash(before: str, _found: Any, behind: str) -> bool:
    """Whether it is a compiler that could not go on, or only a warning."""
    return bool(_COMPILES.match(behind) or _WARNED.search(before[-80:]))


def _is_nothing_that_ran_out(before: str, found: Any, behind: str) -> bool:
    """Whether it is a source that deals with it, or an address that is not of this host."""
    is_foreign = _ADDRESS.search(found[0]) and _BOUND.search(found.string)
    return bool(is_foreign or _CODE.search(before) or _HANDLED.match(behind))


_IS_OTHER: Final = {PANIC: _is_no_panic, CRASH: _is_no_crash, OOM: _is_nothing_that_ran_out}
"""By what a word means: whether what looks like that is something else."""
