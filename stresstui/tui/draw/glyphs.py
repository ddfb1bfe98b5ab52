"""Glyphs: the characters that a screen is made of, for terminals with Unicode and for those without."""

from collections.abc import Mapping
from typing import Final

import msgspec

from stresstui.core.criteria.state import Verdict
from stresstui.core.model.timeline import Mark

_ASCII_LOCALES: Final = ("C", "POSIX")
_NO_BRAILLE: Final = ("linux", "vt1", "vt2", "ansi", "cons25")


class Glyphs(msgspec.Struct, frozen=True):
    """One set of characters, each one cell wide."""

    ok: str
    pending: str
    breached: str
    no_data: str
    open: str
    """Not judged yet."""
    corners: str
    """Top left, top right, bottom left, bottom right."""
    across: str
    down: str
    focus_across: str
    """Frame line of the focused pane."""
    shaded: str
    """A breach on the time axis."""
    bar: str
    """Done and still to do of a progress bar."""
    gauge: str
    """The used and the free part of a limit."""
    axis: str
    """The line beside a chart, without and with a number."""
    phase: str
    """A phase that began, on the time axis."""
    more: str
    """What stands for cut text."""
    times: str
    between: str
    """Between two facts on a line."""
    braille: bool
    """True where sparklines are braille."""

    def mark(self, verdict: Verdict) -> str:
        """The mark of a verdict; it always stands beside the word."""
        match verdict:
            case Verdict.OK | Verdict.PASSED:
                return self.ok
            case Verdict.PENDING:
                return self.pending
            case Verdict.BREACHED | Verdict.FAILED:
                return self.breached
            case Verdict.WARNING:
                return "!"
            case Verdict.NO_DATA | Verdict.OPEN:
                return self.open
            case _:
                return self.no_data

    def event(self, mark: Mark) -> str:
        """The mark of a line in the event list."""
        return {Mark.BREACH: self.breached, Mark.OVER: self.ok, Mark.PROBLEM: "!", Mark.NOTE: '"'}.get(mark, " ")


UNICODE: Final = Glyphs(
    ok="✓", pending="…", breached="✗", no_data="?", open="○", corners="╭╮╰╯", across="─", down="│", focus_across="━",
    shaded="▀", bar="━─", gauge="━─", axis="│┤", phase="┴", more="…", times="\u00d7", between="·",
    braille=True,
)  # fmt: skip
"""For terminals that can show Unicode."""

ASCII: Final = Glyphs(
    ok="+", pending="~", breached="X", no_data="?", open="o", corners="++++", across="-", down="|", focus_across="=",
    shaded="#", bar="#-", gauge="#-", axis="|+", phase="^", more="~", times="x", between="|",
    braille=False,
)  # fmt: skip
"""For every other terminal."""


def glyphs_for(encoding: str | None, environ: Mapping[str, str] | None = None) -> Glyphs:
    """Choose by the encoding of the terminal, as Python names it, and by what the environment says of it.

    None = unknown, which gets ASCII. A console of Linux and old hardware have no braille whatever their encoding, and
    who sets the locale to C or POSIX asks for ASCII, though Python then reads and writes UTF-8.
    """
    known = environ or {}
    name = (encoding or "").lower().replace("-", "").replace("_", "")
    asked = known.get("LC_ALL") or known.get("LANG", "")
    if not name.startswith("utf") or asked in _ASCII_LOCALES or known.get("TERM", "").startswith(_NO_BRAILLE):
        return ASCII
    return UNICODE
