"""The sentence that explains a judgement."""

from stresstui.core.growth.ending import Ending
from stresstui.core.growth.judgement import State
from stresstui.core.growth.kind import Kind
from stresstui.core.growth.tuning import TUNING
from stresstui.core.growth.window_tests import Objection, WindowFinding
from stresstui.core.model.units import signed

AGAINST = {
    Objection.SMALL: "no rise that is both certain and large enough to matter",
    Objection.ENVELOPE: "the peaks move but the floor under them does not",
    Objection.SLOWING: "the later half rises more slowly than the earlier half",
    Objection.STILL: "it stands still now, for longer than ever while it rose",
    Objection.RETURN: "it only comes back to a level that it had before",
    Objection.STEPS: "a few steps explain it better than a steady rise",
    Objection.SEASON: "it repeats, and its floor does not rise",
}
GROWING = ("not yet for long enough to call it a leak", "a leak if nothing follows")
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
ENDED = {Ending.BACK: "has given half of that back", Ending.RESTS: "goes on far more slowly, if at all"}

YOUNG = f", but what only fills up does so too: a leak if it goes on until {TUNING.straight_fill_s / MINUTE:.0f} min"


def span(seconds: float) -> str:
    """Say a length of time shortly."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    return f"{seconds / MINUTE:.0f} min" if seconds < 2 * HOUR else f"{seconds / HOUR:.1f} h"


def amount(kind: Kind, per_hour: float, unit: str = "") -> str:
    """Say a slope as everything else of its unit is said; of a gauge ``unit`` is the base unit."""
    if kind in {Kind.RSS, Kind.BYTES_UP, Kind.BYTES_DOWN} or unit == "bytes":
        return _scaled(per_hour, 1024.0, ("", "Ki", "Mi", "Gi"), "B/h")
    if kind is Kind.THROUGHPUT or unit == "bytes/s":
        return _scaled(per_hour, 1000.0, ("", "k", "M", "G"), "B/s/h")
    shown = "" if unit in {"", "count"} else f" {unit}" if unit[:1].isalpha() else unit
    return f"{signed(per_hour)}{shown}/h"


def _scaled(number: float, step: float, prefixes: tuple[str, ...], unit: str) -> str:
    for prefix in prefixes[:-1]:
        if abs(number) < step:
            return f"{signed(number)} {prefix}{unit}"
        number /= step
    return f"{signed(number)} {prefixes[-1]}{unit}"


def explain(  # noqa: PLR0917  # the facts of one sentence
    kind: Kind,
    state: State,
    finding: WindowFinding,
    slope: float | None,
    active: float,
    resolvable: float | None,
    end: Ending,
    unit: str = "",
) -> str:
    """Say in one sentence why a metric is in this state; ``unit`` is a gauge's."""
    if finding.window is None or slope is None or resolvable is None:
        return f"Only {span(active)} observed: too short to judge."
    rate, seen = amount(kind, slope, unit), span(finding.window.span)
    verb = "Falling" if kind.sign < 0 else "Rising"
    least = amount(kind, resolvable, unit).removeprefix("+")
    last = Objection.STILL if Objection.STILL in finding.objections else next(reversed(finding.objections), None)
    against = AGAINST[last] if last else "it has risen for too short a time"
    match state:
        case State.LEAKING if finding.rising and end in {Ending.LEAK, Ending.YOUNG}:
            return f"{verb} steadily at {rate} over the last {seen}{YOUNG if end is Ending.YOUNG else ''}."
        case State.LEAKING:
            kept = "has not recovered" if kind.sign < 0 else "has not given that back"
            return f"Was {verb.lower()} steadily and {ENDED.get(end, kept)} ({rate} over the last {seen})."
        case State.GROWING:
            return f"{verb} at {rate} over the last {seen}, {GROWING[end is Ending.LEAK]}."
        case State.STEADY:
            return f"Steady over {seen} ({rate}): {against}; {least} would have shown."
        case _:
            return f"{rate} over {seen}, but {against}."
