"""What a sample changes in the state of a run: its readings, its series, its baseline, and what is judged of them."""

from typing import Final

from stresstui.core.criteria.base import Baseline
from stresstui.core.criteria.growing.attribution import OF_PROCESSES
from stresstui.core.derive.group import group_of
from stresstui.core.derive.reading import Reading, derive
from stresstui.core.derive.series import Series, Summary
from stresstui.core.derive.strain import PRESSED, is_stalled, is_strained
from stresstui.core.model.event import Phase, Sampled
from stresstui.core.model.sample import Role, Sample
from stresstui.core.model.timeline import Mark, log
from stresstui.core.model.units import format_duration
from stresstui.core.run.judging import judge_sample
from stresstui.core.run.state import RunState
from stresstui.core.run.unserved import keep_past

# Kept apart because Python 3.11 takes longer to look a member of an enumeration up than to compare with it.
_BUILD, _WARM_UP, _SOAK, _COOL_DOWN, _ENDED = Phase
_SUT: Final = Role.SUT
_AT_REST: Final = ("waiting", "ready")


def take_sample(state: RunState, event: Sampled) -> None:
    """Bring the state up to date with a sample."""
    sample = event.sample
    state.samples += 1
    state.missed += sample.missed
    _note_gap(state, sample)
    state.group = group_of(sample, state.group)
    derived = derive(state.sample if not sample.suspended_s else None, sample, state.reading, state.group)
    reading = state.workload.complete(derived, building=state.phase is _BUILD)
    _note_monitor(state, sample)
    _note_kills(state, sample)
    _note_quota(state, sample, reading)
    _note_stopped(state, sample.t)
    state.stalled = is_stalled(state.sample, sample)
    state.strained = is_strained(state.sample, sample, reading)
    state.strain.add(sample.t, float(state.strained))
    state.burdens.turn(state.sample.t if state.sample else 0.0)
    keep_past(state, sample.t)
    state.processes.observe(sample, state.group)
    if sample.inventory is not None:
        state.held.observe(sample.inventory)
    state.sample, state.reading = sample, reading
    state.recent.append(reading)
    if state.workload.state in _AT_REST:
        state.idle = reading.values | {name: state.workload.raw[name] for name in sorted(state.workload.gauges)}
    if not state.baseline and state.phase is _SOAK:
        take_baseline(state)
    record(state, reading.t, reading.values)
    _count_missing(state, reading)
    state.progress.observe(reading.t, state.workload, reading, under_load=state.phase in (_WARM_UP, _SOAK))
    if state.phase is _SOAK:
        state.cpus = sample.cpus if sample.processes else state.cpus
        _follow_processes(state, sample)
    judge_sample(state, reading, sample.missed)


def _follow_processes(state: RunState, sample: Sample) -> None:
    """Follow each process; after a restart, what came before is another process's past, not a drop or a jump."""
    group = state.group
    restarted = state.background.attribution.observe(sample.t, group.under_test, same=group.since is not None)
    if not restarted:
        return
    log(state.entries, sample.t, Mark.PROBLEM, f"restarted: {', '.join(restarted)}")
    for judge in state.judges:
        if judge.name in OF_PROCESSES:
            judge.note_restart(sample.t)


def _note_gap(state: RunState, sample: Sample) -> None:
    if sample.missed:
        log(state.entries, sample.t, Mark.PROBLEM, f"{sample.missed} samples missed")
    if sample.suspended_s:
        log(state.entries, sample.t, Mark.PROBLEM, f"machine suspended for {format_duration(sample.suspended_s)}")


def _note_stopped(state: RunState, t: float) -> None:
    """Say which processes somebody stopped and continued: what does nothing is slow by no fault of its own."""
    group, since = state.group, state.stopped
    for process in [now for _, now in group.changed] if group.since is not None else group.under_test:
        who = f"{process.name} (pid {process.pid})"
        if process.stopped and process.role is _SUT and process.key not in since:
            since[process.key] = t
            log(state.entries, t, Mark.PROBLEM, f"{who} is stopped by a signal: it does nothing until it is continued")
        elif not process.stopped and (began := since.pop(process.key, None)) is not None:
            log(state.entries, t, Mark.INFO, f"{who} goes on, {format_duration(t - began)} after it was seen stopped")


def _note_quota(state: RunState, sample: Sample, reading: Reading) -> None:
    """Say once that the run has all of its quota: what it meets is that limit."""
    if state.quota_told or sample.quota is None or reading.values.get("cpu_throttled", 0.0) < PRESSED:
        return
    state.quota_told = True
    said = f"its control group's quota of {sample.quota:.3g} CPUs is used up: times and rates are those of the quota"
    log(state.entries, sample.t, Mark.PROBLEM, said)


def _note_kills(state: RunState, sample: Sample) -> None:
    """Processes of the run's own control group that the kernel killed since its first sample."""
    total = sample.cgroup.oom_kills if sample.cgroup is not None else None
    if total is None:
        return
    known, state.oom_kills = state.oom_kills, total
    if known is not None and total > known:
        state.facts.oom_kills += total - known
        log(state.entries, sample.t, Mark.BREACH, f"the kernel killed {total - known} for want of memory")


def _note_monitor(state: RunState, sample: Sample) -> None:
    state.monitor_rss_max = max(state.monitor_rss_max, sample.monitor_rss or 0)
    if state.monitor_cpu is None and sample.monitor_cpu_s is not None:
        state.monitor_cpu = (sample.t, sample.monitor_cpu_s)


def record(state: RunState, t: float, values: dict[str, float]) -> None:
    """Add values to the series of their metrics."""
    series = state.series
    for name, value in values.items():
        try:
            series[name].add(t, value)
        except KeyError:
            first = series[name] = Series()
            first.add(t, value)
            state.summaries[name] = Summary(first)


def _count_missing(state: RunState, reading: Reading) -> None:
    """Once a collected metric has been read, every sample without it counts as missing, but for an exited child."""
    if state.facts.exited_at is not None:
        return
    for name in state.collected.difference(reading.values):
        state.summaries[name].missing += 1
    state.collected.update(reading.values)


def take_baseline(state: RunState) -> None:
    """Take the newer half of the warm-up as what the soak is held against."""
    began = state.phase_began.get(Phase.WARM_UP, 0.0)
    readings = [r for r in state.recent if r.t >= began + (state.t - began) / 2]
    for name in {name for reading in readings for name in reading.values}:
        values = [reading.values[name] for reading in readings if name in reading.values]
        state.baseline[name] = sum(values) / len(values)
    if readings:
        state.baseline |= {name: state.workload.raw[name] for name in sorted(state.workload.gauges)}
    state.background.begin(state.t)
    baseline = Baseline(state.t, state.baseline, state.idle, state.patience)
    for judge in state.judges:
        judge.begin_soak(baseline)
