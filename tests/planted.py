"""What a hostile text may hold, class by class, and events with all of it in every text that they have."""

import re
from collections.abc import Iterator
from typing import Any, get_args

import msgspec

from stresstui.core.model import event as ev
from stresstui.core.model.sample import HostSample, ProcessSample, Sample

CLASSES = {
    "clipboard": "\x1b]52;c;UFdORUQ=\x07",
    "title": "\x1b]0;PWNED\x07",
    "title_st": "\x1b]2;PWNED\x1b\\",
    "link": "\x1b]8;;http://pwned\x1b\\x\x1b]8;;\x1b\\",
    "colour": "\x1b[31m",
    "clear": "\x1b[2J\x1b[1;1H",
    "report": "\x1b[6n\x1b[c",
    "mode": "\x1b[?1049l\x1b[?25l",
    "reset": "\x1bc",
    "charset": "\x1b(0\x0e",
    "dcs": "\x1bPqPWNED\x1b\\",
    "tmux": "\x1bPtmux;\x1b\x1b]0;PWNED\x07\x1b\\",
    "apc": "\x1b_PWNED\x1b\\",
    "pm": "\x1b^PWNED\x1b\\",
    "sos": "\x1bXPWNED\x1b\\",
    "c1_csi": "\x9b31m",
    "c1_osc": "\x9d0;PWNED\x9c",
    "c1_dcs": "\x90PWNED\x9c",
    "c1_nel": "\x85",
    "unfinished": "\x1b]0;PWNED",
    "bell": "\x07",
    "back": "safe\x08\x08\x08\x08evil",
    "return": "\revil",
    "line": "\nevil 0 passed",
    "nul": "\x00",
    "delete": "\x7f",
    "bidi": "\u202eevil\u202c\u2066x\u2069\u200f\u061c",
    "invisible": "\u200b\u200d\u2060\ufeff\u00ad",
    "separators": "\u2028\u2029",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "private": "\ue000\ufffe",
}
"""One text of each class."""

_OBEYED = (
    "[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\ue000"
    "\U000e0000-\U000e007f]"
)
OBEYED = re.compile(_OBEYED)
"""Any character of theirs that must not reach a person's eyes; of control characters only tab and line ends may."""
ATTACK = "".join(f"<{name}>{text}" for name, text in CLASSES.items() if name != "unfinished") + CLASSES["unfinished"]
"""All of them in one text."""


def plain_events() -> Iterator[ev.Event]:
    """One event of each kind with ATTACK in every text that it has, and one for each class alone, behind a start."""
    yield _started()
    yield _sampled()
    for kind in get_args(ev.Event):
        if kind not in (ev.Started, ev.Sampled, ev.Ended):
            yield _planted(kind, 2.0, ATTACK)
    for number, text in enumerate(CLASSES.values()):
        yield ev.Noted(3.0 + number / 100, f"note {number} {text} end", f"by{text}")
        yield ev.Problem(3.0 + number / 100, f"where{text}", f"problem {number} {text} end")
        yield ev.Doubted(3.0 + number / 100, f"where{text}", f"doubt {number} {text} end")
    yield ev.Ended(4.0, reason=ATTACK, outcome="passed", reasons=(ATTACK,))


def _started() -> ev.Event:
    scenario = {
        "name": f"n{ATTACK}", "title": f"t{ATTACK}", "objective": ATTACK, "duration_note": ATTACK, "source": ATTACK,
        "moves_bytes": False, "env": {"A": ATTACK}, "patterns": {"p": "x"},
        "metrics": {"mine": {"title": ATTACK}},
        "criteria": [
            {"id": f"a{ATTACK}", "title": f"c{ATTACK}", "rule": "max(fds) < 5", "group": ATTACK},
            {"id": "b", "title": f"few {ATTACK}", "rule": "max(fds) < 500"},
        ],
        "command": {"argv": ["x", ATTACK], "cwd": ATTACK},
    }  # fmt: skip
    return ev.Started(0.0, f"r{ATTACK}", "2026-01-01T00:00:00Z", scenario, "command", ATTACK, ("x", ATTACK))


def _sampled() -> ev.Event:
    processes = (ProcessSample(pid=11, started=1.0, name=f"p{ATTACK}", rss=2**20, fds=7),)
    return ev.Sampled(1.0, Sample(1.0, processes, HostSample(load1=0.1), 2, 1.0))


def _planted(kind: Any, t: float, text: str) -> ev.Event:
    """An event of a kind with a text in each field that takes one, also below lists and structs."""
    made: ev.Event = msgspec.convert({**_value(kind, text), "t": t}, kind)
    return made


def _value(kind: Any, text: str) -> Any:
    info = msgspec.inspect.type_info(kind)
    return _of(info, text)


def _of(info: Any, text: str) -> Any:  # noqa: PLR0911 - a value for each kind of field
    match info:
        case msgspec.inspect.StrType():
            return text
        case msgspec.inspect.StructType():
            tagged = {info.tag_field: info.tag} if info.tag_field else {}
            return tagged | {field.encode_name: _of(field.type, text) for field in info.fields}
        case msgspec.inspect.DictType():
            return {text: _of(info.value_type, text)}
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            return [_of(info.item_type, text)]
        case msgspec.inspect.UnionType():
            return _of(info.types[0], text)
        case msgspec.inspect.EnumType():
            return next(iter(info.cls)).value
        case msgspec.inspect.BoolType():
            return False
        case msgspec.inspect.FloatType():
            return 1.0
        case msgspec.inspect.IntType():
            return 1
    return None
