"""How a person writes a fault of the lab: ``leak-fds=1/10s``, ``stall=5s@60s``.

Every time counts from the begin of the load. What each fault does is the lab's; that it is one is known here, so that
a scenario's file can be checked.
"""

import re
from typing import Final, NamedTuple

from stresstui.core.model.units import UnitError, parse_duration, parse_quantity


class FaultForm(NamedTuple):
    """How one kind of fault is written."""

    example: str
    """As a person may write it; ``=`` and ``@`` in it say what has to be given."""
    dimension: str = "count"
    """What its amount is measured in."""


FORMS: Final = {
    "leak-memory": FaultForm("leak-memory=1MiB/min", "bytes"),
    "leak-fds": FaultForm("leak-fds=1/10s"),
    "leak-sockets": FaultForm("leak-sockets=1/10s"),
    "stall": FaultForm("stall=5s@60s", "s"),
    "drop": FaultForm("drop=1%", "%"),
    "corrupt": FaultForm("corrupt=1@90s"),
    "crash": FaultForm("crash@120s"),
    "slowdown": FaultForm("slowdown=10%/h", "%"),
}
"""Every fault by its name."""
EXAMPLES: Final = {name: form.example for name, form in FORMS.items()}
"""Every fault as a person may write it."""
_SHAPE: Final = re.compile(r"([a-z-]+)(?:=([^=@]+))?(?:@([^=@]+))?")
_PERCENT: Final = 100.0


class FaultError(ValueError):
    """Raised for text that is no fault; its message is one line that says what would be."""


def read_fault(text: str) -> tuple[str, float, float]:
    """Read a fault: its kind, its amount in base units, and its second under load; raises FaultError."""
    found = _SHAPE.fullmatch(text.strip())
    if found is None or found[1] not in FORMS:
        raise FaultError(f"'{text}' is no fault; known are {', '.join(EXAMPLES.values())}")
    form = FORMS[found[1]]
    try:
        return found[1], *_numbers(form, found[2] or "", found[3] or "")
    except UnitError as error:
        raise FaultError(f"'{text}': {error}; write one such as {form.example}") from None


def _numbers(form: FaultForm, amount: str, at: str) -> tuple[float, float]:
    for part, sign, name in ((amount, "=", "an amount"), (at, "@", "a time")):
        if bool(part) is not (sign in form.example):
            raise UnitError(f"it {'has' if part else 'needs'} {name} behind '{sign}'")
    return _amount(form, amount) if amount else 0.0, parse_duration(at) if at else 0.0


def _amount(form: FaultForm, text: str) -> float:
    if form.dimension == "s":
        return parse_duration(text)
    number, slash, per = text.partition("/")
    if bool(slash) is not ("/" in form.example):
        raise UnitError(f"'{text}' {'is per time' if slash else 'is not per time'}")
    quantity = parse_quantity(number)
    if quantity.dimension != form.dimension:
        raise UnitError(f"'{number}' is not in {'pieces' if form.dimension == 'count' else form.dimension}")
    if quantity.value <= 0 or (not slash and quantity.dimension == "%" and quantity.value > _PERCENT):
        raise UnitError(f"'{number}' is out of range")
    value = quantity.value / _PERCENT if quantity.dimension == "%" else quantity.value
    return value / _time(per) if slash else value


def _time(text: str) -> float:
    seconds = parse_duration(text if text[:1].isdigit() else f"1{text}")
    if seconds == 0:
        raise UnitError(f"'/{text}' is no time")
    return seconds
