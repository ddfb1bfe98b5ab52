"""Whether a run gets anywhere: bytes that move, connections that are made, and the longest time without either."""

import re
from typing import Final

import msgspec

from stresstui.core.derive.reading import Reading
from stresstui.core.derive.reported import WorkloadReport
from stresstui.core.model.certainty import Certainty

_OWN: Final = ("bytes_total", "connections_total")
"""What a workload counts itself; where it has these, nothing else says that it moves."""
_MOVED: Final = re.compile(r"(?!.*(fail|error|refused|rejected|drop|lost|open))(.*_)?(bytes|connections)(_.*)?_total")
"""Further counters of something that moved: a service's wire, ``suite_bytes_received_total``."""
_KEPT_ALIVE: Final = 1024.0
"""Bytes on a wire between two readings that an idle tunnel may send to stay open."""


class Progress(msgspec.Struct):
    """Whether anything moves: bytes or connections."""

    moved: bool = False
    """True once a byte was moved or a connection made."""
    sighted: bool = False
    """True once its sockets, or counts of its own, were read under load."""
    looked: bool = False
    """True once its memory was read under load: where neither of these was there, nobody could see what moves."""
    counted: float = 0.0
    """What was counted last: the workload's own bytes and connections, or the host's datagrams."""
    others: dict[str, float] = {}
    """What further counters of bytes and connections came to."""
    hidden: float = 0.0
    """Connections of the host in TIME_WAIT, of which nobody could tell which were of the ports that it listens on."""
    closed: float | None = None
    """Connections of its ports that had just been closed (TIME_WAIT) when that was last known."""
    progress_t: float | None = None
    """When something last moved, seconds."""
    longest: float = 0.0
    """Longest time without progress under load, seconds."""
    longest_began: float = 0.0
    """When that began, seconds since the run started."""

    def observe(self, t: float, workload: WorkloadReport, reading: Reading, *, under_load: bool) -> None:
        """Take in a reading; time in which the workload says that it rests by plan does not count."""
        if under_load:
            self.sighted = self.sighted or "established" in reading.values or bool(workload.totals)
            self.looked = self.looked or "rss" in reading.values
        if self._moves(workload, reading):
            self.moved = self.moved or under_load
            self.progress_t = t
        if not under_load or workload.is_idle or self.progress_t is None:
            self.progress_t = t
        elif t - self.progress_t > self.longest:
            self.longest, self.longest_began = t - self.progress_t, self.progress_t

    def _moves(self, workload: WorkloadReport, reading: Reading) -> bool:
        """Whether anything moved: by the workload's own counts where it has them, else by what the sockets say."""
        own = [workload.totals[name] for name in _OWN if name in workload.totals]
        if own:
            before, self.counted = self.counted, sum(own)
            return self.counted > before
        values = reading.values
        others, datagrams = self._others_rise(workload.totals), self._datagrams_move(values)
        return (
            self._connections_close(reading)
            or others
            or datagrams
            or values.get("throughput", 0.0) > 0
            or values.get("bytes_in", 0.0) > 0
        )

    def _others_rise(self, totals: dict[str, float]) -> bool:
        """Whether a counter went up since it was last seen; where it begins says nothing, as it may be of a probe."""
        before, self.others = self.others, {name: total for name, total in totals.items() if _MOVED.fullmatch(name)}
        return any(total - before.get(name, total) > _at_rest(name) for name, total in self.others.items())

    def _connections_close(self, reading: Reading) -> bool:
        """Whether connections of its ports ended since: those that live between two samples leave no other trace."""
        now = reading.values.get("time_wait_ports")
        if now is None or reading.certainty.get("time_wait_ports") is Certainty.AT_MOST:
            if reading.values.get("listen", 0.0) > 0:
                self.hidden = max(self.hidden, now or 0.0)
            return False  # what is counted for the whole host may be another program's
        before, self.closed = self.closed, now
        return before is not None and now > before

    def _datagrams_move(self, values: dict[str, float]) -> bool:
        """Whether datagrams arrive while the system under test holds UDP sockets; no finer count is to be had."""
        before, self.counted = self.counted, values.get("udp_datagrams_total", 0.0)
        return self.counted > before and values.get("udp_sockets", 0.0) > 0


def _at_rest(name: str) -> float:
    return _KEPT_ALIVE if name.endswith("wire_bytes_total") else 0.0
