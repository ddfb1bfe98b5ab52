"""The first error of a build, and where it is: the tool's last line only tells that there was one."""

from typing import Final

from stresstui.core.text.lazy_pattern import lazy
from stresstui.engine.output.line import Kind, Line

_WHOLE: Final = lazy(
    r"(?:\S+\.\w{1,5}:\d+(?::\d+)?: (?:fatal )?error: \S"
    r"|(?:vet: )?\S+\.go:\d+:\d+: \S"
    r"|\S+\.[cm]?tsx?(?:\(\d+,\d+\):|:\d+:\d+ -) error TS\d+: "
    r"|\S+\(\d+,\d+\): error \w+: |\[ERROR\] \S+:\[\d+,\d+\] |e: (?:file://)?\S+\.kts?:|\S+\.nim\(\d+, \d+\) Error: "
    r"|\*\* \(\w*(?:Compile|Syntax|TokenMissing)\w*Error\) "
    r"|\S.{0,300}?: undefined (?:reference to|symbol)[: ]|(?:\S*ld(?:\.\w+)?|ld): (?:error: |cannot find -l)"
    r"|CMake Error: \S)"
)
"""What it is and its place in one line: C, C++, Swift, Zig, Java, Go, TypeScript, C#, Kotlin, Nim, Elixir, a linker."""
_FOLLOWED: Final = lazy(
    r"(?P<rust>error(?:\[E\d+\])?: (?!could not compile|aborting due to|test failed|\d+ targets?).*)"
    r"|(?P<said>(?:CMake Error at \S+:\d+.*:|\S+\.l?hs:\d+:\d+: error:.*))$"
    r"|[\u2718X] (?P<bundler>\[ERROR\] .*|Build failed with \d+ errors?:)$"
    r"|_{2,} ERROR collecting (?P<pytest>\S+) _{2,}$"
)
"""What is told in several lines."""
_OF_CARGO: Final = lazy(
    r"error: (?:no matching package|failed to (?:run custom|select a|load|parse|get|download|resolve)|linking with"
    r"|could not find|no (?:test|bin|example|bench|library)|package|the (?:lock file|package|manifest)|toolchain"
    r"|unexpected argument|no such command)"
)
"""What has no place in a source."""
_PLACE: Final = lazy(r"\s*(?:-->|::::|\u2514\u2500) (\S+:\d+(?::\d+)?)")
_BUNDLED: Final = lazy(r" {4}(\S+:\d+:\d+):$")
_FRAME: Final = lazy(r"(\S+\.py:\d+): in |E +File \"(.+)\", line (\d+)")
_RAISED: Final = lazy(r"E +([A-Za-z_][\w.]*(?:Error|Exception|Failed|Warning)\b.*)")
_LINES_MOST: Final = 12
_PYTEST_MOST: Final = 200
"""Lines in which the rest of it has to come; of pytest those of a traceback."""
_SAID_MOST: Final = 300


MARKS: Final = r"rror|ERROR|\.go:\d|: undefined |cannot find -l|\be: \S+\.kts?:"
"""An RE2 expression that is found in every line that may begin an error."""


class FirstError:
    """Reads the lines of a build up to its first error."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._text, self._kind, self._place, self._left = "", "", "", 0
        self.said = ""
        """What it is, and where; empty for as long as there is none."""

    @property
    def awaits(self) -> bool:
        """Whether the next line may say more of it."""
        return bool(self._kind) and not self.said

    def read(self, line: Line) -> bool:
        """Take in the next line; whether with it all of the first error was said."""
        if self.said:
            return False
        if self._kind:
            self._go_on(line.bare)
        elif Kind.BUILD in line.kinds:
            for text in line.texts:
                if not self.said and not self._kind:
                    self._begin(text)
        return bool(self.said)

    def finish(self) -> bool:
        """No line will follow; whether that shows that all of the first error was said."""
        if self.said or not _OF_CARGO.match(self._text):
            return False
        self.said = self._text
        return True

    @property
    def so_far(self) -> str:
        """What was said of it, of a program that does nothing but build."""
        return self.said or ("" if self._kind == "pytest" else self._text)

    def _begin(self, line: str) -> None:
        found = _FOLLOWED.match(line)
        if found is None:
            if _WHOLE.match(line):
                self._say(line.strip())
            return
        (self._kind,) = (name for name, text in found.groupdict().items() if text)
        self._text = found[self._kind].strip()
        self._left = _PYTEST_MOST if self._kind == "pytest" else _LINES_MOST

    def _go_on(self, line: str) -> None:
        self._left -= 1
        text = line.strip()
        if self._kind == "said":
            self._say(f"{self._text} {text}" if text else "")
        elif self._kind == "pytest":
            self._read_traceback(line)
        elif found := (_BUNDLED if self._kind == "bundler" else _PLACE).match(line):
            self._say(f"{self._text} ({found[1]})")
        elif _OF_CARGO.match(self._text) and (line.startswith(("error", "warning")) or not self._left):
            self._say(self._text)
        elif self._kind == "rust" and line.startswith("error"):
            self._begin(line)
        if not self._left:
            self._kind = ""

    def _read_traceback(self, line: str) -> None:
        frame, raised = _FRAME.match(line), _RAISED.match(line)
        if frame is not None:
            self._place = frame[1] or f"{frame[2]}:{frame[3]}"
        if raised is not None:
            self._say(f"{raised[1].strip()} ({self._place or self._text})")

    def _say(self, text: str) -> None:
        self.said = text[:_SAID_MOST]
