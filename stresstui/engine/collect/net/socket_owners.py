"""Which process holds which socket: the kernel's table joined with an index that is read only where it changed.

What happens between the reading of a table and that of descriptors must not lose a socket: processes that changed are
read before the table and after it, a socket that was closed after the table keeps its owner for that table, and what
belongs to nobody then is counted, so that a reader can tell an exact count from a lower bound.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from stresstui.engine.collect.net.behind import NOTHING, Behind, look_behind
from stresstui.engine.collect.net.connections import Connections
from stresstui.engine.collect.net.ended import Ended
from stresstui.engine.collect.net.fd_index import FdIndex
from stresstui.engine.collect.net.fd_indexes import SMALL_PROCESS, FdIndexes, Holder
from stresstui.engine.collect.net.net_counters import Activity
from stresstui.engine.collect.net.owned_sockets import NUMBER_BITS, Holding, OwnedSockets
from stresstui.engine.collect.net.sock_diag import CLOSE_WAIT, ESTABLISHED
from stresstui.engine.collect.net.socket_table import Table, Unheld, read_table
from stresstui.engine.collect.proc import procfs
from stresstui.engine.collect.proc.apart import find_apart
from stresstui.engine.collect.proc.facts import Key
from stresstui.engine.collect.proc.procfs import View

_TABLES_BETWEEN_DEEP_READS: Final = 10
_TABLES_BETWEEN_SEARCHES: Final = 5
_BYTES_EVERY: Final = 3
"""Tables to one that asks for bytes, where there are many sockets."""
_MANY: Final = 5_000
_A_PROCESS: Final = 20
"""Descriptors that take as long to read as it takes to get at those of a process."""
_DIALLED_MAX: Final = 500
"""Ports connected to that are remembered."""
_TIME_WAIT_MAX: Final = 20_000
"""Connections in TIME_WAIT beyond which they are never read one by one."""
NEGLIGIBLE: Final = 0.001
"""Share of sockets without an owner up to which a count is called exact."""


class Holdings:
    """Counts the sockets of processes, and the bytes of theirs, also of those that have closed since."""

    def __init__(self) -> None:
        self._tables = 0
        self._nobody_yet = True
        self._deep_from = 2
        self._bytes_from = 0
        self._sockets = OwnedSockets()
        self.indexes = FdIndexes(self._sockets)
        """The descriptors of the processes."""
        self._connections = Connections()
        self._foreign: set[int] = set()
        self._unowned_before: set[int] = set()
        self._asked_all = False
        self._are_very_many = False
        self._closed = 0
        self._members: dict[int | None, list[View]] = {}
        self.unheld: list[Unheld] = []
        """Connections of the last table that no process holds."""
        self.time_wait: list[int] = []
        """Pairs of ports of connections in TIME_WAIT, where they were asked for."""
        self.has_time_wait = False
        """Whether that table was asked for TIME_WAIT too."""
        self.with_bytes = False
        """Whether it was asked for bytes."""
        self.ports: set[int] = set()
        """Ports that the processes listen on, or were seen to connect to."""
        self._dialled: set[int] = set()
        self._has_held = False
        self._ended = Ended()
        self._behind: dict[Key, Behind] = {}
        self._own = procfs.net_namespace(os.getpid())
        self.alone_on_loopback = False
        """Whether all that is connected over the loopback belongs to the processes, and they to nothing else."""
        self.unattributed = 0
        """Sockets in it of which nobody is known to be the owner, and that were gone when looked for."""
        self.come_and_gone = (0, 0)
        """How many sockets are new since the table before, other people's too, and how many the processes gave up."""

    def count(
        self, holders: Sequence[Holder], time_wait: int | None = None, activity: Activity | None = None
    ) -> dict[Key, Holding | None]:
        """Read the table and count each holder's sockets; None where its descriptors may not be read. Raises OSError.

        ``time_wait`` is how many connections are in TIME_WAIT, ``activity`` what has been counted of them all, as read
        just before; None where that is unknown.
        """
        self._tables += 1
        self._nobody_yet = self._nobody_yet and not holders
        differing = self.indexes.survey(holders)
        gone = self.indexes.forget_others(holders)
        self._asked_all, self._sockets.found = False, 0
        self.indexes.begin()
        self.indexes.read([holder for holder in differing if self.indexes.may_tell_before(holder)], None)
        all_asked = not self._tables % _TABLES_BETWEEN_DEEP_READS
        if differing or gone or all_asked:
            self._members = self.indexes.namespaces(holders, holders if all_asked else differing)
        table = self._read_table(time_wait, activity)
        unowned = self._compare(holders, differing, table, gone)
        # Who has come by sockets that no descriptor of anybody shows may not have changed to look at.
        self._look_behind(holders if self._asked_all or all_asked else differing, table)
        self._sockets.move(table.moved)
        counted = self._with_elsewhere(self._sockets.count(self.indexes.by_key, table))
        listening = {port for inode, port in table.listening.items() if inode in self._sockets.by_inode}
        self._learn_dialled(table, listening)
        self.ports = listening | self._dialled
        others_ended = self.has_time_wait and self._ended.are_others(table.time_wait, self.ports)
        self.alone_on_loopback = self._is_alone(table, unowned | self._foreign) and not others_ended
        self.unheld, self.time_wait = table.unheld, table.time_wait
        return counted

    def _learn_dialled(self, table: Table, listening: set[int]) -> None:
        for inode, ports in table.connected:
            if inode in self._sockets.by_inode and ports.local not in listening and len(self._dialled) < _DIALLED_MAX:
                self._dialled.add(ports.peer)

    def _is_alone(self, table: Table, others: set[int]) -> bool:
        """Say whether all that is connected over the loopback belongs to the holders, and they to nothing else.

        Who was never seen with a socket is not who moves what short connections carry, but where nobody else is.
        """
        listening = table.listening.keys()
        others = others.difference(self._sockets.by_inode) - table.elsewhere - table.udp - listening
        few = NEGLIGIBLE * len(self._sockets.by_inode)
        self._has_held = self._has_held or bool(self._sockets.by_inode)
        return (
            len(self._members) <= 1
            and (self._has_held or self._members.keys().isdisjoint((self._own, None)))
            and len(others) <= few
            and self._sockets.by_inode.keys().isdisjoint(table.elsewhere - listening)
        )

    def _read_table(self, time_wait: int | None, activity: Activity | None) -> Table:
        """Ask for bytes, and for what no process holds, always where that is cheap."""
        all_of_it = len(self._sockets.by_inode) < _MANY or self._tables >= self._bytes_from
        if all_of_it and not self._nobody_yet:
            self._bytes_from = self._tables + _BYTES_EVERY
        self.with_bytes = all_of_it and not self._nobody_yet
        self.has_time_wait = (time_wait or 0) <= _TIME_WAIT_MAX
        return read_table(
            self._members,
            self._sockets.by_inode,
            NUMBER_BITS,
            with_bytes=self.with_bytes,
            time_wait=self.has_time_wait and time_wait != 0,
            connections=self._connections,
            activity=activity,
        )

    def _compare(
        self, holders: Sequence[Holder], differing: Sequence[Holder], table: Table, gone: list[FdIndex]
    ) -> set[int]:
        """Find out what became of sockets since the table before; return those that seem to be nobody's."""
        live = table.live
        # Whose they are is known by now of some: of all that were there before there was anybody to own them.
        self._foreign = (self._foreign & live).difference(self._sockets.by_inode)
        self.indexes.release(live, gone)
        closed = self._sockets.close(live)
        self._closed = closed.total()
        # Who closed some has put others in their place, or has fewer descriptors.
        suspects = holders if closed else differing
        self.indexes.read(
            [h for h in suspects if self.indexes.by_key[h.key].number in closed or self.indexes.differs(h)], live
        )
        unowned = self._resolve(holders, table)
        self.come_and_gone = (self._sockets.found + len(unowned - self._unowned_before), self._closed)
        self._judge(unowned, table)
        self._unowned_before = unowned
        return unowned

    def _resolve(self, holders: Sequence[Holder], table: Table) -> set[int]:
        """Look for who has the sockets that nobody is known to have; return those that are still nobody's."""
        live = table.live
        unowned = self._still_unowned(live).difference(self._foreign)
        if self._nobody_yet or self.indexes.cut_short:
            return unowned
        descriptors = sum(holder.fds or 0 for holder in holders) + _A_PROCESS * len(holders)
        self._are_very_many = descriptors > SMALL_PROCESS
        # To ask for each costs a fraction of all descriptors, and these do not tell of what has closed meanwhile.
        ask = self._are_very_many and self._matter(unowned)
        closed = unowned - table.still_held(unowned) if ask else set()
        sought = unowned - closed
        if self._are_many(sought, descriptors, now_and_then=True):
            self.indexes.read(holders, live, others=True)
            self._asked_all = True
            sought = self._still_unowned(sought)
        # What is left is mostly other people's; or it got the number of a socket that lives on under another one.
        if self._tables >= self._deep_from and self._are_many(sought, descriptors):
            self._deep_from = self._tables + _TABLES_BETWEEN_DEEP_READS
            self.indexes.read(holders, live, deep=True)
            sought = self._still_unowned(sought)
        return sought | closed

    def _are_many(self, unowned: set[int], descriptors: int, *, now_and_then: bool = False) -> bool:
        """A few sockets that may be anybody's are worth a look at few descriptors; at many, at most now and then.

        There only those that have been nobody's for a table: what is closed by now is found with nobody.
        """
        if descriptors <= SMALL_PROCESS:
            return bool(unowned)
        if now_and_then and not self._tables % _TABLES_BETWEEN_SEARCHES and unowned & self._unowned_before:
            return True
        return len(unowned) > max(NEGLIGIBLE * len(self._sockets.by_inode), descriptors / SMALL_PROCESS)

    def _matter(self, unowned: set[int]) -> bool:
        return len(unowned) > NEGLIGIBLE * len(self._sockets.by_inode)

    def _look_behind(self, holders: Iterable[Holder], table: Table) -> None:
        """Look where something was and where something may be now; what is found to be a process's is owned by it."""
        for key in {holder.key for holder in holders} | self._behind.keys():
            index = self.indexes.by_key.get(key)
            before = self._behind.pop(key, NOTHING)
            if index is not None and index.readable:
                index.apart = find_apart(index.view) if self._asked_all else index.apart
                found = look_behind(index.view, index.inodes, table.live, index.apart.threads, before)
                self._sockets.own(found.sockets & table.live, index.number)
                if any(found):
                    self._behind[key] = found
        in_flight = sum(found.in_flight for found in self._behind.values())
        self.unattributed += min(in_flight, len(self._still_unowned(table.live)) if in_flight else 0)

    def _with_elsewhere(self, counted: dict[Key, Holding | None]) -> dict[Key, Holding | None]:
        """Add the sockets of namespaces that nobody is in; no table tells of their bytes, so that some are missing."""
        for key, found in self._behind.items():
            if found.elsewhere and (holding := counted.get(key)) is not None:
                counted[key] = holding._replace(states={**(found.elsewhere + Counter(holding.states))})
                come, gone = self.come_and_gone
                self.come_and_gone = (come, gone + found.elsewhere.total())
        return counted

    def _still_unowned(self, inodes: set[int]) -> set[int]:
        return inodes.difference(self._sockets.by_inode)

    def _judge(self, unowned: set[int], table: Table) -> None:
        """What is still there after all were asked is foreign; what is gone may have been anybody's.

        A table of very many takes so long that it may show a socket that closes meanwhile and the one that takes its
        number, which is found only once the table after has shown that the other is gone: until then it is nobody's,
        unless the processes close hardly any.
        """
        foreign: set[int] = set()
        if self._nobody_yet:
            foreign = unowned
        elif self._asked_all and not self.indexes.cut_short:
            foreign = table.still_held(unowned) if self._matter(unowned) else set()
            if self._are_very_many and self._closed > NEGLIGIBLE * len(self._sockets.by_inode):
                foreign &= self._unowned_before
        self.unattributed = len(unowned - foreign)
        self._foreign |= foreign


def not_accepted(unheld: Iterable[Unheld]) -> int:
    """Count connections that no process has accepted yet."""
    return sum(1 for one in unheld if one.state in (ESTABLISHED, CLOSE_WAIT))
