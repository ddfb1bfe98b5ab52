"""When somebody looked into the processes under test, and what is judged of what was measured meanwhile: nothing."""

from typing import Final

import msgspec

from stresstui.core.model.event import Burdened

LOOK_BACK_S: Final = 5.0
"""Seconds after a look for which a workload's own reports may still speak of it."""
SPANS_KEPT: Final = 100
"""Looks whose times are kept."""
_ENDLESS: Final = float("inf")


class Burdens(msgspec.Struct):
    """Who burdens the run, and since when nobody does."""

    until: dict[str, tuple[float, bool]] = {}
    """By who looks: when that is over for sure, seconds, and whether it bends everything."""
    spans: list[tuple[float, float]] = []
    """When that was, from when to when in seconds; the first SPANS_KEPT of them."""
    times: bool = False
    """Whether times and rates are bent, at the newest sample."""
    everything: bool = False
    """Whether everything else is as well."""

    def note(self, event: Burdened) -> None:
        """Somebody begins to look, or is done."""
        bends = event.everything or self.until.get(event.by, (0.0, False))[1]
        lasts = _ENDLESS if event.seconds is None else event.t + max(0.0, event.seconds) + LOOK_BACK_S
        if event.by not in self.until and len(self.spans) < SPANS_KEPT:
            self.spans = [*self.spans, (event.t, lasts)]
        elif event.seconds == 0:
            was = self.until.get(event.by, (lasts, bends))[0]
            self.spans = [(began, lasts if ends == was else ends) for began, ends in self.spans]
        self.until[event.by] = (lasts, bends)
        self.turn(event.t)

    def turn(self, since: float) -> None:
        """Go on to a sample whose values speak of the time from ``since`` on."""
        if not self.until:
            return
        self.until = {by: found for by, found in self.until.items() if found[0] > since}
        self.times = bool(self.until)
        self.everything = any(bends for _, bends in self.until.values())

    def cover(self, start: float, end: float) -> bool:
        """Whether somebody looked at any instant of that time."""
        return any(began < end and start < ended for began, ended in self.spans)
