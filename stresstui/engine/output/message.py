"""Where in a line a message is: behind stamps, levels and unfinished text, inside a JSON record, or only quoted."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from stresstui.core.text.lazy_pattern import lazy

_LEVELS: Final = frozenset(
    "trace debug info information notice warn warning err error crit critical alert fatal severe panic out stdout stderr".split()  # noqa: E501, SIM905 - a list of words
)
_NAMES: Final = frozenset(("name", "test", "logger"))
"""Fields that only name something."""
_LEVEL_FIELDS: Final = frozenset(("level", "lvl", "severity"))
"""Fields that say how bad a record is; given as logfmt has it."""
_DEPTH: Final = 4
_RECORD_MAX: Final = 64 * 1024
_CUT_LEAST: Final = 16_000
"""Characters of a record that may have been cut: containers cut lines at 16 KiB, and more than ``_RECORD_MAX`` is not
read."""
_HALF_SIGN: Final = lazy(r"\\(?:u[0-9A-Fa-f]{0,3})?$")
_FIELD_MAX: Final = 200
_FOUND_IN: Final = lazy(
    r"[^\s:]+\.(?:log|txt|out|md|rst|ya?ml|html?)(?:\.\d+)?[:-](?:\d+[:-])?\S|"
    r"[^\s:]+\.\w{1,8}:\d+:(?:\d{4}-\d\d|\d\d:\d\d|[\[{<\t]|\s*//)"
)
"""The same at the beginning of a line, where a stamp or more follows; of a source other programs print the like."""
_SEARCHED: Final = lazy(r"\S\.\w{1,8}[:-](?:\d+[:-])?$")
"""What ``grep`` puts before a line that it found: a file, with no space behind."""
_LOCATION: Final = lazy(r"\.\w{1,8}:\d+(?::\d+)?: *$|\b(?:gcc|g\+\+|cc1\w*|clang\S*|collect2|ld|cpp|swiftc?): *$")
"""What a compiler puts before its own errors."""
_LOGGED_AT: Final = lazy(r"(?:^|\s)[\w./-]+\.go:\d+: $")
"""What Go's own log does, where it is asked for."""
_SYSLOG: Final = (
    r"(?:[A-Z][a-z]{2} )?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:[.,]\d+)? (?:[\w.-]{1,60} [\w./-]{1,60}(?:\[\d+\])?: )?"
)
_POD: Final = (
    r"[a-z0-9][a-z0-9.-]{0,60}-(?:[a-f0-9]{7,10}|[a-z0-9]*\d[a-z0-9]*)-[a-z0-9]{5} [a-z0-9-]{1,60} |"
    r"[a-z0-9][a-z0-9.-]{0,60}-[bcdfghjklmnpqrstvwxz2456789]{5} [a-z0-9-]{1,60} |"
    r"(?P<set>[a-z0-9-]{2,60})-\d+ (?P=set) "
)
"""What ``stern`` puts before each line: the name of a pod as a deployment, a daemon set or a set makes it, and of its
container."""
_POD_ALONE: Final = lazy(_POD.replace(" |", " ?|") + "?")
_OF_GTEST: Final = r"={10}\]| +(?:OK|RUN|FAILED|PASSED|SKIPPED) +\]"
_PREFIX: Final = lazy(
    rf"(?:{_POD}|(?!FAILED \||ok \|)[\w.-]{{1,60}} {{1,20}}\| |"
    rf"[a-z][\w.-]{{1,60}}-\d{{1,3}} \||\[(?!{_OF_GTEST})[^\]]{{1,60}}\]:? |"
    r"\d\d:\d\d:\d\d {2}|#\d{1,4} \d{1,6}\.\d{1,3} | {1,9}\[[a-z][\w.:-]{1,30}\] |"
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d) [\w.-]{1,60} [\w./-]{1,60}(?:\[\d+\])?: |"
    r"[+-]\d{4} (?:[\w.-]{1,60}: (?=\{))?|"
    rf"(?!\d{{1,5}}/\d{{1,5}} )\d[\d:.,TZ/+-]{{4,40}} (?:\d\d[OE]\+? ?|std(?:out|err) [FP] )?|{_SYSLOG})+"
)
_COMPARED: Final = lazy(r"E {3,}.*\s'[^']*$")
"""What pytest shows of texts that were compared."""
_NAMED: Final = lazy(r"`[^`']*'")
"""A name in quotation marks that is over, as C programs write them."""
_COMMENT: Final = lazy(r"\s*(?:\d+: *)?(?:[+-] *)?(?://+!?|#|\*|/\*+|--|;+) *|\s+\d+: +")
"""Behind the number that ``grep -n`` and ``cat -n`` give a line, too."""
_RETOLD: Final = lazy(
    r"\b(?:(?:fix(?:e[sd])?|avoid(?:s|ed)?|prevent(?:s|ed)?|resolve[sd]?)(?:\([^)]*\))?!?:?"
    r"|(?:recover(?:s|ed|ing)?|protect(?:s|ed|ion)?) from|surviv(?:es?|ed|ing)|(?:errors?|messages?) for"
    r"|(?:docs?|documentation|manual|guide|readme|faq|page|comment)\b.{0,20}\b"
    r"(?:says?|said|explains?|mentions?|describes?|tells?|lists?)\b.{0,20})\s*(?:an?|the)?\s*$",
    re.IGNORECASE,
)
"""What stands before a message that is only spoken of."""
_OF_GIT: Final = (
    r"[*|/\\ ]{0,8}[0-9a-f]{7,40} (?:\([^)]*\) )?|(?:HEAD is now at|\[\S+|\[\S+ \(root-commit\)) [0-9a-f]{7,40}\]? "
)
_CHANGE: Final = lazy(
    rf"\s*(?:{_OF_GIT}|Subject: (?:\[PATCH[^\]]*\] )?|[-*\u2022] )(?:Revert \"?)?"
    r"(?:(?:fix|feat|chore|docs?|tests?|refactor|perf|ci|build|style|revert)(?:\([^)]*\))?!?: |"
    r"(?:\*\*[^*]+\*\*:? |[\w./-]+: )?"
    r"(?:fix(?:e[sd])?|avoid(?:s|ed)?|prevent(?:s|ed)?|guard against|don't|do not|document|reverts?|"
    r"resolved?)\b)|"
    r"(?:fix|feat|chore|refactor|bugfix|hotfix)(?:\([^)]*\))?!?: |[|/\\ ]*\*[|/\\ ]+[0-9a-f]{7,40} ",
    re.IGNORECASE,
)
"""The subject of a commit, and an entry in a list of changes."""
_DOCS: Final = lazy(r"\W*(?:docs?|documentation|readme|manual|faq):\s", re.IGNORECASE)
_FIELD: Final = lazy(r"[\w.]=\"$")
_NAME_FIELD: Final = lazy(
    r"\b(?:\w*name|test|logger|title|class|expect\w*|want(?:ed)?|query|filter|pattern|grep)=\"$", re.IGNORECASE
)
_WHOLE_FIELD: Final = lazy(r"[\w.-]=\"(?:[^\"\\]|\\.)*\"")
_OPEN_FIELD: Final = lazy(
    r"\b(?:\w+[_.])?(?:msg|message|err|errors?|log|text|reason|cause|details?|exception|exc|stack\w*|output|std(?:err|out)"
    r"|line|panic|fatal)=\"",
    re.IGNORECASE,
)
"""Fields of logfmt: of those that are over the quotation marks say nothing, of one with a message it is the message."""
_STAMP: Final = lazy(r"[\d:.,/TZ+-]*\d[\d:.,/TZ+-]*|\W+|.*(?:\.\.\.|[|\]>%])")


