"""The criteria: mark, word, title, value, threshold and margin of each, under the headings of their groups."""

from stresstui.core.units import three_digits
from stresstui.core.verdict import CriterionState, Verdict
from stresstui.tui.ink import Ink, Piece, pad, verdict_role
from stresstui.tui.view import View
from stresstui.tui.widgets.listing import Listing, Row

_VALUE, _LIMIT, _MARGIN = 10, 10, 13
_SETTLED_AT_THE_END = ("settles", "fact")


class CriteriaPane(Listing):
    """The list of criteria."""

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """How many of each verdict are in the header; here only what it is."""
        return [("Criteria", "title")], [(f"{len(view.run.criteria)}", "dim")]

    def rows(self, view: View, width: int) -> list[Row]:
        """One row a criterion."""
        rows: list[Row] = []
        group = ""
        word = max([8, *(len(say_verdict(c.verdict)) for c in view.run.criteria)])
        for criterion in view.run.criteria:
            if criterion.spec.group != group:
                group = criterion.spec.group
                rows.append(([(group, "dim")], None))
            rows.append((criterion_line(criterion, view.ink, width, word), criterion.spec.id))
        return rows

    def matters(self, view: View) -> str | None:
        """A breach in the list is kept in sight."""
        for criterion in view.run.criteria:
            if criterion.verdict in (Verdict.BREACHED, Verdict.FAILED):
                return criterion.spec.id
        return None


def say_verdict(verdict: Verdict) -> str:
    """A verdict in words."""
    return verdict.value.replace("_", " ")


def criterion_line(criterion: CriterionState, ink: Ink, width: int, word: int) -> list[Piece]:
    """One criterion in a line of ``width`` cells, its verdict in ``word`` of them."""
    role = verdict_role(criterion.verdict)
    breached = role == "breached"
    mark: list[Piece] = [
        (ink.glyphs.mark(criterion.verdict), f"word_{role}"),
        (f" {say_verdict(criterion.verdict):<{word}} ", f"word_{role}"),
    ]
    numbers: list[Piece] = [
        (f" {criterion.shown_value:>{_VALUE}}", "breached" if breached else "text"),
        (f" {say_limit(criterion):<{_LIMIT}}", "limit"),
        (f" {say_margin(criterion):<{_MARGIN}}", "breached" if criterion.active else "dim"),
    ]
    room = width - sum(len(text) for text, _ in (*mark, *numbers))
    title = pad(shorten(criterion.spec.title, room), room, ink.glyphs.more)
    return [*mark, (title, "breached" if breached else "text"), *numbers]


def shorten(title: str, room: int) -> str:
    """A title without its bracket, where it is too long with it."""
    return title if len(title) <= room or " (" not in title else title[: title.rindex(" (")]


def say_limit(criterion: CriterionState) -> str:
    """The threshold with its operator; what ``settles`` goes back to has no number of its own."""
    if criterion.rule.aggregate == "settles":
        return "to baseline"[:_LIMIT]
    return f"{criterion.rule.operator} {criterion.rule.threshold}"


def say_margin(criterion: CriterionState) -> str:
    """Room to the threshold in words; what is still awaited where there is no value."""
    margin = criterion.margin
    if margin is None:
        late = criterion.rule.aggregate in _SETTLED_AT_THE_END and criterion.value is None
        return "at the end" if late else "" if criterion.value is not None else "no data yet"
    if criterion.rule.operator in ("==", "!="):
        return f"off by {three_digits(-margin)}" if margin else ""
    if margin >= 0:
        return f"margin {three_digits(margin)}"
    return f"{'over' if criterion.rule.upper else 'under'} by {three_digits(-margin)}"
