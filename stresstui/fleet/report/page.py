"""One self-contained page over all runs: outcome, table of runs, then each metric as small multiples; no script."""

from collections.abc import Iterable, Sequence
from typing import Final

from stresstui.core.derive.series import Bucket
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.units import format_clock, format_value
from stresstui.fleet.report.load import facts, title
from stresstui.fleet.report.told import Told
from stresstui.fleet.report.words import say_outlier
from stresstui.fleet.verdict import FleetVerdict, Joint
from stresstui.report.html.charts import VITALS, coarsened
from stresstui.report.html.markup import folded, section, table, text
from stresstui.report.html.page import document
from stresstui.report.html.sections import criteria_of

_POINTS: Final = 240
"""Stretches of time in a small chart: of a hundred runs the page stays under 5 MB."""
_WIDTH: Final = 480
_HEIGHT: Final = 90
_MARK: Final = {"passed": "good", "failed": "bad", "lost": "bad"}


def page_of(name: str, told: Sequence[Told], verdict: FleetVerdict) -> str:
    """The page."""
    body = (
        _outcome(name, told, verdict)
        + section("Runs", _runs(told))
        + section("Load from several boxes", *map(_load, verdict.joints), name="loads")
        + section("Boxes that differ from their peers", _listed(map(say_outlier, verdict.outliers)))
        + section("Over time", *(_multiples(metric, told) for metric in VITALS), name="charts")
        + section("Criteria of each run", *(_criteria(place, one) for place, one in enumerate(told)))
    )
    return document(f"{verdict.outcome}: {name}", body)


def _outcome(name: str, told: Sequence[Told], verdict: FleetVerdict) -> str:
    kinds = dict.fromkeys(one.run.outcome for one in told)
    counts = ", ".join(f"{sum(one.run.outcome == kind for one in told)} {kind}" for kind in kinds)
    return (
        f'<header class="{text(verdict.outcome)}"><h1>{text(name)}</h1><p class="outcome">{text(verdict.outcome)}: '
        f"{len(told)} runs, {text(counts)}</p>{_listed(verdict.reasons)}</header>"
    )


def _listed(sentences: Iterable[str]) -> str:
    rows = "".join(f"<li>{text(sentence)}</li>" for sentence in sentences)
    return f"<ul>{rows}</ul>" if rows else ""


def _runs(told: Sequence[Told]) -> str:
    header = ("Box", "Scenario", "Outcome", "Under load", "Process", "Reasons", "Labels")
    return table(header, [_run(place, one) for place, one in enumerate(told)])


def _run(place: int, one: Told) -> tuple[str, ...]:
    run = one.run
    mark = f'<span class="mark {_MARK.get(run.outcome, "open")}">{text(run.outcome)}</span>'
    labels = ", ".join(f"{name} {value}" for name, value in one.labels.items())
    lasted = format_clock(one.state.under_load) if one.state is not None else "-"
    box = f'<a href="#run{place}">{text(run.box)}</a>'
    return (box, text(run.scenario), mark, lasted, text(run.process), _listed(run.reasons), text(labels))


def _load(joint: Joint) -> str:
    mark = f'<span class="mark {_MARK.get(joint.outcome, "open")}">{text(joint.outcome)}</span>'
    rows = [(text(name), text(said)) for name, said in facts(joint)]
    return f"<h3>{text(title(joint))} {mark}</h3>{_listed(joint.reasons)}" + table(("", "All clients together"), rows)


def _criteria(place: int, one: Told) -> str:
    title = f"{one.run.box}: {one.run.scenario} {one.run.outcome}"
    inner = criteria_of(one.state) if one.state is not None else "<p>Nothing is known of it.</p>"
    return f'<div id="run{place}">{folded(title, inner)}</div>'


def _multiples(metric: str, told: Sequence[Told]) -> str:
    """A metric of all runs, each scenario's on the same scale."""
    parts: list[str] = []
    for scenario in dict.fromkeys(one.run.scenario for one in told):
        drawn = [(one, buckets) for one in told if one.run.scenario == scenario and (buckets := _buckets(metric, one))]
        high = max((bucket.high for _, buckets in drawn for bucket in buckets if bucket.count), default=0.0)
        end = max((one.state.t for one, _ in drawn if one.state is not None), default=0.0)
        parts += [_small(metric, one, buckets, high, end) for one, buckets in drawn]
    return f"<h3>{text(BUILT_IN[metric].title)}</h3>" + f'<div class="charts">{"".join(parts)}</div>' if parts else ""


def _buckets(metric: str, one: Told) -> list[Bucket]:
    summary = one.state.summaries.get(metric) if one.state is not None else None
    return coarsened(summary.series, _POINTS)[1] if summary is not None and summary.samples else []


def _small(metric: str, one: Told, buckets: Sequence[Bucket], high: float, end: float) -> str:
    values = [bucket for bucket in buckets if bucket.count]
    low, top = min(bucket.low for bucket in values), max(bucket.high for bucket in values)
    unit = BUILT_IN[metric].unit
    lines = "".join(_line(stretch, high or 1.0, end or 1.0) for stretch in _stretches(buckets))
    breached = any(c.breaches and c.metric.name == metric for c in one.state.criteria) if one.state else False
    said = f"{format_value(low, unit)} to {format_value(top, unit)}"
    title = f"{one.run.box}: {one.run.scenario}"
    return (
        f'<div class="chart{" breached" if breached else ""}"><h4>{text(title)} <span>{text(said)}</span></h4>'
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{text(f"{metric} of {title}: {said}")}">'
        f"{lines}</svg></div>"
    )


def _stretches(buckets: Sequence[Bucket]) -> list[list[Bucket]]:
    """Buckets in a row that have values: a gap stays one."""
    found: list[list[Bucket]] = [[]]
    for bucket in buckets:
        if bucket.count:
            found[-1].append(bucket)
        elif found[-1]:
            found.append([])
    return [stretch for stretch in found if stretch]


def _line(stretch: Sequence[Bucket], high: float, end: float) -> str:
    def at(bucket: Bucket, value: float) -> str:
        return f"{_WIDTH * bucket.start / end:.1f},{2 + (_HEIGHT - 4) * (1 - value / high):.1f}"

    band = [at(bucket, bucket.high) for bucket in stretch] + [at(bucket, bucket.low) for bucket in reversed(stretch)]
    mean = [at(bucket, bucket.mean) for bucket in stretch]
    mean += [at(stretch[-1], stretch[-1].mean)] if len(mean) == 1 else []
    return f'<polygon class="band" points="{" ".join(band)}"/><polyline class="mean" points="{" ".join(mean)}"/>'
