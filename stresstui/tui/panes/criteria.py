"""The criteria: mark, word, title, value, threshold and margin of each, under the headings of their groups."""

from typing import Final

import msgspec

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.tui.draw.criterion import say_limit, say_margin, say_value, used_share
from stresstui.tui.draw.ink import Ink, Piece, pad, say_verdict, verdict_role
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.listing import Listing, Row
from stresstui.tui.widgets.pane import FRAME, SIDES

_WORD: Final = 8
_TITLE_LEAST: Final = 24
"""Cells that a title has before units are told once, and bars go."""
_MARGIN_FROM: Final = 64
"""Cells from which on there is room for margins at all."""
_BAR: Final = 8
_BAR_FROM: Final = 78
"""Cells from which on the used part of each limit is shown as a bar."""
_GAPS: Final = 3
_TROUBLE = "In trouble"
_RANKS = {Verdict.BREACHED: 0, Verdict.FAILED: 0, Verdict.PENDING: 1, Verdict.WARNING: 2}


class Widths(msgspec.Struct, frozen=True):
    """The cells of the columns right of a title: as wide as their widest text, so that titles get the rest."""

    word: int
    value: int
    limit: int
    margin: int
    """0 where margins have no room."""
    bar: int
    tight: bool
    """True where values leave out the unit that their limit has."""
    title: int = 0
    """Cells of the longest title: numbers stand beside the titles, however wide the pane is."""

    @property
    def numbers(self) -> int:
        """Cells of all columns right of the title, the gaps between them included."""
        parts = (self.value, self.limit, self.margin, self.bar)
        return sum(part + 1 for part in parts if part)


def widths_of(view: View, width: int) -> Widths:
    """Fit the columns to a run's criteria in ``width`` cells."""
    criteria = view.run.criteria
    word = max([_WORD, *(len(say_verdict(c.shown_verdict)) for c in criteria)])
    limit = max((len(say_limit(c)) for c in criteria), default=0)
    margin = max((len(say_margin(c, view.run)) for c in criteria), default=0)
    title = max((len(c.spec.title) for c in criteria), default=0)
    made = Widths(word, 0, limit, margin, _BAR if width >= _BAR_FROM else 0, tight=False, title=title)
    roomy: list[tuple[int, Widths]] = []
    for tight in (False, True):
        value = max((len(say_value(c, tight=tight)) for c in criteria), default=0)
        made = msgspec.structs.replace(made, value=value, tight=tight)
        room = width - word - _GAPS - made.numbers
        rooms = [room + value - len(say_value(c, tight=tight)) for c in criteria]
        folded = sum(bool(fold_title(c.spec.title, own)[1]) for c, own in zip(criteria, rooms, strict=True))
        roomy += [(folded, made)] if room >= _TITLE_LEAST or not folded else []
    if roomy:
        return min(roomy, key=lambda pair: pair[0])[1]
    return msgspec.structs.replace(made, margin=0 if width < _MARGIN_FROM else margin, bar=0)


