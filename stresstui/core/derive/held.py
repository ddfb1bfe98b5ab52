"""What is held open, kind by kind and peer by peer, over time: of the inventories that samples bring now and then."""

from typing import Final

import msgspec

from stresstui.core.derive.series import Series
from stresstui.core.model.sample import Inventory

NAMES_MAX: Final = 64
"""Kinds, and peers, that are followed."""
_WIDTH_S: Final = 30.0


class Held(msgspec.Struct):
    """The newest inventory, and the history of each name in any of them."""

    newest: Inventory | None = None
    """None where none was read."""
    kinds: dict[str, Series] = {}
    """Descriptors by kind."""
    peers: dict[str, Series] = {}
    """Sockets by peer."""

    def observe(self, inventory: Inventory) -> None:
        """Take one in; a name that is in it no more holds nothing now."""
        self.newest = inventory
        for known, counts in ((self.kinds, inventory.kinds), (self.peers, inventory.peers)):
            for name in known.keys() - counts.keys():
                known[name].add(inventory.t, 0.0)
            for name, count in counts.items():
                if name in known or _make_room(known):
                    known.setdefault(name, Series(width=_WIDTH_S, capacity=128)).add(inventory.t, count)


def _make_room(known: dict[str, Series]) -> bool:
    """Whether another name can be followed; one that holds nothing goes for it."""
    if len(known) < NAMES_MAX:
        return True
    empty = next((name for name, series in known.items() if not series.newest), None)
    if empty is not None:
        del known[empty]
    return empty is not None
