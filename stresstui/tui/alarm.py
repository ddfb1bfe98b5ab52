"""Alarms of the terminal itself: the bell, or a notification by an escape sequence, for who asked for one."""

import re
from enum import StrEnum
from typing import Final

from stresstui.core.model.scenario import Severity
from stresstui.core.run.state import RunState

_UNFIT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f;]")
"""What would end or part an escape sequence."""
_LONGEST: Final = 200


class Bell(StrEnum):
    """How a breach and the end are told to who looks elsewhere."""

    OFF = "off"
    BELL = "bell"
    OSC9 = "osc9"
    """iTerm2, Windows Terminal, kitty, foot."""
    OSC777 = "osc777"
    """rxvt-unicode, VTE, foot, ghostty."""

    def sequence(self, text: str) -> str:
        """What is written to the terminal for a text; empty when off."""
        clean = _UNFIT.sub(" ", text)[:_LONGEST]
        return {
            Bell.BELL: "\a", Bell.OSC9: f"\x1b]9;stresstui: {clean}\a",
            Bell.OSC777: f"\x1b]777;notify;stresstui;{clean}\a",
        }.get(self, "")  # fmt: skip


class Alarm:
    """Says once what is new; what had happened before anybody looked is not."""

    def __init__(self) -> None:
        self._breaches: int | None = None
        self._ended = False

    def news(self, run: RunState) -> str:
        """What happened since it was asked last; empty for nothing."""
        judged = [c for c in run.criteria if c.spec.severity is Severity.FAIL]
        count, before = sum(c.breach_count for c in judged), self._breaches
        ended, self._breaches, self._ended = run.ended and not self._ended, count, run.ended
        if before is None:
            return ""
        name = run.scenario.name
        if ended and run.outcome is not None:
            return f"{name} {run.outcome.value}"
        active = [c.spec.title for c in judged if c.active]
        return f"{name} breached: {active[0]}" if count > before and active else ""
