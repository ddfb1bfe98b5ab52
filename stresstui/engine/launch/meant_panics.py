"""Which tests are to panic, by their sources: ``cargo test -q`` names no test, so that nothing it prints says so."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from stresstui.engine.launch.rust_source import read_file

_FILES_MOST: Final = 4000
_BYTES_MOST: Final = 64 << 20
_NAMES_MOST: Final = 50
"""Different tests that are looked for; a look reads every source."""
_LEFT_OUT: Final = frozenset(("target", "node_modules"))
_PASTE: Final = re.compile(rb"\bpaste!")
"""What makes names of pieces of them."""
_CRATES: Final = frozenset(("lib", "main"))
_OF_CRATES: Final = frozenset(("tests", "benches", "examples", "bin"))
"""Files that are roots of modules, and the folders whose files are."""


class MeantPanics:
    """Answers from the sources below a folder, each question once."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read before the first question."""
        self._folder = folder
        self._known: dict[str, bool | None] = {}

    def __call__(self, path: str) -> bool | None:
        """Whether the test of that path, as libtest prints it, has ``should_panic``; None where it cannot be told.

        A thread may be called like a test: where no source names such a function outside quotes, it is none: False.
        """
        if path not in self._known:
            self._known[path] = self._look(path) if len(self._known) < _NAMES_MOST else None
        return self._known[path]

    def _look(self, path: str) -> bool | None:
        sources = list(_sources(self._folder))
        if not sources or sources[-1] is None:
            return None
        whole = path.split("::")
        texts = {source: _read(source) for source in sources if source is not None}
        # Cases that rstest and test_case make of one function are called behind it.
        answers = self._answers(texts, whole) or self._answers(texts, whole[:-1])
        if answers:
            return answers.pop() if len(answers) == 1 else None
        word = whole[-1].encode()
        named = re.compile(rb'(?<!")\b' + word + rb"\b")
        may_be_made = (_holds(text, word, named) or _holds(text, b"paste!", _PASTE) for text in texts.values())
        return None if any(may_be_made) else False

    def _answers(self, texts: dict[Path, bytes], whole: list[str]) -> set[bool]:
        word = whole[-1].encode() if whole else b""
        function = re.compile(rb"\bfn\s+" + word + rb"\b")
        return {
            test.to_panic
            for source, text in texts.items()
            if word and _holds(text, word, function)
            for test in read_file(source)
            if _is_it(source.relative_to(self._folder), test.path.split("::"), whole)
        }


def _sources(folder: Path) -> Iterator[Path | None]:
    """All sources; None behind the last that is looked at where there are too many."""
    files, size = 0, 0
    for here, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _LEFT_OUT and not name.startswith(".")]
        for name in names:
            if not name.endswith(".rs"):
                continue
            source = Path(here, name)
            files, size = files + 1, size + source.lstat().st_size
            if files > _FILES_MOST or size > _BYTES_MOST:
                yield None
                return
            yield source


def _holds(text: bytes, word: bytes, pattern: re.Pattern[bytes]) -> bool:
    """Whether the pattern, of which the word is a part, is in a text: most have not even the word, told far faster."""
    return word in text and pattern.search(text) is not None


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError:
        return b""


def _is_it(source: Path, inside: list[str], whole: list[str]) -> bool:
    """Whether a test of a file, with its modules there, is the one of a whole path, which that in a root is itself."""
    parts = list(source.with_suffix("").parts)
    if parts[-1] in _CRATES or (len(parts) > 1 and parts[-2] in _OF_CRATES):
        return inside == whole
    known = [*(parts[:-1] if parts[-1] == "mod" else parts), *inside]
    return len(whole) > len(inside) and known[-len(whole) :] == whole
