"""The page of a scenario's history: each metric over its runs, with the places where it changed; no script."""

from typing import Final

import msgspec

from stresstui.core.model.units import format_value
from stresstui.report.html.markup import section, table, text
from stresstui.report.html.page import document

_WIDTH: Final = 620
_HEIGHT: Final = 190
_LEFT: Final = 12
_RIGHT: Final = 12
_TOP: Final = 26
_BOTTOM: Final = 24
_LEVELS: Final = {"passed": "good", "failed": "bad"}
_DATE: Final = 10
"""Characters of an ISO 8601 time that are its date."""
_OF: Final = "<p>After warm-up; of times and rates without seconds in which the host was saturated.</p>"
"""What the means are of."""


class Run(msgspec.Struct, frozen=True):
    """A run in the history."""

    name: str
    started: str
    """Wall-clock time, UTC, ISO 8601."""
    outcome: str


class Change(msgspec.Struct, frozen=True):
    """A place where a metric changed."""

    at: int
    """Index, among the metric's points, of the first run behind it."""
    before: float
    """Median of the runs before it, base units."""
    after: float


class Course(msgspec.Struct, frozen=True):
    """One metric over the runs."""

    name: str
    title: str
    unit: str
    points: list[tuple[int, float]]
    """Which run, by its index, and its mean over the soak in base units; oldest first."""
    changes: list[Change]


def page_of(scenario: str, runs: list[Run], courses: list[Course]) -> str:
    """The page; ``runs`` are oldest first."""
    counts = {outcome: sum(run.outcome == outcome for run in runs) for outcome in sorted({r.outcome for r in runs})}
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
    span = f"{runs[0].started[:_DATE]} to {runs[-1].started[:_DATE]}" if runs else ""
    head = f"<header><h1>History of {text(scenario)}</h1><p>{len(runs)} runs, {text(span)}: {text(told)}</p></header>"
    charts = "".join(_chart(course, runs) for course in courses)
    body = (
        head
        + section("Changes", _changes(runs, courses) or "<p>No metric changed by more than chance allows.</p>")
        + section("Means of each run over its soak", _OF + f'<div class="charts">{charts}</div>')
        + section("Runs", _runs(runs, courses))
    )
    return document(f"history: {scenario}", body)


def _changes(runs: list[Run], courses: list[Course]) -> str:
    rows = [
        (
            text(course.title),
            text(runs[course.points[change.at][0]].name),
            text(format_value(change.before, course.unit)),
            text(format_value(change.after, course.unit)),
            text(_share(change)),
        )
        for course in courses
        for change in course.changes
    ]
    return table(("Metric", "Changed with", "Before", "After", ""), rows) if rows else ""


def _share(change: Change) -> str:
    return f"{100 * (change.after / change.before - 1):+.1f} %" if change.before else ""


def _runs(runs: list[Run], courses: list[Course]) -> str:
    values = [dict(course.points) for course in courses]
    rows = [
        (
            text(run.name),
            f'<span class="mark {_level(run)}">{text(run.outcome)}</span>',
            *(
                text(format_value(known[index], course.unit) if index in known else "-")
                for course, known in zip(courses, values, strict=True)
            ),
        )
        for index, run in reversed(list(enumerate(runs)))
    ]
    return table(("Run", "Outcome", *(course.title for course in courses)), rows, "numbers")


def _level(run: Run) -> str:
    return _LEVELS.get(run.outcome, "open")


def _chart(course: Course, runs: list[Run]) -> str:
    low, high = min(value for _, value in course.points), max(value for _, value in course.points)
    spare = (high - low) * 0.08 or abs(high) * 0.05 or 1.0
    scale = _Scale(len(runs), low - spare, high + spare)
    range_ = f"{format_value(low, course.unit)} .. {format_value(high, course.unit)}"
    parts = [*_levels(course, scale), *_borders(course, scale), *_dots(course, runs, scale), *_ends(runs, scale)]
    return (
        f'<div class="chart"><h4>{text(course.title)} <span>{text(range_)}</span></h4>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{text(course.title)} over the runs">'
        f"{''.join(parts)}</svg></div>"
    )


class _Scale(msgspec.Struct, frozen=True):
    """From runs and values to places."""

    runs: int
    low: float
    high: float

    def x(self, index: float) -> float:
        """Where a run is; between two of them for a half."""
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (index + 0.5) / max(1, self.runs)

    def y(self, value: float) -> float:
        """How high a value is."""
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (self.high - value) / (self.high - self.low)


def _levels(course: Course, scale: _Scale) -> list[str]:
    """The median of each stretch between two changes."""
    if not course.changes:
        return []
    places = [0, *(change.at for change in course.changes), len(course.points)]
    values = [course.changes[0].before, *(change.after for change in course.changes)]
    drawn = []
    for first, behind, value in zip(places, places[1:], values, strict=False):
        left, right = scale.x(course.points[first][0] - 0.5), scale.x(course.points[behind - 1][0] + 0.5)
        y = scale.y(value)
        drawn.append(f'<line class="level" x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}"/>')
    return drawn


def _borders(course: Course, scale: _Scale) -> list[str]:
    drawn = []
    for change in course.changes:
        x = scale.x(course.points[change.at][0] - 0.5)
        side = "end" if x > _WIDTH / 2 else "start"
        drawn.append(
            f'<line class="change" x1="{x:.1f}" y1="{_TOP - 8}" x2="{x:.1f}" y2="{_HEIGHT - _BOTTOM}"/>'
            f'<text class="change" x="{x:.1f}" y="{_TOP - 12}" text-anchor="{side}">{text(_share(change))}</text>'
        )
    return drawn


def _dots(course: Course, runs: list[Run], scale: _Scale) -> list[str]:
    places = [(scale.x(index), scale.y(value)) for index, value in course.points]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [
        f'<circle class="{_level(runs[index])}" cx="{x:.1f}" cy="{y:.1f}" r="3.5"><title>{text(runs[index].name)}: '
        f"{text(format_value(value, course.unit))}, {text(runs[index].outcome)}</title></circle>"
        for (index, value), (x, y) in zip(course.points, places, strict=True)
    ]
    return [f'<polyline class="course" points="{line}"/>', *dots]


def _ends(runs: list[Run], scale: _Scale) -> list[str]:
    y = _HEIGHT - 6
    first, last = text(runs[0].started[:_DATE]), text(runs[-1].started[:_DATE])
    return [
        f'<text class="axis" x="{_LEFT}" y="{y}">{first}</text>',
        f'<text class="axis" x="{scale.x(scale.runs - 0.5):.1f}" y="{y}" text-anchor="end">{last}</text>',
    ]
