"""Conditions of Rust sources, ``cfg(...)``: with which features one holds on this machine."""

import itertools
import platform
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(r'\s*(?:(\w+)\s*=\s*"([^"]*)"|(\w+)|([(),]))')
_NO_ASSERTIONS: Final = re.compile(r"not\s*\(\s*debug_assertions\s*,?\s*\)")
_WAYS_MOST: Final = 64
_OS: Final = {"darwin": "macos"}.get(sys.platform, sys.platform)
_ARCH: Final = {"arm64": "aarch64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
_FACTS: Final = {
    "test": True, "unix": True, "windows": False, 'target_family = "unix"': True, 'target_family = "windows"': False,
}  # fmt: skip
_OF_THIS_MACHINE: Final = {"target_os": _OS, "target_arch": _ARCH}


class Way(NamedTuple):
    """One way in which a condition holds."""

    needed: tuple[str, ...] = ()
    """Features that must be on."""
    barred: tuple[str, ...] = ()
    """Features that must be off."""


_ALWAYS: Final = (Way(),)
_NEVER: Final[tuple[Way, ...]] = ()


def features_for(
    conditions: Iterable[str], given: Collection[str], known: Collection[str] | None = None
) -> tuple[str, ...] | None:
    """The fewest features to add to those given so that all conditions hold; None where none would do.

    ``known`` are the features that there are; None for any.
    """
    parts = [_parse(condition) for condition in conditions]
    able = [
        more
        for way in _all(parts)
        if not {*given, *way.needed} & {*way.barred}
        for more in [tuple(name for name in way.needed if name not in given)]
        if known is None or {*more} <= {*known}
    ]
    return min(able, key=len, default=None)


def features_named(conditions: Iterable[str]) -> list[str]:
    """Every feature that conditions name, for a message."""
    tokens = (found for one in conditions for found in _TOKEN.finditer(one))
    return list(dict.fromkeys(found[2] for found in tokens if found[1] == "feature"))


def is_for_release(conditions: Iterable[str]) -> bool:
    """Whether one of the conditions asks for a build without debug assertions, which a release is."""
    return any(_NO_ASSERTIONS.fullmatch(condition.strip()) for condition in conditions)


def _parse(text: str) -> tuple[Way, ...]:
    try:
        return _predicate(iter(_TOKEN.findall(text)), positive=True)
    except StopIteration:  # not a condition: nothing is known of it
        return _ALWAYS


def _predicate(tokens: Iterator[tuple[str, str, str, str]], *, positive: bool) -> tuple[Way, ...]:
    key, value, word, _ = next(tokens)
    if word in ("all", "any", "not"):
        inside = _inside(tokens, positive=positive is not (word == "not"))
        return _all(inside) if (word == "any") is not positive else _any(inside)
    if key == "feature":
        return (Way(needed=(value,)) if positive else Way(barred=(value,)),)
    return _fact(key, value, word, positive=positive)


def _inside(tokens: Iterator[tuple[str, str, str, str]], *, positive: bool) -> list[tuple[Way, ...]]:
    """The predicates between brackets."""
    next(tokens)
    found: list[tuple[Way, ...]] = []
    rest: list[tuple[str, str, str, str]] = []
    depth = 1
    for token in tokens:
        depth += {"(": 1, ")": -1}.get(token[3], 0)
        if (token[3] == "," and depth == 1) or not depth:
            if rest:
                found.append(_predicate(iter(rest), positive=positive))
            rest = []
        else:
            rest.append(token)
        if not depth:
            break
    return found


def _fact(key: str, value: str, word: str, *, positive: bool) -> tuple[Way, ...]:
    """What is no feature: a fact of this machine, or something that only a build knows, which may hold or not."""
    if key in _OF_THIS_MACHINE:
        holds: bool | None = _OF_THIS_MACHINE[key] == value
    else:
        holds = _FACTS.get(word or f'{key} = "{value}"')
    return _ALWAYS if holds is None or holds is positive else _NEVER


def _all(parts: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    ways = itertools.islice(itertools.product(*parts), _WAYS_MOST)
    return tuple(Way(_joined(w.needed for w in way), _joined(w.barred for w in way)) for way in ways)


def _any(parts: Sequence[tuple[Way, ...]]) -> tuple[Way, ...]:
    return tuple(itertools.chain(*parts))


def _joined(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(itertools.chain(*names)))
