"""``summary.md``: what a run came to, for people."""

import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from stresstui.core.criteria.growing.evidence import format_slope
from stresstui.core.criteria.growing.trend import TrendJudge
from stresstui.core.criteria.state import CriterionState
from stresstui.core.derive.series import Summary
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import infer
from stresstui.core.model.timeline import LogEntry, Mark
from stresstui.core.model.units import format_clock, format_duration, format_value
from stresstui.core.run.fold import RunState
from stresstui.files import write_whole
from stresstui.folder import SUMMARY
from stresstui.report.text import headline, limit_of, margin_of, mark_of

JOB_SUMMARY_MAX: Final = 1 << 20
"""Bytes of a step's summary that GitHub takes; one byte more and it takes none."""
_CUT: Final = "\n\nThe rest does not fit in here; it is in summary.md.\n"
_PHASES: Final = {Phase.BUILD: "build", Phase.WARM_UP: "warm-up", Phase.SOAK: "soak", Phase.COOL_DOWN: "cool-down"}
_MARKS: Final = {Mark.BREACH: "✗ breach", Mark.OVER: "✓ over", Mark.PROBLEM: "! problem", Mark.NOTE: "note"}


def write_summary(state: RunState, run_dir: Path) -> Path:
    """Write ``summary.md`` whole or not at all, and return its path; raise OSError when the disk refuses."""
    return write_whole(run_dir / SUMMARY, summary_of(state).encode())


def summary_of(state: RunState) -> str:
    """Say in Markdown how a run came out, what was measured and what it could have shown."""
    sections = (
        [f"# {_plain(state.scenario.title or state.scenario.name)}", "", f"**{_plain(headline(state))}**"],
        _reasons(state),
        _criteria(state),
        _could_have_caught(state),
        _metrics(state),
        _events(state),
        _how_it_was_run(state),
    )
    return "\n\n".join("\n".join(section) for section in sections if section) + "\n"


def fitted(markdown: str, most: int = JOB_SUMMARY_MAX) -> str:
    """Cut a text at the end of a line so that it has at most ``most`` bytes, and say that it was cut."""
    whole = markdown.encode()
    if len(whole) <= most:
        return markdown
    kept = whole[: most - len(_CUT.encode())]
    return kept[: kept.rfind(b"\n") + 1].decode(errors="ignore").rstrip("\n") + _CUT


def _reasons(state: RunState) -> list[str]:
    return [f"- {_plain(reason)}" for reason in state.reasons]


def _criteria(state: RunState) -> list[str]:
    lines = ["## Criteria"]
    for group in dict.fromkeys(criterion.spec.group for criterion in state.criteria):
        rows = [_criterion_row(c) for c in state.criteria if c.spec.group == group]
        header = ("Verdict", "Criterion", "Rule", "Value", "Limit", "Margin", "Evidence")
        lines += ["", f"### {_plain(group)}", "", *_table(header, rows)]
    return lines if state.criteria else [*lines, "", "This scenario has no criteria for this runner."]


def _criterion_row(criterion: CriterionState) -> tuple[str, ...]:
    return (
        mark_of(criterion),
        _plain(criterion.spec.title),
        f"`{criterion.spec.rule}`",
        criterion.shown_value,
        limit_of(criterion),
        margin_of(criterion),
        _plain(criterion.evidence),
    )


def _could_have_caught(state: RunState) -> list[str]:
    """The smallest growth that this run would have shown, and what no run sampled like this one can show."""
    if not state.samples:
        return []
    shown = (_resolvable(judge) for judge in state.judges if isinstance(judge, TrendJudge))
    every = format_duration(state.started.interval if state.started else 0.0)
    blind = f"- What came and went between two samples, {every} apart, is not in the gauges; counters have it."
    return ["## What this run could have caught", "", *(line for line in shown if line), blind]


