"""The locator finds the line of every key of any TOML text."""

import tomllib
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.catalogue.locate import KeyPath, line_of, locate

TRICKY = (Path(__file__).parent / "tricky.toml").read_text()


def test_tricky_text_is_found_line_by_line() -> None:
    lines = locate(TRICKY)
    tomllib.loads(TRICKY)
    assert lines == {
        ("title",): 2, ("quoted key",): 3, ("text",): 4, ("raw",): 8,
        ("a",): 11, ("a", "b"): 11, ("a", "b", "c.d"): 11,
        ("list",): 12, ("list", 0): 13, ("list", 1): 13, ("list", 1, 0): 13, ("list", 1, 1): 14, ("list", 2): 14,
        ("list", 2, "x"): 14, ("list", 2, "y"): 14, ("list", 2, "y", 0): 14,
        ("empty",): 16, ("none",): 17, ("cargo",): 19, ("cargo", "test"): 20,
        ("criteria",): 22, ("criteria", 0): 22, ("criteria", 0, "id"): 23,
        ("criteria", 1): 25, ("criteria", 1, "id"): 26, ("criteria", 1, "deep"): 27,
        ("criteria", 1, "deep", "rule"): 28,
        ("criteria", 1, "inner"): 30, ("criteria", 1, "inner", 0): 30, ("criteria", 1, "inner", 0, "z"): 31,
        ("criteria", 1, "inner", 1): 32, ("criteria", 1, "inner", 1, "z"): 33,
        ("far",): 34, ("far", "away"): 34, ("far", "away", "k"): 35,
    }  # fmt: skip


def test_what_has_no_line_takes_that_of_what_is_around_it() -> None:
    lines = locate("\n[cargo]\ntest = 'x'\n")
    assert [line_of(lines, path) for path in ((), ("title",), ("cargo", "package"), ("cargo", "test", 3))] == [
        1,
        1,
        2,
        3,
    ]


LEAVES = st.sampled_from(
    ["1", "-1.5e3", "true", "2026-01-01T10:00:00Z", '""', "''", '"a # ] } , = [ \\" b"', "'lit \" # [ \\'",
     '"""\n[x]\nk = 1 \\""" # """', "'''a\n'b''\n[[c]]'''", '""""q""""', '"""\\\n  folded"""']
)  # fmt: skip
KEYS = st.sampled_from(["a", "b-1", "2", '"c d"', "'e.f'", '"g\\"h"', '"[i]"'])
GAPS = st.sampled_from(["", "\n", "\n# [k] = {\n", "  # x = 1\n\n"])


class Writer:
    """Writes a document piece by piece, and notes at which line each path begins."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.expected: dict[KeyPath, int] = {}

    def mark(self, path: KeyPath) -> None:
        self.expected.setdefault(path, self.text.count("\n") + 1)

    def gap(self) -> None:
        self.text += self.draw(GAPS)

    def keys(self, most: int = 3) -> list[tuple[str, str]]:
        written = self.draw(st.lists(KEYS, max_size=most, unique=True))
        return [(one, next(iter(tomllib.loads(f"{one} = 0")))) for one in written]

    def pair(self, path: KeyPath, key: tuple[str, str], depth: int) -> None:
        self.mark((*path, key[1]))
        self.text += f"{key[0]} = "
        self.value((*path, key[1]), depth)

    def value(self, path: KeyPath, depth: int) -> None:
        kind = self.draw(st.sampled_from(["leaf", "list", "table"])) if depth else "leaf"
        if kind == "leaf":
            self.text += self.draw(LEAVES)
        elif kind == "list":
            self.items(path, depth)
        else:
            self.inline(path, depth)

    def items(self, path: KeyPath, depth: int) -> None:
        self.text += "["
        for index in range(self.draw(st.integers(0, 3))):
            self.gap()
            self.mark((*path, index))
            self.value((*path, index), depth - 1)
            self.gap()
            self.text += ","
        self.gap()
        self.text += "]"

    def inline(self, path: KeyPath, depth: int) -> None:
        self.text += "{ "
        for index, key in enumerate(self.keys()):
            self.text += ", " if index else ""
            self.pair(path, key, depth - 1)
        self.text += " }"

    def body(self, path: KeyPath) -> None:
        for key in self.keys():
            self.gap()
            self.text += "\n" if self.text and not self.text.endswith("\n") else ""
            self.pair(path, key, 2)
            self.text += "\n"

    def header(self, path: KeyPath, words: str) -> None:
        self.gap()
        self.text += "\n"
        for depth in range(1, len(path) + 1):
            self.mark(path[:depth])
        self.text += words + "\n"
        self.body(path)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[KeyPath, int]]:
    writer = Writer(draw)
    writer.body(())
    for number in range(draw(st.integers(0, 3))):
        name = f"t{number}"
        if draw(st.booleans()):
            writer.header((name, "sub"), f"[{name} . 'sub']")
            continue
        for index in range(draw(st.integers(1, 3))):
            writer.header((name, index), f"[[ {name} ]]")
            writer.header((name, index, "sub"), f"[{name}.sub]")
    return writer.text, writer.expected


@settings(max_examples=150, deadline=None)
@given(documents())
def test_any_document_is_found_line_by_line(document: tuple[str, dict[KeyPath, int]]) -> None:
    text, expected = document
    assert set(paths(tomllib.loads(text))) == set(expected)
    assert locate(text) == expected


def paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found: list[KeyPath] = [path] if path else []
    return found + [one for key, below in inner for one in paths(below, (*path, key))]
