"""The criteria: mark, word, title, value, threshold and margin of each, under the headings of their groups."""

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.units import three_digits
from stresstui.tui.draw.ink import Ink, Piece, pad, say_verdict, verdict_role
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.listing import Listing, Row
from stresstui.tui.widgets.pane import FRAME

_VALUE, _LIMIT, _MARGIN = 10, 9, 12
_WORD = 8
_BAR = 8
_BAR_FROM = 78
"""Cells from which on the used part of each limit is shown as a bar."""
_ROOMY = 90
"""Cells from which on margins stay beside the longer words of the end."""
_COMMAS_TO, _WHOLE_TO = 1000, 100_000
_TROUBLE = "In trouble"
_RANKS = {Verdict.BREACHED: 0, Verdict.FAILED: 0, Verdict.PENDING: 1, Verdict.WARNING: 2}
_FINAL = (Verdict.PASSED, Verdict.FAILED, Verdict.INCONCLUSIVE)
_SETTLED_AT_THE_END = ("settles", "fact")


class CriteriaPane(Listing):
    """The list of criteria."""

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """How many of each verdict are in the header; here only what it is."""
        return [("Criteria", "title")], [(f"{len(view.run.criteria)}", "dim")]

    def rows(self, view: View, width: int) -> list[Row]:
        """A row for each criterion, and where there is room for all, a second one for the rest of a long title."""
        roomy = self._rows(view, width, wrap=True)
        return roomy if len(roomy) <= self.size.height - FRAME else self._rows(view, width, wrap=False)

    def _rows(self, view: View, width: int, *, wrap: bool) -> list[Row]:
        rows: list[Row] = []
        group = ""
        ordered = sorted(view.run.criteria, key=_trouble)
        margins = not view.run.ended or width >= _ROOMY
        word = max([_WORD, *(len(say_verdict(c.shown_verdict)) for c in view.run.criteria)])
        for criterion in ordered:
            heading = _heading(criterion)
            if heading != group:
                group = heading
                rows.append(([(group, "dim")], None))
            line, rest = criterion_line(criterion, view.ink, width, word, wrap=wrap, margins=margins)
            rows.append((line, criterion.spec.id))
            if rest:
                rows.append(([(" " * (word + 3) + rest, "text")], None))
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
    criterion: CriterionState, ink: Ink, width: int, word: int, *, wrap: bool, margins: bool
) -> tuple[list[Piece], str]:
    """One criterion in ``width`` cells, its verdict in ``word`` of them; and what of its title found no room."""
    role = verdict_role(criterion.shown_verdict)
    breached = role == "breached"
    mark: list[Piece] = [
        (ink.glyphs.mark(criterion.shown_verdict), f"word_{role}"),
        (f" {say_verdict(criterion.shown_verdict):<{word}} ", f"word_{role}"),
    ]
    numbers: list[Piece] = [
        (f" {criterion.shown_value:>{_VALUE}}", "breached" if breached else "text"),
        *(_bar(criterion, ink, role) if width >= _BAR_FROM else ()),
        (f" {say_limit(criterion):<{_LIMIT}}", "limit"),
    ]
    if margins:
        numbers.append((f" {say_margin(criterion):<{_MARGIN}}", role if criterion.active else "dim"))
    room = width - sum(len(text) for text, _ in (*mark, *numbers))
    title, rest = fold_title(criterion.spec.title, room, wrap=wrap)
    return [*mark, (pad(title, room, ink.glyphs.more), "breached" if breached else "text"), *numbers], rest


def _bar(criterion: CriterionState, ink: Ink, role: str) -> list[Piece]:
    """How much of its limit is used; blank where a limit has no parts."""
    used = used_share(criterion)
    if used is None:
        return [(" " * (_BAR + 1), "text")]
    filled = min(_BAR, round(used * _BAR))
    full, free = ink.glyphs.gauge[0] * filled, ink.glyphs.gauge[1] * (_BAR - filled)
    return [(" ", "text"), (full, role if role != "no_data" else "dim"), (free, "frame")]


def used_share(criterion: CriterionState) -> float | None:
    """Which part of its limit a value uses, 1 at the limit; None where that means nothing."""
    rule, value = criterion.rule, criterion.value
    limit = rule.threshold.value
    if value is None or limit <= 0 or rule.aggregate in ("settles", "fact") or rule.operator in ("==", "!="):
        return None
    if rule.upper:
        return max(0.0, value / limit)
    if rule.threshold.unit == "%":
        return None  # a share of 100 % can fall short of its limit, and hardly exceed it
    return limit / value if value > 0 else 1.0


def fold_title(title: str, room: int, *, wrap: bool) -> tuple[str, str]:
    """A title that fits, without its bracket where it must be; and the words that found no room."""
    if len(title) > room and " (" in title:
        title = title[: title.rindex(" (")]
    if len(title) <= room or not wrap:
        return title, ""
    at = title.rfind(" ", 0, room + 1)
    return (title, "") if at < 0 else (title[:at], title[at + 1 :])


def say_limit(criterion: CriterionState) -> str:
    """The threshold with its operator; what ``settles`` goes back to has no number of its own."""
    if criterion.rule.aggregate == "settles":
        return "baseline"
    return f"{criterion.rule.operator.replace('==', '=')} {criterion.rule.threshold}"


def say_margin(criterion: CriterionState) -> str:
    """Room to the threshold in words; what is still awaited where there is no value."""
    margin = criterion.margin
    if margin is None:
        return "" if criterion.value is not None or criterion.verdict in _FINAL else _awaited(criterion.rule.aggregate)
    if criterion.verdict is Verdict.NO_DATA:
        return "too early"
    if criterion.rule.operator in ("==", "!="):
        return f"off by {_brief(-margin)}" if margin else ""
    if margin >= 0:
        used = used_share(criterion)
        return f"margin {_brief(margin)}" if used is None else f"{max(0.0, 1.0 - used):.0%} left"
    return f"over by {_brief(-margin)}" if criterion.rule.upper else f"lacks {_brief(-margin)}"


def _awaited(aggregate: str) -> str:
    """When a measure without a value is to be expected."""
    if aggregate == "growth":
        return "too early"
    return "at the end" if aggregate in _SETTLED_AT_THE_END else "no data yet"


def _brief(number: float) -> str:
    """At most five characters, whatever the size."""
    if number < _COMMAS_TO:
        return three_digits(number)
    return f"{number:.0f}" if number < _WHOLE_TO else f"{number / 1000:.0f}k"
