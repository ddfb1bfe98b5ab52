"""The event list, newest first."""

from stresstui.core.model.scenario import Severity
from stresstui.core.model.timeline import LogEntry, Mark
from stresstui.core.model.units import format_clock
from stresstui.tui.draw.ink import Piece, mark_role
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.listing import Listing, Row


class EventsPane(Listing):
    """The event list."""

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Name, and how many breaches there were."""
        counts = {False: 0, True: 0}
        for criterion in view.run.criteria:
            counts[criterion.spec.severity is Severity.WARN] += criterion.breach_count
        said: list[Piece] = []
        if counts[False]:
            said.append((f"{counts[False]} breach{'es' if counts[False] > 1 else ''}", "breached"))
        if counts[True]:
            said.append((f"{'  ' * bool(said)}{counts[True]} warning{'s' if counts[True] > 1 else ''}", "pending"))
        return [("Events", "title")], said or [("no breach", "dim")]

    def rows(self, view: View, width: int) -> list[Row]:
        """One row an entry."""
        del width
        return [
            (
                [
                    (f"{format_clock(entry.t)}  ", "dim"),
                    (f"{view.ink.glyphs.event(entry.mark)} ", mark_role(entry.mark)),
                    (entry.text, mark_role(entry.mark)),
                ],
                key,
            )
            for key, entry in numbered(view)
        ]

    def matters(self, view: View) -> str | None:
        """The newest entry is on top."""
        del view
        return None

    def step_breach(self, by: int) -> bool:
        """Go to the breach before (-1) or after (1) the cursor, the newest at first; False when there is none."""
        if self.view is None:
            return False
        keys = [key for key, entry in numbered(self.view) if entry.mark is Mark.BREACH]
        if not keys:
            return False
        here = keys.index(self.chosen) - by if self.chosen in keys else 0
        self.choose(keys[max(0, min(len(keys) - 1, here))])
        return True


def numbered(view: View) -> list[tuple[str, LogEntry]]:
    """Entries with keys that stay while entries come and go, newest first."""
    keys: dict[float, int] = {}
    named: list[tuple[str, LogEntry]] = []
    for entry in view.run.entries:
        keys[entry.t] = keys.get(entry.t, 0) + 1
        named.append((f"{entry.t}/{keys[entry.t]}", entry))
    return named[::-1]
