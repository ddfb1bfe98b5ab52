"""Parsed TOML to values, with every mistake pointed at by its key path."""

import types
import typing
from collections.abc import Sequence
from difflib import get_close_matches
from enum import EnumType
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec.structs import FieldInfo

from stresstui.catalogue.document import Document
from stresstui.catalogue.locate import KeyPath

T = TypeVar("T", bound=msgspec.Struct)

_WANTED = {str: "text in quotes", bool: "true or false", int: "a whole number", float: "a number"}
_GIVEN = {**_WANTED, str: "text", dict: "a table", list: "a list"}


def convert_table(document: Document, place: KeyPath, table: object, kind: type[T]) -> T:
    """Make the struct that a table stands for; raise ScenarioError at the first mistake, top to bottom."""
    if not isinstance(table, dict):
        raise document.error(place, f"{_name(place)} should be a table, not {_given(table)}; write {_header(place)}")
    fields = _fields(kind)
    for key in table:
        if key not in fields:
            raise document.error((*place, key), f"unknown key '{key}'{_inside(place)}; {hint(key, list(fields))}")
    for name, field in fields.items():
        if field.required and name not in table:
            raise document.error(place, f"{_name(place)} has no '{name}'; add {name} = ...")
    return kind(**{key: _convert(document, (*place, key), value, fields[key].type) for key, value in table.items()})


@cache
def _fields(kind: type[msgspec.Struct]) -> dict[str, FieldInfo]:
    """The fields of a struct by their names: looked up once, since a scenario may have criteria by the thousand."""
    return {field.name: field for field in msgspec.structs.fields(kind)}


def hint(word: str, known: Sequence[str]) -> str:
    """Say which known word was probably meant, or all of them."""
    close = get_close_matches(word, known, n=1)
    return f"did you mean '{close[0]}'?" if close else f"known are {', '.join(known)}"


def _convert(document: Document, place: KeyPath, value: object, kind: Any) -> Any:
    if isinstance(kind, types.UnionType) and types.NoneType in kind.__args__:
        kind = next(one for one in kind.__args__ if one is not types.NoneType)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return convert_table(document, place, value, kind)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin is dict:
        return _convert_names(document, place, value, inner[1])
    if origin is tuple:
        return _convert_list(document, place, value, inner[0])
    return _convert_plain(document, place, value, kind)


def _convert_names(document: Document, place: KeyPath, value: object, kind: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise document.error(place, f"{_name(place)} should be a table, not {_given(value)}; write {_header(place)}")
    return {name: _convert(document, (*place, name), one, kind) for name, one in value.items()}


def _convert_list(document: Document, place: KeyPath, value: object, kind: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        mend = f"[[{place[-1]}]]" if isinstance(value, dict) else f"{place[-1]} = [...]"
        raise document.error(place, f"{_name(place)} should be a list, not {_given(value)}; write {mend}")
    return tuple(_convert(document, (*place, index), one, kind) for index, one in enumerate(value))


def _convert_plain(document: Document, place: KeyPath, value: object, kind: Any) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        if isinstance(kind, EnumType) and isinstance(value, str):
            known: list[str] = list(kind.__members__.values())
            what = f"unknown value '{value}' of {_name(_key(place))}"
            raise document.error(place, f"{what}; {hint(value, known)}") from None
        wanted = " or ".join(_WANTED.get(one, "text") for one in (typing.get_args(kind) or (kind,)))
        raise document.error(place, f"{_name(place)} should be {wanted}, not {_given(value)}; {_mend(kind)}") from None


def _mend(kind: Any) -> str:
    if kind is bool:
        return "write true or false without quotes"
    return 'write it as "..."' if kind is str else "write one of these"


def _given(value: object) -> str:
    return _GIVEN.get(type(value), "a date")


def _name(place: KeyPath) -> str:
    if not place:
        return "the scenario"
    if isinstance(place[-1], int):
        return f"{place[-2]} number {place[-1] + 1}"
    return f"'{place[-1]}'"


def _key(place: KeyPath) -> KeyPath:
    return place[:-1] if isinstance(place[-1], int) else place


def _inside(place: KeyPath) -> str:
    return f" in {_name(place)}" if place else ""


def _header(place: KeyPath) -> str:
    names = [str(name) for name in place if isinstance(name, str)]
    return f"[[{names[-1]}]]" if isinstance(place[-1], int) else f"[{'.'.join(names)}]"
