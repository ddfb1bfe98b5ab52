"""Counters of a network namespace: /proc/P/net/snmp, netstat and sockstat (RFC 4022, 4113, 4293)."""

import contextlib
import functools
import os
from collections.abc import Mapping
from typing import Final, NamedTuple

_FILES = ("snmp", "netstat", "sockstat", "sockstat6", "dev")
_SIZE = 1 << 16

FIELDS: Mapping[str, tuple[str, str]] = {
    "curr_estab": ("Tcp", "CurrEstab"),
    "active_opens": ("Tcp", "ActiveOpens"),
    "passive_opens": ("Tcp", "PassiveOpens"),
    "attempt_fails": ("Tcp", "AttemptFails"),
    "estab_resets": ("Tcp", "EstabResets"),
    "retrans_segs": ("Tcp", "RetransSegs"),
    "listen_overflows": ("TcpExt", "ListenOverflows"),
    "udp_in_datagrams": ("Udp", "InDatagrams"),
    "udp_rcvbuf_errors": ("Udp", "RcvbufErrors"),
    "in_octets": ("IpExt", "InOctets"),
    "out_octets": ("IpExt", "OutOctets"),
    "time_wait": ("sockstat TCP", "tw"),
}
"""Fields of a HostSample, and where the kernel tells them."""

ACTIVITY = (
    *(("Tcp", name) for name in ("InSegs", "OutSegs", "RetransSegs", "ActiveOpens", "PassiveOpens", "CurrEstab")),
    ("sockstat TCP", "inuse"),
    ("sockstat TCP", "tw"),
    ("sockstat TCP6", "inuse"),
)
"""What moves whenever a TCP connection does."""
_ASKED_FOR: Final = frozenset((*FIELDS.values(), *ACTIVITY))


_OF_NOW: Final = frozenset(("curr_estab", "time_wait"))
"""Of the fields those that say how many there are, and add up to nothing."""


class Activity(NamedTuple):
    """Counters that stand still while no TCP connection changes."""

    namespace: int
    """Network namespace that they are of."""
    counts: tuple[int | None, ...]
    """Those of ``ACTIVITY``; None only where there is no IPv6."""


class NetCounters:
    """Kept descriptors on the counters of the namespace of one process; they outlive the process."""

    def __init__(self, pid: int | None = None) -> None:
        """Open those of ``pid``, or of the caller; what cannot be opened stays None."""
        folder = f"/proc/{pid}/net" if pid else "/proc/net"
        self.activity: tuple[int | None, ...] | None = None
        """Those of ``ACTIVITY`` when last read; None where the kernel does not tell."""
        self._fds: dict[str, int] = {}
        for name in _FILES:
            with contextlib.suppress(OSError):
                self._fds[name] = os.open(f"{folder}/{name}", os.O_RDONLY | os.O_CLOEXEC)

    def read(self) -> dict[str, int | None]:
        """Read the counters by their names in HostSample; None where the kernel does not tell."""
        found = parse_pairs(self._text("snmp")) | parse_pairs(self._text("netstat"))
        found |= parse_sockstat(self._text("sockstat")) | parse_sockstat(self._text("sockstat6"))
        activity = tuple(map(found.get, ACTIVITY))
        self.activity = None if None in activity[:-1] else activity
        loopback = parse_loopback(self._text("dev"))
        return {name: found.get(place) for name, place in FIELDS.items()} | loopback

    def close(self) -> None:
        """Let go of the descriptors."""
        for fd in self._fds.values():
            os.close(fd)
        self._fds.clear()

    def _text(self, name: str) -> str:
        try:
            return os.pread(self._fds[name], _SIZE, 0).decode()
        except (KeyError, OSError):
            return ""


class Continued:
    """Counters that go on from where they were when those of another namespace take their place."""

    def __init__(self) -> None:
        """Nothing was counted yet."""
        self._last: dict[str, int | None] = {}
        self._shift: dict[str, int] = {}

    def take(self, counts: dict[str, int | None], *, other: bool) -> dict[str, int | None]:
        """Take what is counted in a namespace, ``other`` than before or the same; give it as if it had been one."""
        if other:
            self._shift = {
                name: last - count
                for name, count in counts.items()
                if count is not None and (last := self._last.get(name)) is not None and name not in _OF_NOW
            }
        shift = self._shift
        self._last = {n: None if c is None else c + shift.get(n, 0) for n, c in counts.items()} if shift else counts
        return self._last


def parse_pairs(text: str) -> dict[tuple[str, str], int]:
    """Read pairs of lines, names above numbers, each after the same prefix and a colon; of these, what is asked for."""
    found: dict[tuple[str, str], int] = {}
    lines = text.splitlines()
    for names, numbers in zip(lines[::2], lines[1::2], strict=False):
        if places := _places(names):
            words = numbers.split()
            found.update({place: int(words[at]) for at, place in places if at < len(words)})
    return found


@functools.lru_cache(maxsize=64)
def _places(names: str) -> tuple[tuple[int, tuple[str, str]], ...]:
    """Say in which columns of a line the numbers stand that anybody asks for: a kernel always has the same."""
    prefix, _, head = names.partition(":")
    places = ((at, (prefix, name)) for at, name in enumerate(head.split(), 1))
    return tuple((at, place) for at, place in places if place in _ASKED_FOR)


def parse_sockstat(text: str) -> dict[tuple[str, str], int]:
    """Read lines such as ``TCP: inuse 5 tw 3``, under the prefix ``sockstat``."""
    found: dict[tuple[str, str], int] = {}
    for line in text.splitlines():
        prefix, _, rest = line.partition(":")
        words = rest.split()
        for name, value in zip(words[::2], words[1::2], strict=False):
            found[f"sockstat {prefix}", name] = int(value)
    return found


def parse_loopback(text: str) -> dict[str, int | None]:
    """Read what the loopback interface received out of /proc/net/dev; None where there is none."""
    line = next((line for line in text.splitlines() if line.lstrip().startswith("lo:")), None)
    if line is None:
        return {"lo_bytes": None, "lo_packets": None}
    received, packets = line.partition(":")[2].split()[:2]
    return {"lo_bytes": int(received), "lo_packets": int(packets)}
