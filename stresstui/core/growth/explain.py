"""The sentence that explains a judgement."""

from stresstui.core.growth.judgement import State
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.window_tests import Objection, WindowFinding
from stresstui.core.model.units import signed

AGAINST = {
    Objection.SMALL: "no rise that is both certain and large enough to matter",
    Objection.ENVELOPE: "the peaks move but the floor under them does not",
    Objection.SLOWING: "the later half rises more slowly than the earlier half",
    Objection.RETURN: "it only comes back to a level that it had before",
    Objection.STEPS: "a few steps explain it better than a steady rise",
    Objection.SEASON: "it repeats, and its floor does not rise",
}
GROWING = ("not yet for long enough to call it a leak", "a leak if nothing follows")
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
KIB = 1024.0


def span(seconds: float) -> str:
    """Say a length of time shortly."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.1f} h"


def amount(kind: Kind, per_hour: float) -> str:
    """Say a slope in the metric's unit."""
    unit = {Kind.RSS: "B/h", Kind.THROUGHPUT: "B/s per hour"}.get(kind, "/h")
    if kind not in {Kind.RSS, Kind.THROUGHPUT}:
        return f"{signed(per_hour)}{unit}"
    for prefix in ("", "Ki", "Mi"):
        if abs(per_hour) < KIB:
            return f"{signed(per_hour)} {prefix}{unit}"
        per_hour /= KIB
    return f"{signed(per_hour)} Gi{unit}"


def explain(  # noqa: PLR0917  # the facts of one sentence
    kind: Kind,
    state: State,
    finding: WindowFinding,
    slope: float | None,
    active: float,
    resolvable: float | None,
    *,
    leak: bool,
) -> str:
    """Say in one sentence why a metric is in this state."""
    if finding.window is None or slope is None or resolvable is None:
        return f"Only {span(active)} observed: too short to judge."
    rate, seen = amount(kind, slope), span(finding.window.span)
    verb = "Falling" if kind.sign < 0 else "Rising"
    least = amount(kind, resolvable).removeprefix("+")
    against = AGAINST[finding.objections[-1]] if finding.objections else "it has risen for too short a time"
    match state:
        case State.LEAKING if finding.rising:
            return f"{verb} steadily at {rate} over the last {seen}."
        case State.LEAKING:
            back = "recovered" if kind.sign < 0 else "given that back"
            return f"Was {verb.lower()} steadily and has not {back} ({rate} over the last {seen})."
        case State.GROWING:
            return f"{verb} at {rate} over the last {seen}, {GROWING[leak]}."
        case State.STEADY:
            return f"Steady over {seen} ({rate}): {against}; {least} would have shown."
        case _:
            return f"{rate} over {seen}, but {against}."
