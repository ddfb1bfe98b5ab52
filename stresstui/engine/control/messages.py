"""What a client asks a supervisor, and what it answers: a line of JSON each."""

import msgspec


class Command(msgspec.Struct, frozen=True):
    """What a client asks."""

    do: str
    """``status``, ``stop``, ``finish``, ``note`` or ``burden``."""
    by: str = ""
    """Who asks."""
    reason: str = ""
    """Why it should stop."""
    text: str = ""
    """The note, or what is done that burdens the run."""
    seconds: float | None = 0.0
    """For how long at most it burdens the run: 0 = it is over, None = to the end."""
    everything: bool = False
    """Whether it bends also what does not depend on time."""


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the supervisor answers."""

    ok: bool
    """False where the command was refused."""
    error: str = ""
    """Why."""
    run: str = ""
    """Name of the run."""
    pid: int = 0
    """Pid of the supervisor."""
    phase: str = ""
    """Phase of the run."""
    t: float = 0.0
    """Time of the newest event, seconds since the run started."""
    state: str = ""
    """State word of the whole run: the worst verdict so far, or the outcome."""
    stopping: bool = False
    """True once an early end was asked for."""
    trouble: str | None = None
    """Why the journal cannot be written just now; its events wait in memory."""
