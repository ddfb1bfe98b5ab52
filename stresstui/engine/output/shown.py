"""Lines that show something else: a diff, what git says of commits, where a traceback tells what was tried."""

from typing import Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.line import Kind, Line

_HUNK: Final = lazy(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
_COMMIT: Final = lazy(r"commit [0-9a-f]{40}(?: \(.*\))?$")
_OF_COMMIT: Final = lazy(r"(?:Author|Date|Merge|AuthorDate|Commit|CommitDate): | {4}|$")
_BOUND: Final = lazy(r"\s+.*\b(?:bind|listen|create_server|start_server|create_datagram_endpoint)\(")

MARKS: Final = r"  File \"|@@ -\d|commit [0-9a-f]{40}"
"""An RE2 expression that is found in every line that begins to show something."""
_BY_NAME: Final = "getattr(self._sock,name)"
"""How Python 2 calls what the frame above names."""


class Shown:
    """Reads lines one after another, and knows which of them only show what stands elsewhere."""

    def __init__(self) -> None:
        self._old = self._new = 0
        """Lines of a diff's hunk that are to come: as it was, and as it is."""
        self._in_commit = self._in_frame = self._is_raised = self._bound = False
        self.binds = False
        """Whether the newest frame of a traceback of Python's gives itself an address of this host."""

    @property
    def awaits(self) -> bool:
        """Whether the next line belongs to what is shown."""
        return self._old > 0 or self._new > 0 or self._in_commit or self._in_frame or self.binds

    def read(self, line: Line) -> bool:
        """Take in the next line; whether what it says did not happen here."""
        if Kind.SHOWN not in line.kinds and not self.awaits:
            return False
        text = line.content
        self._read_frame(text)
        if self._old > 0 or self._new > 0:
            return self._is_of_hunk(text)
        hunk = _HUNK.match(text)
        if hunk is not None:
            self._old, self._new = int(hunk[1] or 1), int(hunk[2] or 1)
            return True
        self._in_commit = (_OF_COMMIT if self._in_commit else _COMMIT).match(text) is not None
        return self._in_commit

    def _is_of_hunk(self, line: str) -> bool:
        sign = line[:1]
        if sign not in ("", " ", "+", "-", "\\"):
            self._old = self._new = 0
            return False
        self._old -= sign in ("", " ", "-")
        self._new -= sign in ("", " ", "+")
        return True

    def _read_frame(self, line: str) -> None:
        """Of several frames the last one tells; what is raised stands below it, without a margin."""
        if self._is_raised:
            self.binds = self._is_raised = False
        if line.startswith('  File "'):
            self._in_frame, self.binds = True, False
        elif self._in_frame:
            self._in_frame, self.binds = False, _BOUND.match(line) is not None or (self._bound and _BY_NAME in line)
            self._bound = self.binds
        elif self.binds:
            self._is_raised = not line.startswith(" ")
