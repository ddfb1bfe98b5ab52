"""The words and tables of the page, one function a section."""

import shlex
from typing import Any, Final

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.derive.processes import ProcessRow
from stresstui.core.derive.series import Summary
from stresstui.core.model.metric import infer
from stresstui.core.model.timeline import Mark
from stresstui.core.model.units import format_clock, format_duration, format_value
from stresstui.core.run.fold import RunState
from stresstui.report.html.markup import folded, lines, section, table, text
from stresstui.report.material import Material
from stresstui.report.summary import phase_lengths
from stresstui.report.text import headline, limit_of, margin_of, mark_of

_CUT: Final = 500
_OPEN_MAX: Final = 50
_EVENTS_SHOWN: Final = 60


def outcome(state: RunState) -> str:
    """What it came to, and why: the first thing that is read."""
    kind = state.outcome.value if state.outcome else "running"
    reasons = "".join(f"<li>{text(reason)}</li>" for reason in state.reasons)
    doubts = "".join(f"<li>{text(doubt)}</li>" for doubt in state.doubts if doubt not in state.reasons)
    more = f"<p>{text(state.too_short)}</p>" if state.too_short and state.too_short not in state.reasons else ""
    title = text(state.scenario.title or state.scenario.name)
    listed = f"<ul>{reasons}{doubts}</ul>" if reasons or doubts else ""
    word = text(headline(state))
    return f'<header class="{kind}"><h1>{title}</h1><p class="outcome">{word}</p>{listed}{more}</header>'


def criteria(state: RunState) -> str:
    """Every criterion, in a section of its own."""
    return section("Criteria", criteria_of(state), name="criteria")


def criteria_of(state: RunState) -> str:
    """Every criterion with value, limit and evidence, by group."""
    header = ("Verdict", "Criterion", "Value", "Limit", "Margin", "Evidence")
    parts = []
    for group in dict.fromkeys(criterion.spec.group for criterion in state.criteria):
        rows = [_criterion(c) for c in state.criteria if c.spec.group == group]
        parts.append(f"<h3>{text(group)}</h3>{table(header, rows, 'criteria')}")
    return "".join(parts) or "<p>This scenario has no criteria for this runner.</p>"


def _criterion(criterion: CriterionState) -> tuple[str, ...]:
    verdict = criterion.shown_verdict
    mark = f'<span class="mark {_kind(verdict)}">{text(mark_of(criterion))}</span>'
    title = f"{text(criterion.spec.title)}<br><code>{text(criterion.spec.rule)}</code>"
    said = text(criterion.evidence) + _breaches(criterion)
    return (mark, title, text(criterion.shown_value), text(limit_of(criterion)), text(margin_of(criterion)), said)


def _kind(verdict: Verdict) -> str:
    bad, good = (Verdict.BREACHED, Verdict.FAILED), (Verdict.OK, Verdict.PASSED)
    return "bad" if verdict in bad else "good" if verdict in good else "open"


def _breaches(criterion: CriterionState) -> str:
    if not criterion.breach_count:
        return ""
    kept = [
        f"{format_clock(b.began)} to {'the end' if b.ended is None else format_clock(b.ended)}"
        for b in criterion.breaches[:5]
    ]
    more = criterion.breach_count - len(kept)
    return f"<br><small>breached {text(', '.join(kept))}{f' and {more} times more' if more > 0 else ''}</small>"


def comparison(material: Material) -> str:
    """How it compares with its scenario's baseline, where that has one."""
    verdict, rows = material.comparison
    if not verdict:
        return ""
    body = table(rows[0], ([text(cell) for cell in row] for row in rows[1:]), "numbers") if len(rows) > 1 else ""
    return section("Compared with the baseline", f'<p class="outcome">{text(verdict)}</p>', body, name="comparison")


def metrics(state: RunState) -> str:
    """Numbers of every metric over the whole run."""
    header = ("Metric", "Name", "Baseline", "Min", "Mean", "Max", "Last", "Samples", "Missing")
    rows = [_metric(state, name, summary) for name, summary in sorted(state.summaries.items())]
    return section("Metrics", table(header, rows, "numbers") if rows else "<p>Nothing was measured.</p>")


def _metric(state: RunState, name: str, summary: Summary) -> tuple[str, ...]:
    metric = state.scenario.metric(name) or infer(name)
    low, high = (summary.low, summary.high) if summary.samples else (None, None)
    numbers = (state.baseline.get(name), low, summary.mean, high, summary.last)
    shown = (text(format_value(number, metric.unit)) for number in numbers)
    name_cell = f"<code>{text(name)}</code>"
    return (text(metric.title), name_cell, *shown, f"{summary.samples:,}", f"{summary.missing:,}")


