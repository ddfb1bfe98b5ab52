"""Whether two sides fit to be compared, and what of them is left out, in sentences."""

import statistics
from collections.abc import Sequence
from typing import Final

import msgspec

from stresstui.compare.numbers import MAIN, Numbers
from stresstui.compare.setting import ALIKE
from stresstui.compare.setting import notes as of_settings
from stresstui.compare.setting import unlike as settings_unlike
from stresstui.core.model.units import format_duration

_APART: Final = 0.1
"""Share of the soak by which one side may have met a busier machine before that is said of both."""
_NAMED: Final = 6
_LITTLE: Final = 0.01


def wanted_of(runs: Sequence[Numbers]) -> set[str]:
    """Metrics that are compared where nobody asks for more."""
    return {*MAIN, *(name for run in runs for name in run.judged)}


def common_of(phase: str, runs: Sequence[Numbers], *, every: bool) -> set[str]:
    """Metrics that all runs have in a phase, in one unit."""
    common = set.intersection(*(set(run.phases.get(phase, {})) for run in runs))
    same = {name for name in common if len({run.phases[phase][name].unit for run in runs}) == 1}
    return same if every else same & wanted_of(runs)


def with_strained(runs: Sequence[Numbers]) -> list[Numbers]:
    """The runs with the seconds in which the host was saturated, as those without a word of it would be compared."""
    return [
        msgspec.structs.replace(
            run, phases={phase: found | run.whole.get(phase, {}) for phase, found in run.phases.items()}
        )
        for run in runs
    ]


def has_strained(runs: Sequence[Numbers]) -> bool:
    """Whether anything was left out because the host was saturated."""
    return any(run.whole for run in runs)


def unlike(runs: Sequence[Numbers]) -> list[str]:
    """What makes runs no two of a kind. A soak that is a part of another shows other parts of the load's waves."""
    said = []
    for what, differ in (
        ("scenarios", {run.scenario for run in runs}),
        ("runners", {run.runner for run in runs}),
        ("planned lengths", {format_duration(run.planned) if run.planned else "none" for run in runs}),
    ):
        if len(differ) > 1:
            said.append(f"the {what} differ: {', '.join(sorted(map(str, differ)))}")
    unsound = [f"{run.run} ({run.cut or run.outcome or 'not ended'})" for run in runs if _is_unsound(run)]
    if unsound:
        said.append(f"not whole: {', '.join(unsound)}")
    known = [run.soaked for run in runs if run.soaked]
    if known and max(known) > ALIKE * min(known):
        said.append(f"the soaks lasted {format_duration(min(known))} to {format_duration(max(known))}")
    return [*said, *settings_unlike([run.setting for run in runs])]


def _is_unsound(run: Numbers) -> bool:
    return bool(run.cut) or run.outcome in ("", "aborted")


def not_compared(phase: str, runs: Sequence[Numbers], *, every: bool) -> list[tuple[str, str]]:
    """Metrics of a phase that some runs have and that cannot be compared, each with the reason."""
    there = {name for run in runs for found in (run.phases, run.whole) for name in found.get(phase, {})}
    compared = common_of(phase, runs, every=True)
    wanted = there if every else there & wanted_of(runs)
    return [(name, _why_not(phase, name, runs)) for name in sorted(wanted - compared)]


def _why_not(phase: str, name: str, runs: Sequence[Numbers]) -> str:
    known = [run.phases.get(phase, {}).get(name) or run.whole.get(phase, {}).get(name) for run in runs]
    lacking = [run.run for run, values in zip(runs, known, strict=True) if values is None]
    if lacking:
        return f"{_names(lacking)} {'has' if len(lacking) == 1 else 'have'} too few values of it"
    units = sorted({values.unit or "none" for values in known if values is not None})
    if len(units) > 1:
        return f"its units differ: {', '.join(units)}"
    busy = [
        f"{share_of(run.strained.get(phase, 0.0))} of {run.run}"
        for run in runs
        if name not in run.phases.get(phase, {})
    ]
    return f"too little is left: the host was saturated for {_names(busy)}, or just before"


def _names(found: list[str]) -> str:
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return ", ".join(found[:_NAMED]) + more


def share_of(share: float) -> str:
    """A share in percent; what is little is not called nothing."""
    return "under 1 %" if 0 < share < _LITTLE else f"{100 * share:.0f} %"


def notes(base: Sequence[Numbers], other: Sequence[Numbers], *, cpu: str) -> list[str]:
    """What was left out of either side, and what else is to be known; ``cpu`` is what became of that, in words."""
    runs = [*base, *other]
    said = [found for phase in runs[0].phases for found in (*_busy(phase, base, other, cpu), *_looked(phase, runs))]
    doubted = [f"{run.run}: {run.doubts[0]}" for run in runs if run.doubts]
    if doubted:
        said.append(f"in doubt: {_names(doubted)}")
    return [*said, *of_settings([run.setting for run in runs])]


def _busy(phase: str, base: Sequence[Numbers], other: Sequence[Numbers], cpu: str) -> list[str]:
    shares = [[run.strained.get(phase, 0.0) for run in side] for side in (base, other)]
    if not any(map(any, shares)):
        return []
    before, after = map(statistics.fmean, shares)
    what = f"{share_of(before)} of the base's {phase.replace('_', '-')} and {share_of(after)} of the other side's"
    said = f"the host was saturated for {what}: left out of times and rates, not of CPU and failures"
    if abs(after - before) <= _APART:
        return [said]
    return [f"{said}; {cpu}" if after > before and cpu else said]


def _looked(phase: str, runs: Sequence[Numbers]) -> list[str]:
    looked = [f"{share_of(run.looked[phase])} of {run.run}" for run in runs if run.looked.get(phase)]
    return [f"somebody looked into {_names(looked)}, which is left out"] if looked else []
