"""What an output may have besides text: colours by the conventions, links where the terminal is known to have them."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, TextIO

_LINKING: Final = frozenset(("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "Tabby"))
"""Values of TERM_PROGRAM that follow links (OSC 8)."""
_LINKING_TERMS: Final = ("xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm", "contour")
_LINKING_VTE: Final = 5000
_MARKS: Final = {"32": ("✓ ", "PASSED"), "31": ("✗ ", "FAILED"), "33": ("? ", "INCONCLUSIVE", "! ", "ABORTED")}
"""Colours (SGR) of the marks and words that verdicts begin with."""
_WORDS: Final = "|".join(
    re.escape(mark) + (r"\w+" if mark.endswith(" ") else "") for m in _MARKS.values() for mark in m
)
_VERDICT: Final = re.compile(rf"^(\s*)({_WORDS})(?=\s|$)")
_PLACE: Final = re.compile(r"^((?:report: |recorded in |  -> |compared with the baseline: .*; )?)(/\S.*)$")
_PLAIN: Final = ("", "dumb", "unknown")
"""Terminals that only print lines."""


def has_colors(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether colours are wanted: CLICOLOR_FORCE wins over NO_COLOR, that over CLICOLOR (bixense.com/clicolors)."""
    if environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    if environ.get("NO_COLOR"):
        return False
    return environ.get("CLICOLOR") != "0" and _is_terminal(stream, environ)


def has_links(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the stream is a terminal that is known to follow links."""
    if not _is_terminal(stream, environ) or environ.get("TERM", "").startswith(("screen", "tmux")):
        return False
    vte = environ.get("VTE_VERSION", "")
    return (
        environ.get("TERM_PROGRAM") in _LINKING
        or environ.get("TERM", "").startswith(_LINKING_TERMS)
        or (vte.isdigit() and int(vte) >= _LINKING_VTE)
        or bool(environ.get("WT_SESSION") or environ.get("KONSOLE_VERSION"))
    )


def _is_terminal(stream: TextIO, environ: Mapping[str, str]) -> bool:
    return stream.isatty() and can_draw(environ)


def can_draw(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the terminal is said to do more than print lines; one that nobody names may not."""
    return environ.get("TERM", "") not in _PLAIN


def painted(line: str) -> str:
    """The line with the mark or the word of its verdict in colour."""
    found = _VERDICT.match(line)
    if found is None:
        return line
    color = next(color for color, marks in _MARKS.items() if found[2].startswith(marks))
    return f"{found[1]}\x1b[{color}m{found[2]}\x1b[0m{line[found.end() :]}"


def linked(line: str) -> str:
    """The line with a link on the report or folder that it ends with, where that is there."""
    found = _PLACE.match(line)
    if found is None or not Path(found[2]).exists():
        return line
    import socket
    from urllib.parse import quote

    return f"{found[1]}\x1b]8;;file://{quote(socket.gethostname())}{quote(found[2])}\x1b\\{found[2]}\x1b]8;;\x1b\\"
