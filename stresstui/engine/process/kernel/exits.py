"""Which processes a signal ended that leaves them no word, as the kernel itself reports it (Linux, proc connector).

The layout is that of linux/cn_proc.h and linux/connector.h. Only a process with CAP_NET_ADMIN, in the first user, pid
and network namespace, is told; in others, as in a container, the wish is taken without a word and nothing comes.
"""

import ctypes
import signal
import socket
import struct
import sys
from collections.abc import Iterator
from typing import Final

from stresstui.engine.process.kernel.log import Fault

_CONNECTOR: Final = 11
"""NETLINK_CONNECTOR."""
_PROCESSES: Final = 1
"""CN_IDX_PROC, and CN_VAL_PROC within it."""
_LISTEN, _IGNORE = 1, 2
_ANSWER, _EXIT = 0, 0x80000000
"""Kinds of events (PROC_EVENT_NONE, PROC_EVENT_EXIT)."""
_WHAT_AT: Final = 36
"""Where an event's kind is: behind nlmsghdr and cn_msg."""
_BODY_AT: Final = _WHAT_AT + 16
"""Where what is particular to a kind begins: pid, tgid, exit code."""
_CODE_AT: Final = _BODY_AT + 8
_FAULTS: Final = {
    int(each): each.name
    for each in (
        signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGSEGV, signal.SIGSYS, signal.SIGTRAP,
        signal.SIGXFSZ, signal.SIGXCPU,
    )
}  # fmt: skip
_TOLD: Final = (*_FAULTS, int(signal.SIGKILL))
_KILLED_KEPT: Final = 1000
_LOAD_WORD, _LOAD_BYTE, _AND, _IF_EQUAL, _RETURN = 0x20, 0x30, 0x54, 0x15, 0x06
_MOVE_TO_X, _IF_EQUAL_X = 0x07, 0x1D
"""Instructions of the classic packet filter (linux/filter.h)."""
_ATTACH_FILTER: Final = 26
_EVENT_SIZE: Final = 4096


_WHAT: Final = int.from_bytes(_EXIT.to_bytes(4, sys.byteorder), "big")
"""A filter loads words in the network's order."""


def listen(program: list[tuple[int, int, int, int]]) -> socket.socket | None:
    """Begin to hear of the events that a filter lets through; None without the right to."""
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in program)
    listening = None
    try:
        listening = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, _CONNECTOR)
        listening.bind((0, _PROCESSES))
        listening.send(_request(_LISTEN))
        answered = any(body[0] == 0 for what, body in _events(listening) if what == _ANSWER)  # given within send
        held = ctypes.create_string_buffer(code, len(code))
        pointed = struct.pack("@HP", len(program), ctypes.addressof(held))
        listening.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, pointed)
    except OSError:
        answered = False
    if listening is not None and not answered:
        listening.close()
    return listening if answered else None


def hear(listening: socket.socket | None) -> Iterator[tuple[int, int, int, int]]:
    """Give thread, process, exit code and parent of each end since the last call."""
    for what, (thread, pid, code, _, _, parent) in _events(listening) if listening is not None else ():
        if what == _EXIT:  # others may have come before the filter was there
            yield thread, pid, code, parent


def _events(listening: socket.socket) -> Iterator[tuple[int, tuple[int, ...]]]:
    """What is there to be read: the kind of each event, and the numbers of its body."""
    while True:
        try:
            event = listening.recv(_EVENT_SIZE)
        except BlockingIOError:
            return
        except OSError:
            continue  # more than the buffer holds: those were lost, what follows is there
        yield struct.unpack_from("=I", event, _WHAT_AT)[0], struct.unpack_from("=6I", event, _BODY_AT)


def hang_up(listening: socket.socket | None) -> None:
    """Say that nobody listens any longer: kernels before 6.6 do not notice by themselves."""
    if listening is not None:
        with listening:
            listening.send(_request(_IGNORE))


def _of_faults() -> list[tuple[int, int, int, int]]:
    """The program that lets only ends by one of the signals through: all others never wake or fill anything."""
    code_at = _CODE_AT if sys.byteorder == "little" else _CODE_AT + 3
    count = len(_TOLD)
    program = [(_LOAD_WORD, 0, 0, _WHAT_AT), (_IF_EQUAL, 0, count + 2, _WHAT)]
    program += [(_LOAD_BYTE, 0, 0, code_at), (_AND, 0, 0, 0x7F)]
    program += [(_IF_EQUAL, count - index, 0, number) for index, number in enumerate(_TOLD)]
    return [*program, (_RETURN, 0, 0, 0), (_RETURN, 0, 0, _EVENT_SIZE)]


OF_PROCESSES: Final = [
    (_LOAD_WORD, 0, 0, _WHAT_AT), (_IF_EQUAL, 0, 4, _WHAT), (_LOAD_WORD, 0, 0, _BODY_AT), (_MOVE_TO_X, 0, 0, 0),
    (_LOAD_WORD, 0, 0, _BODY_AT + 4), (_IF_EQUAL_X, 1, 0, 0), (_RETURN, 0, 0, 0), (_RETURN, 0, 0, _EVENT_SIZE),
]  # fmt: skip
"""The program that lets the ends of processes through, and none of their other threads."""


class ExitReports:
    """The ends that the kernel reports from now on."""

    def __init__(self) -> None:
        """Begin to listen; without the right to, nothing is ever told."""
        self._socket = listen(_of_faults())
        self._ended: dict[int, Fault] = {}
        self._parents: dict[int, int] = {}

    @property
    def listening(self) -> bool:
        """Whether the kernel took the wish to be told."""
        return self._socket is not None

    def faults(self) -> list[Fault]:
        """Who was ended by a fault's signal since the last call, each once; the name is not told here."""
        self._read()
        faults, self._ended = list(self._ended.values()), {}
        return faults

    def parent_of(self, pid: int) -> int:
        """Whose child a process was that SIGKILL has ended (the newest of them); 0 = not told, as before Linux 4.18."""
        self._read()
        return self._parents.get(pid, 0)

    def _read(self) -> None:
        for thread, pid, code, parent in hear(self._socket):
            if name := _FAULTS.get(code & 0x7F):
                before = self._ended.get(pid)
                if before is None or not before.parent:  # only of a first thread the parent is told
                    self._ended[pid] = Fault(pid, "", name, parent)
            elif thread == pid:
                self._parents[pid] = parent
        while len(self._parents) > _KILLED_KEPT:
            del self._parents[next(iter(self._parents))]

    def close(self) -> None:
        """Listen no longer."""
        hang_up(self._socket)
        self._socket = None


def _request(wish: int) -> bytes:
    message = struct.pack("=5I", _PROCESSES, _PROCESSES, 0, 0, 4) + struct.pack("=I", wish)
    return struct.pack("=IHHII", 16 + len(message), 3, 0, 0, 0) + message
