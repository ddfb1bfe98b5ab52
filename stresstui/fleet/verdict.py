"""One verdict over the runs of all boxes, and which box differs from its peers."""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, Final

import msgspec

from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.outcome import ExitCode

PEERS_LEAST: Final = 4
"""Runs of a scenario from which on one can be said to differ from the rest."""
FAR: Final = 5.0
"""Robust standard deviations from which on a box differs."""
SLIGHT: Final = 0.05
"""Share of the median that a difference has at least: of boxes that are all but equal none is an outlier."""
_NOTHING: Final = {"%": 1.0, "count": 1.0, "bytes": 1 << 20, "bytes/s": 1000.0}
"""Difference of two means, by the metric's unit, that says nothing, as a hundredth of a percent of boxes at rest."""
_TO_SIGMA: Final = 1.4826
_ORDER: Final = ("failed", "lost", "aborted", "inconclusive", "passed")


class BoxRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run as it came out on its box."""

    box: str
    """Name of the box."""
    scenario: str
    """What it ran."""
    outcome: str
    """Its outcome; ``lost`` where its box or its supervisor died."""
    reasons: tuple[str, ...] = ()
    """Why."""
    means: Mapping[str, float] = {}
    """Mean of each metric over the run."""
    process: str = ""
    """The process behind what it failed on, and what of it grew; empty where none can be told."""
    run: str = ""
    """Name of the run."""
    made_up: bool = False
    """True where it was lost and carried out on another box instead."""


class Outlier(msgspec.Struct, frozen=True):
    """A metric of a box that is not like its peers'."""

    box: str
    scenario: str
    metric: str
    value: float
    median: float
    """Of the peers."""
    sigmas: float
    """How far from it, in robust standard deviations."""
    labels: str = ""
    """Labels that all such boxes share and no other has; empty where none explain it."""


class Compared(msgspec.Struct, frozen=True):
    """Something that both ends of a load counted."""

    what: str
    """What, in words."""
    clients: float
    """The clients' counts, added up."""
    server: float
    """What the servers' relays saw."""


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """Times of all boxes, merged; milliseconds."""

    count: int
    p50: float
    p99: float
    p999: float
    longest: float


class Joint(msgspec.Struct, frozen=True, kw_only=True):
    """The load of several boxes on one server, as one."""

    scenario: str
    server: str
    """Box of the servers."""
    clients: tuple[str, ...]
    """Boxes of the clients."""
    outcome: str
    """``passed``, ``inconclusive``, or ``running`` while a side is on."""
    reasons: tuple[str, ...] = ()
    """Why it is inconclusive."""
    seconds: float = 0.0
    """How long the longest client has been under load."""
    counts: Mapping[str, float] = {}
    """The clients' counters, added up."""
    rates: Mapping[str, float] = {}
    """Of some of them, how many in a second."""
    times: Mapping[str, Times] = {}
    """By what was timed."""
    compared: tuple[Compared, ...] = ()
    """What both ends counted."""


class FleetVerdict(msgspec.Struct, frozen=True):
    """How all came out."""

    outcome: str
    exit_code: int
    reasons: tuple[str, ...]
    """One a run that did not pass, with its box."""
    outliers: tuple[Outlier, ...]
    joints: tuple[Joint, ...] = ()
    """Loads of several boxes."""


def combine(
    runs: Sequence[BoxRun], labels: Mapping[str, Mapping[str, Any]], joints: Sequence[Joint] = ()
) -> FleetVerdict:
    """The verdict over all runs: failed where one failed, passed where all did, else inconclusive."""
    counted = [run for run in runs if not run.made_up]
    outcomes = [*(run.outcome for run in counted), *(joint.outcome for joint in joints)]
    worst = min(map(_rank, outcomes), default=_ORDER.index("inconclusive"))
    outcome = _ORDER[worst] if _ORDER[worst] in ("failed", "passed") else "inconclusive"
    reasons = [
        f"{run.box}: {run.scenario} {run.outcome}: {_why(run) or 'no reason was recorded'}"
        + (f"; mostly {run.process}" if run.process and "mostly" not in "".join(run.reasons[:1]) else "")
        for run in sorted(counted, key=lambda run: _rank(run.outcome))
        if run.outcome != "passed"
    ]
    reasons += [f"the load on {joint.server}: {reason}" for joint in joints for reason in joint.reasons]
    if not counted:
        reasons = ["nothing was run"]
    codes = {"passed": ExitCode.PASSED, "failed": ExitCode.FAILED}
    code = codes.get(outcome, ExitCode.INCONCLUSIVE)
    return FleetVerdict(outcome, int(code), tuple(reasons), tuple(find_outliers(counted, labels)), tuple(joints))


def _why(run: BoxRun) -> str:
    """The first reason; where nothing could be judged the next one as well, which says why."""
    return "; ".join(run.reasons[: 2 if run.outcome == "inconclusive" else 1])


def _rank(outcome: str) -> int:
    return _ORDER.index(outcome) if outcome in _ORDER else _ORDER.index("inconclusive")


def find_outliers(runs: Sequence[BoxRun], labels: Mapping[str, Mapping[str, Any]]) -> list[Outlier]:
    """Metrics of boxes that lie far from the median of the same scenario on the others, the farthest first."""
    found: list[Outlier] = []
    for scenario in dict.fromkeys(run.scenario for run in runs):
        peers = [run for run in runs if run.scenario == scenario]
        for metric in sorted({name for run in peers for name in run.means}):
            found += _far_ones(scenario, metric, {r.box: r.means[metric] for r in peers if metric in r.means}, labels)
    return sorted(found, key=lambda outlier: -outlier.sigmas)


def _far_ones(
    scenario: str, metric: str, values: Mapping[str, float], labels: Mapping[str, Mapping[str, Any]]
) -> Iterable[Outlier]:
    if len(values) < PEERS_LEAST:
        return
    median = statistics.median(values.values())
    spread = _TO_SIGMA * statistics.median(abs(value - median) for value in values.values())
    least = max(spread, abs(median) * SLIGHT / FAR, _NOTHING.get(_unit(metric), 1e-12) / FAR)
    far = [box for box, value in values.items() if abs(value - median) / least > FAR]
    for side in ([box for box in far if values[box] > median], [box for box in far if values[box] < median]):
        why = explain(side, list(values), labels)
        for box in side:
            yield Outlier(box, scenario, metric, values[box], median, abs(values[box] - median) / least, why)


def _unit(metric: str) -> str:
    return BUILT_IN[metric].unit if metric in BUILT_IN else ""


def explain(some: Sequence[str], all_of: Sequence[str], labels: Mapping[str, Mapping[str, Any]]) -> str:
    """Labels that all of some boxes have and none of the others, such as ``kernel 6.1``.

    Where no single label tells several of them apart, two that no other box has both of: ``kernel 6.1 with size
    small``. One box alone differs from the others in some pair of labels too easily for that to explain anything.
    """
    others = [set(labels.get(box, {}).items()) for box in all_of if box not in some]
    if not some or not others:
        return ""
    shared = set.intersection(*(set(labels.get(box, {}).items()) for box in some))
    alone = shared.difference(*others)
    if alone or len(some) == 1:
        return ", ".join(f"{name} {value}" for name, value in sorted(alone, key=str))
    pairs = (pair for pair in combinations(sorted(shared, key=str), 2) if not any(set(pair) <= one for one in others))
    return next((f"{a} {b} with {c} {d}" for (a, b), (c, d) in pairs), "")