def processes(material: Material) -> str:
    """Each process, the system under test first."""
    known = material.state.processes
    rows = sorted(known.rows.values(), key=lambda row: (row.role.value != "sut", row.began, row.pid))
    if not rows:
        return ""
    header = (
        "Process", "Role", "From", "To", "CPU", "RSS first", "RSS last", "RSS max", "FDs first", "FDs last",
        "FDs max", "ESTABLISHED", "CLOSE_WAIT",
    )  # fmt: skip
    more = f"<p>Of more than {len(rows)} processes the rest is left out.</p>" if known.left_out else ""
    return section("Processes", table(header, map(_process, rows), "numbers"), more)


def _process(row: ProcessRow) -> tuple[str, ...]:
    sizes = (format_value(size, "bytes") for size in (row.rss_first, row.rss, row.rss_max))
    counts = (row.fds_first, row.fds, row.fds_max, row.established, row.close_wait)
    shown = ("-" if count is None else f"{count:,}" for count in counts)
    who, times = f"{text(row.name)} ({row.pid})", (format_clock(row.began), format_clock(row.ended))
    return (who, row.role.value, *times, text(format_value(row.cpu_percent, "%")), *map(text, sizes), *shown)


def events(state: RunState) -> str:
    """What happened, in order; of very many the middle is folded away."""
    rows = [
        (format_clock(entry.t), f'<span class="event {entry.mark.value}">{text(entry.mark.value)}</span>',
         text(entry.text))
        for entry in state.entries
    ]  # fmt: skip
    header = ("Time", "", "What")
    if len(rows) <= _EVENTS_SHOWN:
        return section("Events", table(header, rows, "events") if rows else "", name="events")
    half = _EVENTS_SHOWN // 2
    middle = folded(f"{len(rows) - _EVENTS_SHOWN} events between", table(header, rows[half:-half], "events"))
    return section("Events", table(header, rows[:half], "events"), middle, table(header, rows[-half:], "events"))


def evidence(material: Material) -> str:
    """What things looked like at each breach, and what was left open."""
    parts = [_one_evidence(name, found) for name, found in material.evidence]
    notes = [entry for entry in material.state.entries if entry.mark is Mark.NOTE]
    left = f"<p>{material.evidence_left} more files are in evidence/.</p>" if material.evidence_left else ""
    said = f"<p>Notes: {text('; '.join(note.text for note in notes))}</p>" if notes else ""
    return section("Evidence", *parts, left, said, name="evidence")


def _one_evidence(name: str, found: dict[str, Any]) -> str:
    second = found.get("t")
    at = f"{format_clock(second)}  " if isinstance(second, int | float) else ""
    parts = [f"<p>{text(found.get('text', ''))}</p>" if found.get("text") else ""]
    opened = _dictionaries(found.get("open"))
    if opened:
        rows = [_descriptor(one) for one in opened[:_OPEN_MAX]]
        count = f"{len(opened)} open that were not before" + (
            f", the first {_OPEN_MAX}" if len(opened) > _OPEN_MAX else ""
        )
        parts.append(f"<p>{count}:</p>" + table(("Process", "FD", "Kind", "What", "State", "Open for"), rows))
    parts += [_growth(found), _hottest(found), _grown(found), _threads(found)]
    parts += [_said(found, "output", "Last lines of output"), _said(found, "kernel", "Newest messages of the kernel")]
    title = str(found.get("title") or found.get("what") or name)
    return folded(f"{at}{title}", "".join(parts)) if any(parts) else ""


def _growth(found: dict[str, Any]) -> str:
    """Which functions hold more than before: the answer of a profile."""
    rows = [
        (text(one.get("function", "")), _size(one.get("bytes")), text(one.get("count", "")),
         text(" < ".join(map(str, one.get("through") or ()))[:_CUT]))
        for one in _dictionaries(found.get("growth"))
    ]  # fmt: skip
    return table(("Held by", "More", "Count", "Through"), rows) if rows else ""


def _hottest(found: dict[str, Any]) -> str:
    """Which functions were on the CPU."""
    rows = [
        (text(one.get("function", "")), text(f"{100 * share:.1f} %"))
        for one in _dictionaries(found.get("hottest"))
        if isinstance(share := one.get("share"), int | float)
    ]
    return table(("Function", "Share of the samples"), rows) if rows else ""


