"""Every kind of fault that a relay carries out; ``core.model.fault`` has how a person writes one."""

from dataclasses import dataclass
from typing import Final

from stresstui.core.model.fault import read_fault
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
    return FaultSpec(text.strip(), *read_fault(text))
