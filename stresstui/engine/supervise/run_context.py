"""What every part of a supervised run works with."""

from collections.abc import Callable

import msgspec

from stresstui.core.model.event import Event
from stresstui.engine.clock import RunClock
from stresstui.engine.output.pipe import OutputLog
from stresstui.engine.supervise.roles import Roles


class RunContext(msgspec.Struct):
    """Clock, output, roles, and the way into the journal."""

    clock: RunClock
    """Seconds since the run started."""
    output: OutputLog
    """Where what the programs print is kept."""
    roles: Roles
    """What each process is to the run."""
    record: Callable[[Event], None]
    """Records an event."""
    ending: bool = False
    """True once this program ends processes itself: how they end then says nothing, but for a fault of their own."""
