"""What passes through one relay, counted, with the faults in force there: real ones, in the relay's own process."""

from stresstui.core.model.fault import FaultError
from stresstui.lab.relay.faults.base import Fault
from stresstui.lab.relay.faults.kinds import FaultSpec, parse_fault

INJECT = "inject"
"""The word before a fault on a relay's standard input."""
_WORTH_A_PAUSE = 0.02


class FaultInjector:
    """Everything that a relay passes on goes through here."""

    def __init__(self) -> None:
        self.passed = 0
        """Bytes so far, in both directions."""
        self._faults: list[Fault] = []

    def obey(self, line: str) -> None:
        """Take a line of standard input; what is no fault is not meant for this."""
        word, _, text = line.partition(" ")
        if word == INJECT:
            try:
                self.inject(parse_fault(text))
            except FaultError as error:
                print(error, flush=True)

    def inject(self, spec: FaultSpec) -> None:
        """Put a fault in force; its times count from now."""
        fault = spec.make()
        fault.begin()
        self._faults.append(fault)

    def drops(self) -> bool:
        """Say whether a new connection, or a datagram, is to be lost."""
        return any(fault.drops() for fault in self._faults)

    def pass_on(self, data: bytes) -> bytes:
        """Count what passes and return it, altered where that is asked for."""
        self.passed += len(data)
        for fault in self._faults:
            data = fault.alter(data)
        return data

    def pause(self, size: int) -> float:
        """Return the seconds for which a sender of so many bytes has to wait; 0 where it need not."""
        wait = max((fault.pause(size) for fault in self._faults), default=0.0)
        return wait if wait > _WORTH_A_PAUSE else 0.0
