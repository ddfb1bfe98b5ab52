"""Whether a run gets anywhere: bytes that move, connections that are made, and the longest time without either."""

import msgspec

from stresstui.core.derive.reading import Reading
from stresstui.core.derive.reported import WorkloadReport


class Progress(msgspec.Struct):
    """Whether anything moves: bytes or connections."""

    moved: bool = False
    """True once a byte was moved or a connection made."""
    counted: float = 0.0
    """What was counted last: the workload's own bytes and connections, or the host's datagrams."""
    progress_t: float | None = None
    """When something last moved, seconds."""
    longest: float = 0.0
    """Longest time without progress under load, seconds."""
    longest_began: float = 0.0
    """When that began, seconds since the run started."""

    def observe(self, t: float, workload: WorkloadReport, reading: Reading, *, under_load: bool) -> None:
        """Take in a reading; time in which the workload says that it rests by plan does not count."""
        if self._moves(workload, reading):
            self.moved = self.moved or under_load
            self.progress_t = t
        if not under_load or workload.is_idle or self.progress_t is None:
            self.progress_t = t
        elif t - self.progress_t > self.longest:
            self.longest, self.longest_began = t - self.progress_t, self.progress_t

    def _moves(self, workload: WorkloadReport, reading: Reading) -> bool:
        """Whether anything moved: by the workload's own counts where it has them, else by what the sockets say."""
        totals = workload.totals
        if "bytes_total" in totals or "connections_total" in totals:
            before = self.counted
            self.counted = totals.get("bytes_total", 0.0) + totals.get("connections_total", 0.0)
            return self.counted > before
        values = reading.values
        return values.get("throughput", 0.0) > 0 or values.get("bytes_in", 0.0) > 0 or self._datagrams_move(values)

    def _datagrams_move(self, values: dict[str, float]) -> bool:
        """Whether datagrams arrive while the system under test holds UDP sockets; no finer count is to be had."""
        before = self.counted
        self.counted = values.get("udp_datagrams_total", 0.0)
        return self.counted > before and values.get("udp_sockets", 0.0) > 0
