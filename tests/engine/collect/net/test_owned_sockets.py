"""Sockets that are owned, against the same told one by one in tuples."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from stresstui.engine.collect.net.fd_index import FdIndex
from stresstui.engine.collect.net.owned_sockets import NOBODY, Holding, OwnedSockets
from stresstui.engine.collect.net.sock_diag import ESTABLISHED
from stresstui.engine.collect.net.socket_table import BYTES_BITS, Table

INODES = st.sets(st.integers(1, 9), max_size=6)
NUMBERS = st.integers(0, 3)
BYTES = st.integers(0, 2**64 - 1)
STEPS = st.one_of(
    st.tuples(st.just("own"), INODES, NUMBERS),
    st.tuples(st.just("close"), INODES),
    st.tuples(st.just("give"), st.integers(1, 9), st.none() | NUMBERS),
    st.tuples(st.just("move"), st.dictionaries(st.integers(1, 9), st.tuples(BYTES, BYTES), max_size=4)),
)


class OneByOne:
    """The same, so plain that it can be seen to be right."""

    def __init__(self) -> None:
        self.owners: dict[int, int] = {}
        self.told: dict[int, tuple[int, int]] = {}
        self.moved: dict[int, tuple[int, int]] = {}
        self.found = 0

    def own(self, inodes: set[int], number: int) -> None:
        for inode in inodes:
            if inode not in self.owners:
                self.owners[inode], self.told[inode] = number, (0, 0)
                self.found += 1

    def close(self, live: set[int]) -> Counter[int]:
        closed = Counter[int]()
        for inode in set(self.owners) - live:
            closed[self.owners.pop(inode)] += 1
        return closed

    def give(self, inode: int, number: int | None) -> None:
        if number is None:
            del self.owners[inode]
        else:
            self.owners[inode] = number

    def move(self, moved: dict[int, tuple[int, int]]) -> None:
        for inode, now in moved.items():
            if inode in self.owners:
                number, before = self.owners[inode], self.told[inode]
                received, acked = self.moved.get(number, (0, 0))
                self.moved[number] = (received + now[0] - before[0], acked + now[1] - before[1])
                self.told[inode] = now

    def holding(self, number: int) -> Holding:
        held = sum(owner == number for owner in self.owners.values())
        received, acked = self.moved.get(number, (0, 0))
        return Holding({ESTABLISHED: held} if held or number in self.moved else {}, 0, 0, received, acked)


@given(st.lists(STEPS, max_size=30))
def test_what_is_remembered_of_many_is_what_one_by_one_adds_up_to(steps: list[tuple[object, ...]]) -> None:
    sockets, plain = OwnedSockets(), OneByOne()
    indexes = {(number, 0.0): FdIndex(number, number) for number in range(4)}
    for name, *told in steps:
        if name == "give" and told[0] not in plain.owners:
            continue
        expected = getattr(plain, str(name))(*told)
        assert getattr(sockets, str(name))(*map(packed, told)) == expected
        assert {i: sockets.owner(i) for i in range(1, 10)} == {i: plain.owners.get(i, NOBODY) for i in range(1, 10)}
        counted = sockets.count(indexes, Table())
        assert counted == {key: plain.holding(index.number) for key, index in indexes.items()}
        assert sockets.found == plain.found


def packed(told: object) -> object:
    """Bytes as a table packs them; all else as it is."""
    if not isinstance(told, dict):
        return told
    return [(inode, received << BYTES_BITS | acked) for inode, (received, acked) in told.items()]