def texts_of_record(line: str) -> list[str]:
    """The texts in a line that is one JSON record, as loggers and containers write them; none where it is not."""
    record = _record(line)
    return [] if record is None else [*_texts(record, _DEPTH), " ".join(_fields(record, _DEPTH))]


def _record(line: str) -> dict[str, Any] | None:
    """A record; of one that was cut in a text of its own, what there is of it."""
    if not line.startswith("{") or len(line) > _RECORD_MAX:
        return None
    if not line.endswith("}"):
        if len(line) < _CUT_LEAST:
            return None
        line = f'{_HALF_SIGN.sub("", line)}"}}'
    try:
        found: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found


def _texts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        inner = _record(value.strip()) if depth else None  # a container's log of a program that writes records
        yield from _texts(inner, depth - 1) if inner is not None else value.split("\n")
    elif isinstance(value, dict) and depth:
        for name, one in value.items():
            if name.lower() in _LEVEL_FIELDS and isinstance(one, str):
                yield f"level={one.lower()} msg"
            elif name.lower() not in _NAMES:
                yield from _texts(one, depth - 1)


def _fields(record: dict[str, Any], depth: int) -> Iterator[str]:
    """The plain fields of a record and of those in it, as logfmt has them; a text of several words in quotes."""
    for name, one in record.items():
        if isinstance(one, dict) and depth > 1:
            yield from _fields(one, depth - 1)
        elif not isinstance(one, str | dict | list):
            yield f"{name}={json.dumps(one)}"
        elif isinstance(one, str) and name.lower() not in _NAMES and len(one) <= _FIELD_MAX and '"' not in one:
            yield f"{name}={one}" if one.isalnum() else f'{name}="{one}"'


