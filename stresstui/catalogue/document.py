"""One TOML file with the lines of its keys, so that every mistake in it can be pointed at."""

import re
import tomllib
from pathlib import Path
from typing import Any

from stresstui.catalogue.error import ScenarioError
from stresstui.catalogue.locate import KeyPath, line_of, locate
from stresstui.files import read_named

_SYNTAX = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)

_LONG = re.compile(r"(?<!\w)'[^']{200,}'(?!\w)|[^\s']{200,}")
_SHOWN = 80
"""Signs that are shown of a quotation or a word that is as long as that."""
_STARTED = ("command", "cargo", "lab", "env")
"""Tables whose texts become arguments, variables or paths of a program."""
_NUL = re.compile(r"\\u0000|\\U00000000|\\x00")


class Document:
    """A parsed file."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.data: dict[str, Any] = _parsed(path, text)
        self._lines = locate(text)

    def line(self, place: KeyPath) -> int:
        """The line of a key path, or of what is around it."""
        return line_of(self._lines, place)

    def error(self, place: KeyPath, message: str) -> ScenarioError:
        """The error for a mistake at that key path."""
        return ScenarioError(f"{self.path}:{self.line(place)}: {_LONG.sub(_shortened, message)}")


def open_document(path: Path) -> Document:
    """Read a file; raise ScenarioError where it cannot be read or is not TOML."""
    try:
        content = read_named(path)
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read ({error.strerror}); name a scenario file that exists") from None
    try:
        return Document(path, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(f"{path}:{line}: not UTF-8 text; save the file as UTF-8") from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        data = tomllib.loads(text)
        has_nul = _has_nul([data.get(name) for name in _STARTED])
    except RecursionError:
        deepest = _deepest_line(text)
        raise ScenarioError(f"{path}:{deepest}: nested too deep; no scenario needs more than a few levels") from None
    except tomllib.TOMLDecodeError as error:
        found = _SYNTAX.fullmatch(str(error))
        what = (found[1] if found else str(error)).replace("Cannot overwrite a value", "the key stands there twice")
        line = found[2] if found and found[2] else text.rstrip("\n").count("\n") + 1
        raise ScenarioError(f"{path}:{line}: not valid TOML: {what}; mend the line") from None
    if has_nul:
        line = next((n for n, one in enumerate(text.split("\n"), 1) if _NUL.search(one)), 1)
        what = "a character of code 0 is in it, which no command can be given; leave it out"
        raise ScenarioError(f"{path}:{line}: {what}")
    return data


def _shortened(long: re.Match[str]) -> str:
    return f"{long[0][:_SHOWN]}..." + ("'" if long[0].startswith("'") else "")


def _deepest_line(text: str) -> int:
    """The line with the most that is opened: brackets of lists and tables, or dots of a table's name."""
    depth = deepest = 0
    found = 1
    for number, line in enumerate(text.split("\n"), 1):
        most = depth + line.count(".")
        for sign in line:
            depth += (sign in "[{") - (sign in "]}")
            most = max(most, depth)
        if most > deepest:
            deepest, found = most, number
    return found


def _has_nul(value: object) -> bool:
    if isinstance(value, dict):
        return any(_has_nul(one) for pair in value.items() for one in pair)
    return any(map(_has_nul, value)) if isinstance(value, list) else isinstance(value, str) and "\0" in value
