"""What passes through one relay, counted, with the faults in force there: real ones, in the relay's own process."""

import asyncio
import os
import random
import resource
import socket
import time
from collections.abc import Callable

from stresstui.lab.relay.fault import Fault, FaultError, parse_fault

INJECT = "inject"
"""The word before a fault on a relay's standard input."""
_TICK = 0.25
_RAMP = 2.0  # seconds in which a load is still coming up
_LOOK = 5.0  # seconds that say how much passes without the fault
_LEAST = 0.05
_WORTH_A_PAUSE = 0.02


class Gate:
    """Everything that a relay passes on goes through here."""

    def __init__(self) -> None:
        self.passed = 0
        """Bytes so far, in both directions."""
        self._drop = 0.0
        self._wrong_left = 0
        self._slowdown: Slowdown | None = None
        self._draw = random.Random()
        self._kept: list[object] = []
        self._leaks: set[asyncio.Task[None]] = set()

    def obey(self, line: str) -> None:
        """Take a line of standard input; what is no fault is not for the gate."""
        word, _, text = line.partition(" ")
        if word == INJECT:
            try:
                self.inject(parse_fault(text))
            except FaultError as error:
                print(error, flush=True)

    def inject(self, fault: Fault) -> None:
        """Put a fault in force; its times count from now."""
        loop = asyncio.get_running_loop()
        match fault.kind:
            case "leak-memory":
                self._leak(fault.amount, self._leak_memory)
            case "leak-fds":
                self._leak(fault.amount, self._leak_files)
            case "leak-sockets":
                self._leak(fault.amount, self._leak_sockets)
            case "stall":
                # Blocks the whole process, as a lock that is not given back would.
                loop.call_later(fault.at, time.sleep, fault.amount)
            case "drop":
                self._drop = fault.amount
            case "corrupt":
                loop.call_later(fault.at, self._spoil, round(fault.amount))
            case "crash":
                loop.call_later(fault.at, _crash)
            case "slowdown":
                self._slowdown = Slowdown(fault.amount, time.monotonic())

    def drops(self) -> bool:
        """Say whether a new connection, or a datagram, is to be lost."""
        return self._drop > 0 and self._draw.random() < self._drop

    def take(self, data: bytes) -> bytes:
        """Count what passes and return it, with a wrong byte where that is asked for."""
        self.passed += len(data)
        if self._wrong_left and data:
            self._wrong_left -= 1
            middle = len(data) // 2
            return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
        return data

    def pause(self, size: int) -> float:
        """Return the seconds for which a sender of so many bytes has to wait; 0 without a slowdown."""
        wait = self._slowdown.charge(size, time.monotonic()) if self._slowdown else 0.0
        return wait if wait > _WORTH_A_PAUSE else 0.0

    def _leak(self, per_second: float, keep: Callable[[int], None]) -> None:
        task = asyncio.get_running_loop().create_task(_grow(per_second, keep))
        self._leaks.add(task)

    def _leak_memory(self, size: int) -> None:
        self._kept.append(b"\xa5" * size)

    def _leak_files(self, count: int) -> None:
        for _ in range(count):
            self._kept.append(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC))

    def _leak_sockets(self, count: int) -> None:
        for _ in range(count):
            with socket.create_server(("127.0.0.1", 0)) as listener:
                self._kept.append(socket.create_connection(listener.getsockname()[:2]))
                listener.accept()[0].close()

    def _spoil(self, chunks: int) -> None:
        self._wrong_left += chunks


class Slowdown:
    """Lets less and less pass: learns the rate of the first seconds, then allows a falling share of it."""

    def __init__(self, share_per_second: float, now: float) -> None:
        self._fall, self._began = share_per_second, now
        self._seen = 0
        self._free_at = now

    def charge(self, size: int, now: float) -> float:
        """Return the seconds until so many bytes, passed now, are within the rate."""
        age = now - self._began
        if age < _RAMP + _LOOK:
            self._seen += size if age >= _RAMP else 0
            return 0.0
        rate = self._seen / _LOOK * max(_LEAST, 1.0 - self._fall * (age - _RAMP - _LOOK))
        if rate == 0:
            return 0.0
        self._free_at = max(self._free_at, now) + size / rate
        return self._free_at - now


async def _grow(per_second: float, keep: Callable[[int], None]) -> None:
    """Keep more and more; ends where the system gives no more, which is what a leak comes to."""
    began, kept = time.monotonic(), 0
    while True:
        await asyncio.sleep(_TICK)
        due = int((time.monotonic() - began) * per_second) - kept
        if not due:
            continue
        try:
            keep(due)
        except OSError as error:
            print(f"the leak has come to its end: {error}", flush=True)
            return
        kept += due


def _crash() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a rehearsal leaves no core file
    os.abort()
