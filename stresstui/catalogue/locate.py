"""Lines of a TOML text's keys: the parser of the standard library does not keep them, and a mistake needs its place.

A path is what leads from the document to a value: names of tables and keys, and indexes of lists, such as
``("criteria", 2, "rule")``. The text has to be valid TOML; only where things begin is found out here.
"""

import re
import tomllib
from bisect import bisect_left
from typing import Final, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_KEY: Final = re.compile(r"""[ \t]*([A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')[ \t]*""")
_STRING: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"{3,5}' + r"|'''(?:[^']|'(?!''))*'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'",
    re.DOTALL,
)
_PLAIN: Final = re.compile(r"[^,\]}#\n]*")


def line_of(lines: dict[KeyPath, int], path: KeyPath) -> int:
    """Line of the path, or of the closest thing around it that has one; the first line for the document itself."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def locate(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, at which each key, table and list item of a valid TOML text begins."""
    return _Scan(text).document()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.ends = [found.start() for found in re.finditer("\n", text)]
        """Where lines end."""
        self.place = 0
        self.lines: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}

    def document(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self.blank()
        while self.place < len(self.text):
            table = self.header() if self.text[self.place] == "[" else self.pair(table)
            self.blank()
        return self.lines

    def header(self) -> KeyPath:
        start, brackets = self.place, 2 if self.text.startswith("[[", self.place) else 1
        self.place += brackets
        path = self.resolve(self.key(), list_of_tables=brackets > 1)
        self.place += brackets
        for depth in range(1, len(path) + 1):
            self.mark(path[:depth], start)
        return path

    def resolve(self, names: tuple[str, ...], *, list_of_tables: bool) -> KeyPath:
        path: KeyPath = ()
        for position, name in enumerate(names):
            path = (*path, name)
            if list_of_tables and position == len(names) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def pair(self, table: KeyPath) -> KeyPath:
        start = self.place
        names = self.key()
        self.place += 1
        path = (*table, *names)
        for depth in range(len(table) + 1, len(path) + 1):
            self.mark(path[:depth], start)
        self.blank()
        self.value(path)
        return table

    def key(self) -> tuple[str, ...]:
        names: list[str] = []
        while True:
            found = _KEY.match(self.text, self.place)
            if found is None:
                raise ValueError("not a TOML document")
            self.place = found.end()
            names.append(_plain_name(found[1]))
            if not self.text.startswith(".", self.place):
                return tuple(names)
            self.place += 1

    def value(self, path: KeyPath) -> None:
        opening = self.text[self.place]
        if opening in "\"'":
            self.skip(_STRING)
        elif opening == "[":
            self.items(path)
        elif opening == "{":
            self.inline_table(path)
        else:
            self.skip(_PLAIN)

    def items(self, path: KeyPath) -> None:
        self.place += 1
        index = 0
        while not self.closed("]"):
            self.mark((*path, index), self.place)
            self.value((*path, index))
            index += 1

    def inline_table(self, path: KeyPath) -> None:
        self.place += 1
        while not self.closed("}"):
            self.pair(path)

    def closed(self, bracket: str) -> bool:
        self.blank()
        if self.text[self.place] == ",":
            self.place += 1
            self.blank()
        if self.text[self.place] != bracket:
            return False
        self.place += 1
        return True

    def skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.place)
        if found is not None:
            self.place = found.end()

    def blank(self) -> None:
        self.skip(_BLANK)

    def mark(self, path: KeyPath, place: int) -> None:
        self.lines.setdefault(path, bisect_left(self.ends, place) + 1)


def _plain_name(written: str) -> str:
    return next(iter(tomllib.loads(f"{written} = 0"))) if written[0] in "\"'" else written