class CriteriaPane(Listing):
    """The list of criteria."""

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """How many of each verdict are in the header; here only what it is."""
        return [("Criteria", "title")], [(f"{len(view.run.criteria)}", "dim")]

    def height_of(self, view: View) -> int:
        """Lines that all criteria take with their headings and the frame."""
        groups = {_heading(criterion) for criterion in view.run.criteria}
        return len(view.run.criteria) + len(groups) + FRAME

    def folded(self, view: View) -> int:
        """Lines that the rests of long titles take beside that, at the width that the pane has now."""
        widths = widths_of(view, width := self.size.width - SIDES)
        return sum(bool(criterion_line(view, criterion, width, widths)[1]) for criterion in view.run.criteria)

    def rows(self, view: View, width: int) -> list[Row]:
        """A row for each criterion; blank lines where there is room for all, the rest of long titles where for some."""
        room = self.size.height - (1 if self.bare else FRAME)
        every = len(view.run.criteria)
        for airy in (True, False):
            rows = self._rows(view, width, folds=every, airy=airy)
            if len(rows) <= room:
                return rows
        rows = self._rows(view, width, folds=0, airy=False)
        if len(rows) <= room:
            return self._rows(view, width, folds=room - len(rows), airy=False)
        return rows if not self.bare else [row for row in rows if row[1] is not None]

    def _rows(self, view: View, width: int, *, folds: int, airy: bool) -> list[Row]:
        """With the rests of the first ``folds`` titles that have one."""
        rows: list[Row] = []
        group = ""
        widths = widths_of(view, width)
        for criterion in sorted(view.run.criteria, key=_trouble):
            heading = _heading(criterion)
            if heading != group:
                rows += [([], None)] if airy and group else []
                group = heading
                rows.append(([(group, "dim")], None))
            line, rest = criterion_line(view, criterion, width, widths, wrap=folds > 0)
            rows.append((line, criterion.spec.id))
            if rest and folds > 0:
                folds -= 1
                rows.append(([(" " * (widths.word + _GAPS) + rest, "text")], None))
        return rows

    def matters(self, view: View) -> str | None:
        """A breach in the list is kept in sight, after the end also what stayed open."""
        for bad in ((Verdict.BREACHED, Verdict.FAILED), (Verdict.INCONCLUSIVE,)):
            for criterion in view.run.criteria:
                if criterion.verdict in bad:
                    return criterion.spec.id
        return None


def _trouble(criterion: CriterionState) -> int:
    """Trouble first; the rest as in the scenario."""
    return _RANKS.get(criterion.shown_verdict, len(_RANKS))


def _heading(criterion: CriterionState) -> str:
    return _TROUBLE if criterion.shown_verdict in _RANKS else criterion.spec.group


def criterion_line(
    view: View, criterion: CriterionState, width: int, widths: Widths, *, wrap: bool = True
) -> tuple[list[Piece], str]:
    """One criterion in ``width`` cells; and what of its title found no room, where the rest is to ``wrap``.

    A long title goes on over the blanks before its value, which stands at the right of its column.
    """
    ink, role = view.ink, verdict_role(criterion.shown_verdict)
    loud = role == "breached"
    mark: list[Piece] = [
        (ink.glyphs.mark(criterion.shown_verdict), f"word_{role}"),
        (f" {say_verdict(criterion.shown_verdict):<{widths.word}} ", f"word_{role}"),
    ]
    value = say_value(criterion, tight=widths.tight)
    numbers: list[Piece] = [
        (f" {value}", "breached" if loud else "text"),
        *(_bar(criterion, ink, role) if widths.bar else ()),
        (f" {say_limit(criterion):<{widths.limit}}", "limit"),
    ]
    if widths.margin:
        margin = say_margin(criterion, view.run)
        numbers.append((f" {margin:<{widths.margin}}", role if criterion.active else "dim"))
    blanks = widths.value - len(value)
    left = width - sum(len(text) for text, _ in (*mark, *numbers)) - blanks
    room = min(widths.title + _GAPS, left) + blanks
    title, rest = fold_title(criterion.spec.title, room, wrap=wrap)
    return [*mark, (pad(title, room, ink.glyphs.more), "breached" if loud else "text"), *numbers], rest


def _bar(criterion: CriterionState, ink: Ink, role: str) -> list[Piece]:
    """How much of its limit is used; blank where a limit has no parts."""
    used = used_share(criterion)
    if used is None:
        return [(" " * (_BAR + 1), "text")]
    filled = min(_BAR, round(used * _BAR))
    full, free = ink.glyphs.gauge[0] * filled, ink.glyphs.gauge[1] * (_BAR - filled)
    return [(" ", "text"), (full, role if role != "no_data" else "dim"), (free, "frame")]


def fold_title(title: str, room: int, *, wrap: bool = True) -> tuple[str, str]:
    """A title that fits, without its bracket where it must be; and the words that found no room."""
    if len(title) > room and " (" in title:
        title = title[: title.rindex(" (")]
    if len(title) <= room or not wrap:
        return title, ""
    at = title.rfind(" ", 0, max(0, room) + 1)
    return (title[:at], title[at + 1 :]) if at > 0 else (title[:room], title[room:])
