"""Whether the fields of a log line say that a child was ended by a fault: ``exit_code=139``, ``"signal":"SIGSEGV"``.

A field that can only be a process's status says so alone; ``code``, ``status``, ``rc`` and ``signal`` have other
meanings as well, and want a word of an end in the same line. Who prints a kill may have killed: only faults are told.
"""

from functools import cache
from typing import Any, Final

import re2

from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.ended import is_only_told, signal_told

_CODE: Final = r"(?P<code>13[2-69]|-(?:[4678]|11))"
_SHELL_CODE: Final = r"(?P<code>13[2-69])"
"""Below 0 an error's number may stand in such a field."""
_FAULT: Final = r"(?P<name>SIG(?:SEGV|ABRT|BUS|ILL|FPE|SYS|XFSZ|XCPU|TRAP))"
_NUMBER: Final = r"(?P<number>[4678]|11)"
_WHOSE: Final = r"(?:(?i:child|process|proc|worker|task|container|job|last|main|command|cmd|os)[._-]?)?"
_STATUS: Final = rf"\b{_WHOSE}(?i:exit[ _-]?code|exit[ _-]?status|return[ _-]?code)"
_IS: Final = r"[\"']?(?:=|: {0,12})"
_OVER: Final = r"(?:[\s,;)}\]]|$)"


def _field(name: str, value: str) -> tuple[str, str]:
    """An expression of a field that prose cannot look like, with a value in quotes and without."""
    key = rf"(?:\b(?i:{name})=|[\"'](?i:{name})[\"']: {{0,4}})"
    return rf"{key}{value}{_OVER}", rf"{key}[\"']{value}[\"']"


_ALONE: Final = (
    rf"[\"']?{_STATUS}{_IS}{_CODE}{_OVER}",
    rf"[\"']?{_STATUS}{_IS}[\"']{_CODE}[\"']",
    rf"^\s*[\"']?signal[\"']?: ?[\"']{_FAULT}[\"'],?$",
    rf"^(?i:rc|ret)={_CODE}$",
    rf"^npm (?:ERR!|error) (?:errno|code) {_CODE}$",
    rf"\b(?:Exited|exited) \({_CODE}\)",
    rf"\bExitCode=\d+:{_NUMBER}\b",
    r"\b(?i:wait status)\W{1,3}(?P<wait>\d{1,5})\b",
)
_WITH_AN_END: Final = (
    *_field("code|status|rc|errno", _SHELL_CODE),
    *_field("signal|sig", _NUMBER),
)
_NAMED_WITH_AN_END: Final = _field("signal|sig", _FAULT)
_ENDED: Final = lazy(r"\b(?:exited|died|crashed|terminated|aborted|killed|dumped)\b(?![\"']?[=:])")
_ENDS: Final = lazy(
    r"\b(?:exit(?:ed|s)?|died|crash(?:ed)?|terminated|aborted|killed|dumped|close[sd]?)\b|\bcode=null\b"
)
_NONE: Final = lazy(r"(?:\bno|(?:^|\s)0 [a-z]+s) [a-z](?:[\w-]* ){1,4}$")
"""Said of nobody: ``no worker had exit_code=139``."""
_WHERE: Final = ((_ALONE, None), (_WITH_AN_END, _ENDED), (_NAMED_WITH_AN_END, _ENDS))


def read_fields(text: str) -> str | None:
    """The fault that ended a child, by the fields of a text; None where they tell of none."""
    for expressions, wanted in _compiled():
        if wanted is not None and not wanted.search(text):
            continue
        for expression in expressions:
            found = expression.search(text)
            if found is None or is_only_told(text, found) or _NONE.search(text[: found.start()]):
                continue
            return signal_told(found)
    return None


@cache
def _compiled() -> tuple[tuple[tuple[Any, ...], Any], ...]:
    return tuple((tuple(map(re2.compile, expressions)), wanted) for expressions, wanted in _WHERE)
