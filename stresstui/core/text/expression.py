"""A scenario's own expression on lines of output: matched in time linear in the line, whatever the line holds (RE2)."""

import re
from typing import Any, Final

import re2

PROGRAM_MAX: Final = 2000
"""Instructions of a compiled expression: with a line's length this bounds what one line can cost."""

_OPTIONS: Final = re2.Options()
_OPTIONS.log_errors = False
_OPTIONS.max_mem = 4 << 20

_REFUSED: Final = (
    (re.compile(r"\(\?<?[=!]"), "what stands around cannot be looked at", "match it, with () around what counts"),
    (re.compile(r"\\[1-9]|\(\?P=|\(\?\("), "what an earlier group matched cannot be asked for", "write it out"),
    (re.compile(r"\(\?>|[*+?}]\+"), "a possessive repetition is not known", "leave the '+' or '?>' out"),
    (re.compile(r"\(\?#|\(\?[a-z]*x"), "comments and (?x) are not known", "leave them out"),
    (re.compile(r"\{\d*,?\d{4,}\}"), "it repeats more than 1000 times", "write + or * instead"),
)  # fmt: skip


class ExpressionError(ValueError):
    """Raised for an expression that cannot be used; the message has the place in it, and what to write instead."""


class Expression:
    """One compiled expression."""

    def __init__(self, text: str) -> None:
        """Compile it; raises ExpressionError."""
        self.text = text
        """As written."""
        self._compiled = _compile(text)
        names = self._compiled.groupindex
        self._group: int = names.get(b"value", min(1, self.groups))

    @property
    def groups(self) -> int:
        """How many groups it has."""
        return int(self._compiled.groups)

    def is_in(self, line: bytes) -> bool:
        """Whether it matches somewhere in a line, UTF-8."""
        return self._compiled.search(line) is not None

    def extract(self, line: bytes) -> str | None:
        """The text of the group ``value``, else of the first; None where nothing matches."""
        found = self._compiled.search(line)
        if found is None:
            return None
        return (found.group(self._group) or b"").decode(errors="replace")


def _compile(text: str) -> Any:
    try:
        re.compile(text)
    except re.error as error:
        raise ExpressionError(
            f"'{text}' is no regular expression: {error}; mend it, or escape signs such as ( with \\"
        ) from None
    try:
        compiled = re2.compile(text.replace(r"\Z", r"\z").encode(), _OPTIONS)
    except re2.error as error:
        raise ExpressionError(_explain(text, str(error))) from None
    if compiled.programsize > PROGRAM_MAX:
        raise ExpressionError(
            f"'{text}' is too large ({compiled.programsize} steps, {PROGRAM_MAX} allowed); repeat less"
        )
    return compiled


def _explain(text: str, error: str) -> str:
    """Say what in an expression cannot be matched in linear time, where, and what to write instead."""
    for construct, what, mend in _REFUSED:
        found = construct.search(text)
        if found is not None:
            return f"'{text}' at '{found[0]}' (sign {found.start() + 1}): {what}; {mend}"
    return (
        f"'{text}' cannot be matched in linear time: {error.strip('b').strip(chr(39))}; write it in the syntax of RE2"
    )
