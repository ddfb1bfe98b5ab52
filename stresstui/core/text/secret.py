"""What looks like a secret in a command: it is passed on to who needs it, and never kept or shown."""

import re
from collections.abc import Iterable
from typing import Final

from stresstui.core.text.lazy_pattern import lazy

HIDDEN: Final = "(not kept)"
"""What stands in the place of a secret."""
_NAME: Final = (
    r"(?:[\w.-]*[-_.])?(?:password|passwd|passphrase|pass|pwd|secret|token|apikey|api[-_]key|access[-_]key"
    r"|private[-_]key|secret[-_]access[-_]key|credentials?|auth)"
)
_FLAG: Final = lazy(rf"--?{_NAME}", re.IGNORECASE)
_LOGIN_FLAGS: Final = ("-u", "--user", "--proxy-user")
_GIVEN: Final = lazy(rf"(?<![\w-])((?:--?)?{_NAME})=(\"[^\"]*\"|'[^']*'|[^\s&;]+)", re.IGNORECASE)
_HEADER: Final = lazy(r"\b((?:proxy-)?authorization|x-api-key|cookie)(\s*:\s*).+", re.IGNORECASE | re.DOTALL)
_BEARER: Final = lazy(r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)
_LOGIN: Final = lazy(r"\b([a-z][a-z0-9+.-]*://)([^\s/@:]*):[^\s/@]+@", re.IGNORECASE)
_KEYS: Final = lazy(
    r"\b(?:A(?:KIA|SIA)[0-9A-Z]{16}|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}"
    r"|sk-[\w-]{20,}|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*)"
)


def without_secrets(words: Iterable[str]) -> tuple[str, ...]:
    """The words of a command with HIDDEN in the place of each secret."""
    kept: list[str] = []
    before = ""
    for word in words:
        kept.append(_after_flag(before, word))
        before = word
    return tuple(kept)


def _after_flag(flag: str, word: str) -> str:
    if _FLAG.fullmatch(flag) and not word.startswith("-"):
        return HIDDEN
    name, colon, _ = word.partition(":")
    if flag in _LOGIN_FLAGS and colon:
        return f"{name}:{HIDDEN}"
    return hide_secrets(word)


def hide_secrets(text: str) -> str:
    """A text with HIDDEN in the place of what is given as a secret in it."""
    text = _HEADER.sub(rf"\1\2{HIDDEN}", text)
    text = _LOGIN.sub(rf"\1\2:{HIDDEN}@", text)
    text = _GIVEN.sub(rf"\1={HIDDEN}", text)
    return _KEYS.sub(HIDDEN, _BEARER.sub(rf"\1 {HIDDEN}", text))
