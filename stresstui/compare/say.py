"""A comparison in words: a table for the terminal, the same as Markdown."""

from typing import Final

from stresstui.compare.judge import Change, Comparison, Report
from stresstui.core.model.units import format_value

_MARKS: Final = {
    Change.WORSE: "✗ worse",
    Change.BETTER: "✓ better",
    Change.NONE: "= no change",
    Change.SMALL: "~ small",
}
_NOT_JUDGED: Final = "- not judged"
"""Of runs that are not of a kind: that nothing can be told says nothing there."""
HEADER: Final = ("", "Metric", "Base", "Now", "Change", "95 % interval", "p", "Would have shown")
"""Heads of the table."""
_NEARLY_ALL: Final = 10.0


def verdict(report: Report) -> str:
    """The whole in one line."""
    if not report.comparisons:
        return "; ".join(["NOTHING TO COMPARE", *report.unlike, *report.open])
    worse = len(report.worse)
    better = sum(one.change is Change.BETTER for one in report.comparisons)
    rest = len(report.comparisons) - worse - better
    if report.unlike:
        return f"NOT OF A KIND, so no verdict: {'; '.join(report.unlike)}; {worse} look worse, {better} better"
    if report.open and not worse:
        said = f"{better} better, {rest} without a change that could be told"
        return f"OPEN, so no verdict: {'; '.join(report.open)}; {said}"
    word = "WORSE" if worse else "BETTER" if better else "NO CHANGE"
    return f"{word}: {worse} worse, {better} better, {rest} without a change that could be told"


def rows(report: Report) -> list[tuple[str, ...]]:
    """A row for each metric, what changed first."""
    phases = {one.phase for one in report.comparisons}
    return [_row(one, named=len(phases) > 1, judged=not report.unlike) for one in report.comparisons]


def _row(one: Comparison, *, named: bool, judged: bool) -> tuple[str, ...]:
    name = f"{one.metric} ({one.phase})" if named else one.metric
    interval = f"{_change(one, one.low)} .. {_change(one, one.high)}"
    seen = one.share(one.seen_from)
    shown = f"±{_percent(seen)}" if seen is not None else f"±{format_value(one.seen_from, one.unit)}"
    values = (format_value(one.before, one.unit), format_value(one.after, one.unit))
    mark = _MARKS[one.change] if judged or one.change in (Change.WORSE, Change.BETTER) else _NOT_JUDGED
    return (mark, name, *values, _change(one, one.difference), interval, f"{one.p:.2g}", shown)


def _change(one: Comparison, difference: float) -> str:
    """A difference as a share where there is one, else in the metric's unit."""
    share = one.share(difference)
    if share is not None and abs(share) < _NEARLY_ALL:
        return f"{100 * share:+.1f} %"
    sign = "+" if difference >= 0 else ""
    return sign + format_value(difference, one.unit)


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %" if share < _NEARLY_ALL else "more than tenfold"


def _remarks(report: Report) -> list[str]:
    """What the verdict does not say: beside what is worse, also what is open."""
    return [*(report.open if report.worse else []), *report.remarks]


def lines(report: Report) -> list[str]:
    """The comparison for a terminal or a log."""
    head = [f"base:  {', '.join(report.base)}", f"now:   {', '.join(report.other)}", verdict(report)]
    remarks = [f"  note: {remark}" for remark in _remarks(report)]
    table = [HEADER, *rows(report)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADER))]
    body = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return [*head, *remarks, "", *(body if report.comparisons else [])]


def markdown(report: Report) -> str:
    """The comparison as Markdown."""
    head = (
        f"# Compared\n\n**{verdict(report)}**\n\n- base: {', '.join(report.base)}\n- now: {', '.join(report.other)}\n"
    )
    remarks = "".join(f"- note: {remark}\n" for remark in _remarks(report))
    table = [HEADER, ("---",) * len(HEADER), *rows(report)]
    body = "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in table)
    return f"{head}{remarks}\n{body}\n" if report.comparisons else head + remarks
