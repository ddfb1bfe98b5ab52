"""Details: everything that is known about one criterion or one event, with a scroll."""

import textwrap

from textual.binding import Binding

from stresstui.core.criteria.state import Breach, CriterionState, Verdict
from stresstui.core.model.timeline import LogEntry
from stresstui.core.model.units import format_clock, format_duration
from stresstui.tui.draw.chart import Chart
from stresstui.tui.draw.criterion import say_limit, say_margin
from stresstui.tui.draw.figures import MORE, VITALS, Figure, figure, figure_of, is_known
from stresstui.tui.draw.ink import Piece, mark_role, say_verdict, verdict_role
from stresstui.tui.draw.view import View
from stresstui.tui.panes.events import numbered
from stresstui.tui.widgets.board import Lines
from stresstui.tui.widgets.list_keys import list_keys
from stresstui.tui.widgets.pane import Pane

_LABEL = 12
_CONTEXT_ROWS = 4
_BEFORE_S, _AFTER_S = 120.0, 60.0
"""Seconds around an event that its context shows."""


class Detail(Pane):
    """One item of a list in full; left and right go to its neighbours."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("left,h", "step(-1)", "The one before", show=False),
        Binding("right,l", "step(1)", "The next one", show=False),
        *list_keys("scroll"),
    ]
    WHAT = ""

    def __init__(self, number: int, key: str | None) -> None:
        super().__init__(number, id="detail")
        self._key = key
        self._offset = 0

    def keys(self, view: View) -> list[str]:
        """Keys of the list's items, in order."""
        raise NotImplementedError

    def describe(self, view: View, key: str, width: int) -> Lines:
        """Everything about one item."""
        raise NotImplementedError

    def _at(self, view: View) -> int:
        keys = self.keys(view)
        return keys.index(self._key) if self._key in keys else 0

    def action_step(self, by: int) -> None:
        """Go to a neighbour."""
        if self.view is None or not (keys := self.keys(self.view)):
            return
        self._key = keys[max(0, min(len(keys) - 1, self._at(self.view) + by))]
        self._offset = 0
        self.redraw()

    def action_scroll(self, by: int) -> None:
        """Move the text."""
        self._offset = max(0, self._offset + by)
        self.redraw()

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """Which of how many."""
        count = len(self.keys(view))
        place = f"{min(count, self._at(view) + 1)} of {count}, left and right go on, esc back"
        return [(self.WHAT, "title")], [(place, "dim")]

    def body(self, view: View, width: int, height: int) -> Lines:
        """The item's text from the offset on."""
        keys = self.keys(view)
        if not keys:
            return [[("nothing so far", "dim")]]
        lines = self.describe(view, keys[self._at(view)], width)
        self._offset = max(0, min(self._offset, len(lines) - height))
        return lines[self._offset :]


class CriteriaDetail(Detail):
    """A criterion: rule, numbers, evidence and breaches."""

    WHAT = "Criterion"

    def keys(self, view: View) -> list[str]:
        """Ids."""
        return [criterion.spec.id for criterion in view.run.criteria]

    def describe(self, view: View, key: str, width: int) -> Lines:
        """Everything about a criterion."""
        found = next(criterion for criterion in view.run.criteria if criterion.spec.id == key)
        role = verdict_role(found.shown_verdict)
        mark = f"{view.ink.glyphs.mark(found.shown_verdict)} {say_verdict(found.shown_verdict)}"
        head: Lines = [[(found.spec.title, "title")], [(mark, f"word_{role}")], []]
        facts = _facts(found, view)
        return [*head, *(line for name, text in facts for line in _wrapped(name, text, width)), *_breaches(found)]


def _facts(found: CriterionState, view: View) -> list[tuple[str, str]]:
    severity = "a breach fails the run" if found.spec.severity == "fail" else "a breach is a warning"
    abort = f"; it ends the run after {found.spec.grace}" if found.spec.abort else ""
    return [
        ("rule", found.spec.rule),
        ("reads", f"{found.metric.title} ({found.metric.name})"),
        ("value", f"{found.shown_value}   {say_limit(found)}   {say_margin(found, view.run)}"),
        ("evidence", found.evidence or "none yet"),
        ("missing", f"{found.missing:.0%} of the readings that were due" if found.missing else "nothing"),
        ("group", found.spec.group),
        ("severity", severity + abort),
        ("id", found.spec.id),
    ]


