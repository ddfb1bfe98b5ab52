"""The kernel's connections, walked again only where one of them may have changed.

A walk passes every bucket of the kernel's table, a quarter of a million on a usual machine, however few sockets there
are. Counters that cost nothing prove that it would find the same: a connection comes, moves bytes or learns that its
peer has closed by a segment that is sent or received, and leaves ESTABLISHED only by way of CurrEstab. So as long as
all connections are ESTABLISHED and held, and every counter of ``net_counters.ACTIVITY`` stands still, what the last
walk found is true now. Sockets that listen, and those of UDP, tell of nothing by counters; to ask for these is cheap.
"""

from collections.abc import Iterator
from typing import Final

from stresstui.engine.collect.net import sock_diag
from stresstui.engine.collect.net.net_counters import Activity
from stresstui.engine.collect.net.sock_diag import ESTABLISHED, LISTEN, TIME_WAIT, Run

_KEPT_MAX: Final = 1 << 19
"""Bytes of a walk beyond which it is not kept: with thousands of connections it is these that cost."""
_LEFT_OUT_MAX: Final = 9
"""Walks left out one after another. A segment that was counted may wait for a program that was put off while it had the
lock of its socket; whatever else nobody has thought of is not believed for longer either."""


class Connections:
    """Walks, of which the last is kept while nothing stirs; of the caller's network namespace."""

    def __init__(self) -> None:
        self._kept: list[Run] | None = None
        self._asked = (0, False)
        self._activity: Activity | None = None
        self._listening = 0
        self._left_out = 0

    def runs(self, states: int, *, info: bool, activity: Activity | None) -> Iterator[Run]:
        """Give the sockets in these states, of TIME_WAIT apart from others; raises OSError where the kernel refuses.

        ``activity`` was read before, of the same namespace; None where it could not be. ``info`` asks for bytes.
        """
        # Connections apart from what listens, because between messages of another layout they break up the columns.
        listening = list(sock_diag.dump_tcp(states & 1 << LISTEN)) if states & 1 << LISTEN else []
        yield from listening
        count, asked = sum(len(run.states) for run in listening), (states, info)
        same = activity is not None and activity == self._activity
        still = same and (count, asked) == (self._listening, self._asked)
        if still and self._kept is not None and self._left_out < _LEFT_OUT_MAX:
            self._left_out += 1
            yield from self._kept
            return
        # What is kept was walked a whole sample after the last segment: by then that has been worked off.
        self._kept, self._left_out = None, 0
        self._listening, self._asked, self._activity = count, asked, activity
        kept: list[Run] = []
        size = 0 if same else _KEPT_MAX + 1
        for run in _walk(states, info=info):
            yield run
            if size > _KEPT_MAX:
                continue
            size += len(run.data) if _changes_counted(run) else _KEPT_MAX + 1
            kept.append(run)
        self._kept = kept if size <= _KEPT_MAX else None


def _walk(states: int, *, info: bool) -> Iterator[Run]:
    yield from sock_diag.dump_tcp(states & ~(1 << TIME_WAIT | 1 << LISTEN), info=info)
    if apart := states & 1 << TIME_WAIT:
        yield from sock_diag.dump_tcp(apart)


def _changes_counted(run: Run) -> bool:
    """Say whether these sockets change by nothing but what is counted: timers end other states, accept(2) a wait."""
    states = run.states
    if states.count(TIME_WAIT) == len(states):
        return True
    return states.count(ESTABLISHED) == len(states) and 0 not in run.inodes