def _resolvable(judge: TrendJudge) -> str:
    criterion, judgement = judge.state, judge.trend.judgement
    if judgement is None or judgement.resolvable_per_hour is None:
        return f"- {_plain(criterion.spec.title)}: no growth of any size, for want of data"
    slope = format_slope(criterion, judgement.resolvable_per_hour)
    return f"- {_plain(criterion.spec.title)}: growth above {slope} would have shown ({limit_of(criterion)} was asked)"


def _metrics(state: RunState) -> list[str]:
    rows = [_metric_row(state, name, summary) for name, summary in sorted(state.summaries.items())]
    header = ("Metric", "Baseline", "Min", "Mean", "Max", "Last", "Samples", "Missing")
    return ["## Metrics", "", *_table(header, rows)] if rows else ["## Metrics", "", "Nothing was measured."]


def _metric_row(state: RunState, name: str, summary: Summary) -> tuple[str, ...]:
    metric = state.scenario.metric(name) or infer(name)
    low, high = (summary.low, summary.high) if summary.samples else (None, None)
    numbers = (state.baseline.get(name), low, summary.mean, high, summary.last)
    shown = (format_value(number, metric.unit) for number in numbers)
    return (f"{_plain(metric.title)} (`{name}`)", *shown, str(summary.samples), str(summary.missing))


def _events(state: RunState) -> list[str]:
    rows = [_event_row(entry) for entry in state.entries]
    return ["## Events", "", *_table(("Time", "", "What"), rows)] if rows else []


def _event_row(entry: LogEntry) -> tuple[str, ...]:
    return (format_clock(entry.t), _MARKS.get(entry.mark, ""), _plain(entry.text))


def _how_it_was_run(state: RunState) -> list[str]:
    started = state.started
    if started is None:
        return []
    planned = "until the workload exits" if started.duration is None else format_duration(started.duration)
    parts = [f"{format_duration(round(length))} of {name}" for name, length in phase_lengths(state)]
    cpu = format_value(state.monitor_cpu_percent, "%")
    lines = [
        f"- Run: `{started.run}`, from {started.wall or '-'} to {state.ended_wall or '-'}",
        f"- Runner: {started.runner}{': ' if started.why else ''}{_plain(started.why)}",
        f"- Planned: {planned}, of which {format_duration(started.warm_up)} warm-up",
        f"- Phases: {', '.join(parts) or 'none'}",
        f"- Samples: {state.samples} read, {state.missed} missed, one every {format_duration(started.interval)}",
        f"- Throughput: {state.throughput_source}",
        f"- Child: {_plain(_child(state))}",
        f"- Monitor: {cpu} of one core on average, at most {format_value(float(state.monitor_rss_max), 'bytes')}",
    ]
    return ["## How it was run", "", *lines, *_typed(started.command)]


def _typed(command: Sequence[str]) -> list[str]:
    """A command as it can be typed again; what stands in it does not end its block."""
    text = shlex.join(command)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return ["", f"{fence}sh", text, fence] if command else []


def phase_lengths(state: RunState) -> list[tuple[str, float]]:
    """Name and seconds of each phase that the run went through, in order."""
    began = [(phase, state.phase_began[phase]) for phase in Phase if phase in state.phase_began]
    ends = [at for _, at in began[1:]] + [state.t]
    lengths = [(phase, end - at) for (phase, at), end in zip(began, ends, strict=False)]
    return [(_PHASES[phase], length) for phase, length in lengths if phase in _PHASES and length > 0]


def _child(state: RunState) -> str:
    facts = state.facts
    ended = facts.exited_at is not None or facts.cause
    return facts.describe_exit() if ended else "its end was not seen"


def _plain(text: str) -> str:
    """Keep a text from being read as Markdown or as the border of a table."""
    for sign in ("\\", "|", "*", "_", "`", "<", "[", "]", "~", "&"):
        text = text.replace(sign, "\\" + sign)
    return " ".join(text.split())


def _table(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [_row(header), _row(("---",) * len(header)), *(_row(row) for row in rows)]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"
