"""Who told of the same thing: one end is told by its own message, by whoever saw it, and by its status."""

from typing import Final

import msgspec

_FORGOTTEN: Final = float("-inf")


class Tellers(msgspec.Struct):
    """Counts what several tellers say within some time: it was as much as the one who said most of it has said."""

    newest: float = _FORGOTTEN
    """When anybody told something last, seconds since the run started."""
    told: dict[str, int] = {}
    """How often each teller has told something since nobody had for long enough."""

    def is_news(self, t: float, teller: str, within: float) -> bool:
        """Whether what is told at ``t`` seconds was told by nobody else in the ``within`` seconds before."""
        if t - self.newest > within:
            self.told = {}
        self.newest = max(self.newest, t)
        most = max(self.told.values(), default=0)
        self.told[teller] = self.told.get(teller, 0) + 1
        return self.told[teller] > most
