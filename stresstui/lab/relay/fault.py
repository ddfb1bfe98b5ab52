"""Faults on demand, for rehearsing an alarm: what ``--inject`` takes, read and checked; a ``Gate`` carries them out.

==========================  ==========================================================================================
``leak-memory=1MiB/min``    memory that a relay takes and never gives back
``leak-fds=1/10s``          files that it opens and never closes
``leak-sockets=1/10s``      connections that it leaves in CLOSE_WAIT
``stall=5s@60s``            after 60 s under load nothing passes for 5 s
``drop=1%``                 the share of new connections that are reset, of datagrams that are lost
``corrupt=1@90s``           after 90 s so many chunks on their way to the echo target arrive with a wrong byte
``crash@120s``              after 120 s the relay aborts
``slowdown=10%/h``          what passed at first passes slower and slower, until a twentieth is left
==========================  ==========================================================================================

Every time counts from the begin of the load.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args

from stresstui.core.model.units import UnitError, parse_duration, parse_quantity

Kind = Literal["leak-memory", "leak-fds", "leak-sockets", "stall", "drop", "corrupt", "crash", "slowdown"]

EXAMPLES: Final[dict[Kind, str]] = {
    "leak-memory": "leak-memory=1MiB/min",
    "leak-fds": "leak-fds=1/10s",
    "leak-sockets": "leak-sockets=1/10s",
    "stall": "stall=5s@60s",
    "drop": "drop=1%",
    "corrupt": "corrupt=1@90s",
    "crash": "crash@120s",
    "slowdown": "slowdown=10%/h",
}
"""Every fault as a person may write it."""
_SHAPE: Final = re.compile(r"([a-z-]+)(?:=([^=@]+))?(?:@([^=@]+))?")
_DIMENSIONS: Final = {"leak-memory": "bytes", "drop": "%", "slowdown": "%"}
_PERCENT: Final = 100.0


class FaultError(ValueError):
    """Raised for text that is no fault; its message is one line that says what would be."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault."""

    text: str
    """As it was written."""
    kind: Kind
    """What goes wrong."""
    amount: float = 0.0
    """Bytes or pieces per second, seconds, a share, chunks, or a share per second, by its kind; 0 for a crash."""
    at: float = 0.0
    """Seconds under load after which it happens."""


def parse_fault(text: str) -> Fault:
    """Read a fault; raises FaultError."""
    found = _SHAPE.fullmatch(text.strip())
    kind = next((kind for kind in get_args(Kind) if found and kind == found[1]), None)
    if found is None or kind is None:
        raise FaultError(f"'{text}' is no fault; known are {', '.join(EXAMPLES.values())}")
    try:
        fault = Fault(text.strip(), kind, *_numbers(kind, found[2] or "", found[3] or ""))
    except UnitError as error:
        raise FaultError(f"'{text}': {error}; write one such as {EXAMPLES[kind]}") from None
    return fault


def _numbers(kind: Kind, amount: str, at: str) -> tuple[float, float]:
    example = EXAMPLES[kind]
    for part, sign, name in ((amount, "=", "an amount"), (at, "@", "a time")):
        if bool(part) is not (sign in example):
            raise UnitError(f"it {'has' if part else 'needs'} {name} behind '{sign}'")
    value = 0.0 if kind == "crash" else _amount(kind, amount)
    return value, parse_duration(at) if at else 0.0


def _amount(kind: Kind, text: str) -> float:
    if kind == "stall":
        return parse_duration(text)
    number, slash, per = text.partition("/")
    if bool(slash) is not ("/" in EXAMPLES[kind]):
        raise UnitError(f"'{text}' {'is per time' if slash else 'is not per time'}")
    quantity = parse_quantity(number)
    if quantity.dimension != _DIMENSIONS.get(kind, "count"):
        raise UnitError(f"'{number}' is not in {_DIMENSIONS.get(kind, 'pieces')}")
    if quantity.value <= 0 or (kind == "drop" and quantity.value > _PERCENT):
        raise UnitError(f"'{number}' is out of range")
    value = quantity.value / _PERCENT if quantity.dimension == "%" else quantity.value
    return value / _time(per) if slash else value


def _time(text: str) -> float:
    seconds = parse_duration(text if text[:1].isdigit() else f"1{text}")
    if seconds == 0:
        raise UnitError(f"'/{text}' is no time")
    return seconds
