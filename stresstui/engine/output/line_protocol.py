"""Lines that a program prints for this one: the metrics line, histograms, and what the lab announces of itself."""

import re
import shlex
from typing import Final

import msgspec

from stresstui.core.model.event import Event, Problem, Reported, ServiceState, Timed
from stresstui.core.model.sample import Role
from stresstui.engine.output.line import LINE_CUT
from stresstui.engine.output.message import is_beginning, is_quoted
from stresstui.engine.output.number import read_plain
from stresstui.engine.output.own import Unreadable

_OWN_LINE: Final = re.compile(r"(?<!\w)STRESSTUI")
_TIMES: Final = re.compile(r"name=([A-Za-z_]\w{0,60}) buckets=((?:\d{1,5}:\d{1,15},)*\d{1,5}:\d{1,15})", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z_:][A-Za-z0-9_:]*", re.ASCII)


class Announced(msgspec.Struct, frozen=True):
    """The lab said what one of its processes is."""

    pid: int
    role: Role
    name: str
    ended: str = ""
    pprof: str = ""


class Exported(msgspec.Struct, frozen=True):
    """A service said which variable leads to it."""

    name: str
    value: str


Marked = Event | Announced | Exported
"""What such a line may mean."""


class ProtocolReader:
    """Reads lines that were printed for this program."""

    def __init__(self, unreadable: Unreadable) -> None:
        self._unreadable = unreadable
        self._complained = False

    def read(self, t: float, line: str) -> list[Marked] | None:
        """Read a line that was printed for this program; None when it is not one."""
        found = _OWN_LINE.search(line)
        if found is None or is_quoted(line[: found.start()]) or not is_beginning(line[: found.start()]):
            return None
        word, *more = line[found.start() :].split(maxsplit=1)
        rest = more[0].rstrip() if more else ""
        match word:
            case "STRESSTUI:" | "STRESSTUI=":
                return self._complain(t, f"not a metrics line: {word} {rest}; write STRESSTUI name=value")
            case "STRESSTUI":
                return self._read_metrics(t, rest)
            case "STRESSTUI_HISTOGRAM":
                return self._read_times(t, rest)
            case "STRESSTUI_PROCESS" | "STRESSTUI_STATE" | "STRESSTUI_ENV":
                return self._read_announcement(t, word, rest)
        return None

    def _read_metrics(self, t: float, rest: str) -> list[Marked]:
        values: dict[str, float] = {}
        wrong: list[str] = []
        doubts: list[Marked] = []
        for pair in rest.split():
            name, _, text = pair.partition("=")
            value = read_plain(text)
            if value is None or not _NAME.fullmatch(name):
                wrong.append(pair)
                doubts += self._unreadable.doubt(t, name, text)
            else:
                values[name] = value
        found: list[Marked] = [Reported(t, values)] if values else []
        return found + (self._complain(t, f"not a metric: {' '.join(wrong)}") if wrong else []) + doubts

    def _read_times(self, t: float, rest: str) -> list[Marked]:
        found = _TIMES.fullmatch(rest)
        return [Timed(t, found[1], found[2])] if found else self._complain(t, f"not a histogram: {rest}")

    def _read_announcement(self, t: float, word: str, rest: str) -> list[Marked]:
        try:
            fields = dict(part.split("=", 1) for part in shlex.split(rest))
            if word == "STRESSTUI_STATE":
                return [ServiceState(t, fields["state"], fields.get("detail", ""))]
            if word == "STRESSTUI_ENV":
                return [Exported(name, value) for name, value in fields.items()]
            name, ended = fields.get("name", ""), fields.get("ended", "")
            return [Announced(int(fields["pid"]), Role(fields["role"]), name, ended, fields.get("pprof", ""))]
        except (ValueError, KeyError) as error:
            return self._complain(t, f"cannot read '{word} {rest}': {error}")

    def _complain(self, t: float, text: str) -> list[Marked]:
        """Say once that lines are malformed: they come by the thousand."""
        if self._complained:
            return []
        self._complained = True
        return [Problem(t, "output", text[:LINE_CUT])]