def _wrapped(name: str, text: str, width: int) -> Lines:
    parts = textwrap.wrap(text, max(20, width - _LABEL)) or [""]
    return [[(f"{name if i == 0 else '':<{_LABEL}}", "dim"), (part, "text")] for i, part in enumerate(parts)]


def _breaches(found: CriterionState) -> Lines:
    if not found.breach_count:
        failed = found.verdict is Verdict.FAILED
        return [[], [("judged at the end, no breach before" if failed else "never breached", "dim")]]
    head = f"breached {found.breach_count} time{'s' if found.breach_count > 1 else ''}"
    rest = found.breach_count - len(found.breaches)
    more: Lines = [[(f"and {rest} more", "dim")]] if rest else []
    return [[], [(head, "breached")], *(_breach(found, breach) for breach in found.breaches[::-1]), *more]


def _breach(found: CriterionState, breach: Breach) -> list[Piece]:
    lasted = "goes on" if breach.ended is None else f"lasted {format_duration(breach.ended - breach.began)}"
    worst = found.show(breach.worst)
    return [(f"  {format_clock(breach.began)}  ", "dim"), (f"{lasted:<16} worst {worst}", "breached")]


class EventsDetail(Detail):
    """An entry of the event list."""

    WHAT = "Event"

    def keys(self, view: View) -> list[str]:
        """Keys, newest first."""
        return [key for key, _ in numbered(view)]

    def describe(self, view: View, key: str, width: int) -> Lines:
        """The entry in full, and the criterion that it is about."""
        entry = next(entry for other, entry in numbered(view) if other == key)
        lines = [*_entry(entry, width), []]
        if entry.criterion:
            lines += [_in_short(c) for c in view.run.criteria if c.spec.id == entry.criterion]
            lines += [*_surroundings(view, entry), *_context(view, entry, width)]
        about = [criterion for criterion in view.run.criteria if criterion.spec.id == entry.criterion]
        for criterion in about:
            lines += [line for name, text in _facts(criterion, view) for line in _wrapped(name, text, width)]
            lines += _breaches(criterion)
        return lines


def _in_short(found: CriterionState) -> list[Piece]:
    times = f"   breached {found.breach_count} times" if found.breach_count > 1 else ""
    return [(f"{found.spec.rule}   now {found.shown_value}{times}", "limit")]


def _surroundings(view: View, entry: LogEntry) -> Lines:
    """What else happened around an entry."""
    begin, end = _around(entry.t)
    near = [other for other in view.run.entries if begin <= other.t <= end and other is not entry]
    return [
        [(f"{format_clock(other.t)}  ", "dim"), (f"{view.ink.glyphs.event(other.mark)} {other.text}", "text")]
        for other in near
    ]


def _context(view: View, entry: LogEntry, width: int) -> Lines:
    """The metrics around an entry on one time axis, its criterion's own first."""
    figures = [figure_of(view.run, c) for c in view.run.criteria if c.spec.id == entry.criterion]
    figures += [figure(view.run, name) for name in (*VITALS, *MORE) if is_known(view.run, name)]
    known: dict[str, Figure] = {}
    for shown in figures:
        if shown.series is not None:
            known.setdefault(shown.name, shown)
    stretch, lines = _around(entry.t), Lines()
    gutter = max(
        (Chart(view, shown, width, _CONTEXT_ROWS, stretch=stretch).gutter for shown in known.values()), default=0
    )
    for shown in known.values():
        chart = Chart(view, shown, width, _CONTEXT_ROWS, stretch=stretch, cursor=entry.t, gutter=gutter)
        lines += [[], [(shown.title, "title"), (f"  {shown.scale.unit}", "dim")], *chart.rows()]
        lines.append(chart.time_axis(width, "frame", ""))
    return [*lines, []]


def _around(t: float) -> tuple[float, float]:
    return max(0.0, t - _BEFORE_S), max(0.0, t - _BEFORE_S) + _BEFORE_S + _AFTER_S


def _entry(entry: LogEntry, width: int) -> Lines:
    parts = textwrap.wrap(entry.text, max(20, width)) or [""]
    head: list[Piece] = [(format_clock(entry.t), "dim"), (f"  {entry.mark.value}", mark_role(entry.mark))]
    return [head, [], *([(part, "text")] for part in parts)]