def of_container(line: str) -> str:
    """A line as its program printed it, where a container's log holds it as a record; any other as it is."""
    record = _record(line) if line.startswith('{"log"') else None
    return line if record is None or "stream" not in record else str(record["log"])


def unpadded(line: str) -> str:
    """A line without what pads it to a width; behind a colon one blank stays, as of a panic that says nothing."""
    bare = line.rstrip()
    return f"{bare} " if bare.endswith(":") and bare != line else bare


def without_prefix(line: str) -> str:
    """A line without the stamps, and the name of a container or level, that a log puts before it."""
    found = _PREFIX.match(line)
    return line[found.end() :] if found else line


def is_quoted(before: str) -> bool:
    """Whether a message is told of by somebody else: inside quotes, or found in a file; by the text before it."""
    if _SEARCHED.search(before[-300:]) or _FOUND_IN.match(before) or _COMPARED.match(before):
        return True
    if _FIELD.search(before[-20:]):
        return _NAME_FIELD.search(before[-20:]) is not None
    if '="' in before:
        before = _OPEN_FIELD.sub("", _WHOLE_FIELD.sub("", before))
    before = _NAMED.sub("", before)
    return before.count('"') % 2 == 1 or before.count("`") % 2 == 1 or before.endswith(("'", "\u2018", "\u201c", "/"))


def is_retold(before: str) -> bool:
    """Whether a message is only spoken of: in a list of changes, by a text that explains it, as something overcome."""
    return any(one is not None for one in (_RETOLD.search(before[-60:]), _DOCS.match(before), _CHANGE.match(before)))


def is_comment(before: str) -> bool:
    """Whether a message is only written in source code, behind the sign of a comment."""
    return _COMMENT.fullmatch(before) is not None


def is_beginning(before: str, *, logged: bool = False) -> bool:
    """Whether a message may begin behind that text: a time stamp, a level, a name, unfinished text; no prose.

    ``logged`` says that no compiler has such a message: a place in a source may then be of who logs it.
    """
    words = before.split()
    if not words:
        return True
    if _LOCATION.search(before[-300:]) and not (logged and _LOGGED_AT.search(before[-300:])):
        return False
    if _POD_ALONE.fullmatch(before):
        return True
    last = words[-1]
    is_id = any(map(str.isdigit, last))
    return is_id or not last[-1].isalpha() or last.lower() in _LEVELS or last != last.lower()


def is_bare(before: str) -> bool:
    """Whether nothing but stamps, levels and unfinished text stands before: no name whose value could follow."""
    return _STAMP.fullmatch(before.rstrip()) is not None or all(
        _STAMP.fullmatch(word) or word.strip(":[]").lower() in _LEVELS for word in before.split()
    )
