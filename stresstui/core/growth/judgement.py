"""The answer to "is it growing?"."""

from enum import StrEnum

import msgspec


class State(StrEnum):
    """How a metric behaves now."""

    STEADY = "steady"
    """No growth worth a word."""
    GROWING = "growing"
    """It rises like a leak, but not yet for long enough."""
    LEAKING = "leaking"
    """It has risen like a leak for long enough."""
    SETTLING = "settling"
    """It rises less and less, or rose in a few steps: a warm-up or a cache, until shown otherwise."""
    UNDECIDED = "undecided"
    """Too little was seen, or what was seen can be read both ways."""


class Judgement(msgspec.Struct, frozen=True):
    """What one evaluation found; slopes in the metric's unit per hour, as they are (not mirrored)."""

    state: State
    slope_per_hour: float | None
    """Slope of the window that decided; None without enough data."""
    ci: tuple[float, float] | None
    """95 % confidence interval of the slope."""
    since: float | None
    """When the rise began, on the trace's clock, seconds; None unless growing or leaking."""
    resolvable_per_hour: float | None
    """The smallest growth that this data could have shown."""
    active_s: float
    """Observed time, seconds."""
    settles_in_s: float | None
    """How much more time would settle the question; None if it is settled."""
    leak: bool
    """The verdict if the run ended now."""
    reason: str
    """One sentence, with numbers, why this state."""


def leak_called(state: State, *, leak: bool) -> str:
    """The verdict in a word: yes, no, or not known, where too little was seen or it rises, not yet for long enough."""
    return "yes" if leak else "not known" if state in (State.UNDECIDED, State.GROWING) else "no"
