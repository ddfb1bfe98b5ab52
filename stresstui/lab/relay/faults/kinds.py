"""Every kind of fault, and how a person writes one: ``leak-fds=1/10s``, ``stall=5s@60s``.

Every time counts from the begin of the load.
"""

import re
from dataclasses import dataclass
from typing import Final

from stresstui.core.model.units import UnitError, parse_duration, parse_quantity
from stresstui.lab.relay.faults.base import Fault
from stresstui.lab.relay.faults.corruption import Corruption
from stresstui.lab.relay.faults.crash import Crash
from stresstui.lab.relay.faults.drop import Drop
from stresstui.lab.relay.faults.leak import DescriptorLeak, MemoryLeak, SocketLeak
from stresstui.lab.relay.faults.slowdown import Slowdown
from stresstui.lab.relay.faults.stall import Stall

KINDS: Final[dict[str, type[Fault]]] = {
    kind.kind: kind for kind in (MemoryLeak, DescriptorLeak, SocketLeak, Stall, Drop, Corruption, Crash, Slowdown)
}
"""Every fault by its name."""
EXAMPLES: Final = {name: kind.example for name, kind in KINDS.items()}
"""Every fault as a person may write it."""
_SHAPE: Final = re.compile(r"([a-z-]+)(?:=([^=@]+))?(?:@([^=@]+))?")
_PERCENT: Final = 100.0


class FaultError(ValueError):
    """Raised for text that is no fault; its message is one line that says what would be."""


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """A fault as it was asked for."""

    text: str
    """As it was written."""
    kind: str
    """What goes wrong."""
    amount: float = 0.0
    """Bytes or pieces per second, seconds, a share, chunks, or a share per second, by its kind; 0 for a crash."""
    at: float = 0.0
    """Seconds under load after which it happens."""

    @property
    def after_tunnel(self) -> bool:
        """Whether it takes place before the echo target."""
        return KINDS[self.kind].after_tunnel

    def make(self) -> Fault:
        """Make the fault itself, in the relay that is to carry it out."""
        return KINDS[self.kind](self.amount, self.at)


def parse_fault(text: str) -> FaultSpec:
    """Read a fault; raises FaultError."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None or found[1] not in KINDS:
        raise FaultError(f"'{text}' is no fault; known are {', '.join(EXAMPLES.values())}")
    try:
        return FaultSpec(text.strip(), found[1], *_numbers(KINDS[found[1]], found[2] or "", found[3] or ""))
    except UnitError as error:
        raise FaultError(f"'{text}': {error}; write one such as {EXAMPLES[found[1]]}") from None


def _numbers(kind: type[Fault], amount: str, at: str) -> tuple[float, float]:
    for part, sign, name in ((amount, "=", "an amount"), (at, "@", "a time")):
        if bool(part) is not (sign in kind.example):
            raise UnitError(f"it {'has' if part else 'needs'} {name} behind '{sign}'")
    return _amount(kind, amount) if amount else 0.0, parse_duration(at) if at else 0.0


def _amount(kind: type[Fault], text: str) -> float:
    if kind.dimension == "s":
        return parse_duration(text)
    number, slash, per = text.partition("/")
    if bool(slash) is not ("/" in kind.example):
        raise UnitError(f"'{text}' {'is per time' if slash else 'is not per time'}")
    quantity = parse_quantity(number)
    if quantity.dimension != kind.dimension:
        raise UnitError(f"'{number}' is not in {'pieces' if kind.dimension == 'count' else kind.dimension}")
    if quantity.value <= 0 or (not slash and quantity.dimension == "%" and quantity.value > _PERCENT):
        raise UnitError(f"'{number}' is out of range")
    value = quantity.value / _PERCENT if quantity.dimension == "%" else quantity.value
    return value / _time(per) if slash else value


def _time(text: str) -> float:
    seconds = parse_duration(text if text[:1].isdigit() else f"1{text}")
    if seconds == 0:
        raise UnitError(f"'/{text}' is no time")
    return seconds