def _said(found: dict[str, Any], name: str, title: str) -> str:
    """The last of what somebody said."""
    kept = found.get(name)
    if not isinstance(kept, list) or not kept:
        return ""
    return f"<p>{title}:</p>" + lines(str(line)[:_CUT] for line in kept[-_OPEN_MAX:])


def _grown(found: dict[str, Any]) -> str:
    """Which mappings hold more than at the end of warm-up."""
    rows = [
        (_who(one), text(str(one.get("region", ""))[:_CUT]), _size(one.get("bytes")))
        for one in _dictionaries(found.get("grown"))
    ]  # fmt: skip
    return (
        "<p>Memory that is more than at the end of warm-up:</p>" + table(("Process", "Mapping", "More"), rows)
        if rows
        else ""
    )


def _threads(found: dict[str, Any]) -> str:
    """Where threads were in the kernel."""
    rows = [
        (text(one.get("count", "")), _who(one), text(str(one.get("at", ""))[:_CUT]))
        for one in _dictionaries(found.get("threads"))
    ]  # fmt: skip
    return "<p>Threads:</p>" + table(("Count", "Process", "Where"), rows) if rows else ""


def _who(one: dict[str, Any]) -> str:
    return text(f"{one.get('name', '')} ({one.get('pid', '')})")


def _size(size: object) -> str:
    return text(format_value(float(size), "bytes")) if isinstance(size, int | float) and size else ""


def _dictionaries(found: object) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _descriptor(one: dict[str, Any]) -> tuple[str, ...]:
    ends = " → ".join(str(one[end]) for end in ("local", "peer") if one.get(end))
    age = one.get("age_s")
    lasted = format_duration(age) if isinstance(age, int | float) else ""
    who = f"{one.get('name', '')} ({one.get('pid', '')})"
    what = str(one.get("target") or ends)[:_CUT]
    cells = (who, one.get("fd", ""), one.get("kind", ""), what, one.get("state", ""), lasted)
    return tuple(text(cell) for cell in cells)


def environment(material: Material) -> str:
    """How it was run, on what machine, and what the doctor said of that before."""
    state, found = material.state, material.environment
    rows = [(text(name), text(value)) for name, value in _how(state, found) if value]
    checks = [
        (text(c.get("level", "")), text(c.get("name", "")), text(c.get("found", "")), text(c.get("mend", "")))
        for c in _dictionaries(found.get("checks"))
    ]  # fmt: skip
    said = folded("The doctor's look before the start", table(("", "What", "Found", "Mend"), checks)) if checks else ""
    return section("How it was run", table(("", ""), rows, "plain"), said)


def _how(state: RunState, found: dict[str, Any]) -> list[tuple[str, str]]:
    started, host, limits = state.started, found.get("host") or {}, found.get("limits") or {}
    if started is None:
        return []
    planned = "until the workload exits" if started.duration is None else format_duration(started.duration)
    phases = ", ".join(f"{format_duration(round(length))} of {name}" for name, length in phase_lengths(state))
    soft, hard = (*limits.get("RLIMIT_NOFILE", ("-", "-")), "-", "-")[:2]
    versions = ", ".join(f"{name} {version}" for name, version in (found.get("versions") or {}).items())
    cpu, most = format_value(state.monitor_cpu_percent, "%"), format_value(float(state.monitor_rss_max), "bytes")
    machine = [host.get("distribution"), host.get("system"), host.get("machine"), f"{host.get('cpus', '?')} CPUs",
               format_value(host.get("memory"), "bytes")]  # fmt: skip
    return [
        ("Run", started.run),
        ("When", f"{started.wall or '-'} to {state.ended_wall or '-'}"),
        ("Runner", f"{started.runner}{': ' if started.why else ''}{started.why}"),
        ("Command", shlex.join(started.command)),
        ("Planned", f"{planned}, of which {format_duration(started.warm_up)} warm-up"),
        ("Phases", phases),
        ("Samples", f"{state.samples:,} read, {state.missed:,} missed, one every {format_duration(started.interval)}"),
        ("Throughput", state.throughput_source),
        ("Monitor", f"{cpu} of one core on average, at most {most}"),
        ("Machine", ", ".join(str(part) for part in machine if part) if host else ""),
        ("Open files allowed", f"{soft} (hard {hard})" if limits else ""),
        ("Versions", versions),
        ("Revision", str(found.get("revision") or "")),
    ]
