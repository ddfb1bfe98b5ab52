"""The rule language of criteria.

    rule       = measure operator threshold { clause }  |  "settles" "(" metric ")"
               | "vs" "(" "baseline" "," metric ")" operator percent [ "after" duration ]
    measure    = aggregate "(" metric [ "," window ] ")"  |  "growth" "(" metric "," "per=" counter ")"  |  fact
    aggregate  = "mean" | "min" | "max" | "last" | "p50" | "p95" | "p99" | "cv"      of a gauge or a rate
               | "rate" | "count"                                                    of a counter
               | "growth"                                                            of a gauge or a rate, per time
    fact       = "exit_status" | "tests_run" | "tests_failed" | "duration"           judged when the run has ended
    operator   = "<" | "<=" | ">" | ">=" | "==" | "!="
    threshold  = a quantity: 512MiB, 80%, 100/s, 1MiB/h, 0
    clause     = "for" duration      crossed for so long before it is a breach; not for facts
               | "after" duration    not judged in the first part of the soak; not for facts
    window, duration = 10s, 5m, 24h

Without a window an aggregate covers the soak so far: an extreme is then judged at every reading, a mean, a percentile,
a rate and ``last`` when the soak has ended, or as soon as the rest of it can no longer change the answer. ``last`` with
``for`` is judged at every reading, too.
With a window it is judged at every reading over the time just passed; ``growth`` is then the plain slope over that
time, without the question whether it will last. With ``per=`` growth is per unit of work, such as descriptors per
connection, and has to go on as the work does; a lower limit, as ``> -64B``, forbids that it falls so. ``count`` covers
the whole run from warm-up on. ``cv`` is the variation coefficient, standard deviation over mean, in percent.
``settles`` asks whether a metric is back at its baseline when
cool-down ends. ``vs(baseline, m) < +10%`` holds the mean of the soak against that of the runs which are kept as the
scenario's baseline; without one it is inconclusive, and so it is past the limit where an equal run may be as far off.
"""

import operator
import re
from collections.abc import Callable
from functools import partial
from typing import Final

import msgspec

from stresstui.core.criteria.meant import order_meant, sign_meant, word_meant
from stresstui.core.model.metric import Metric, MetricKind
from stresstui.core.model.scenario import Scenario
from stresstui.core.model.units import Quantity, UnitError, parse_duration, parse_quantity

_SAME_NAME: Final = 0.6
_SAME_COUNTER: Final = 0.85
"""Part of the letters that the name of a counter and what was meant by it have in common."""
GAUGE_AGGREGATES: Final = ("mean", "min", "max", "last", "p50", "p95", "p99", "cv")
COUNTER_AGGREGATES: Final = ("rate", "count")
AGGREGATES: Final = (*GAUGE_AGGREGATES, *COUNTER_AGGREGATES, "growth", "settles")
VERSUS: Final = "vs"
"""What holds a metric against the baseline."""
FACTS: Final = ("exit_status", "tests_run", "tests_failed", "duration")
OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": operator.le, ">=": operator.ge, "==": operator.eq, "!=": operator.ne, "<": operator.lt, ">": operator.gt,
}  # fmt: skip

_ALWAYS: Final = (("max", "<"), ("max", "<="), ("min", ">"), ("min", ">="))
_MIRRORED: Final = {
    "<=": operator.ge, ">=": operator.le, "==": operator.eq, "!=": operator.ne, "<": operator.gt, ">": operator.lt,
}  # fmt: skip
_NO_QUANTITY: Final = Quantity(0.0, "", "count", 1.0)
_CALL: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*\(\s*([A-Za-z_]\w*)\s*(?:,\s*([^)\s]+)\s*)?\)\s*", re.ASCII)
_FACT: Final = re.compile(r"\s*([A-Za-z_]\w*)\s*", re.ASCII)
_LIMIT: Final = re.compile(r"(<=|>=|==|!=|<|>)\s*(\S+(?:\s+(?!for\b|after\b)[A-Za-z%/]+)?)\s*", re.ASCII)
_CLAUSE: Final = re.compile(r"(for|after)\s+(\S+)\s*", re.ASCII)


class RuleError(ValueError):
    """Raised for a rule that is wrong in itself or does not fit its metric; the message says the mend."""


class Rule(msgspec.Struct, frozen=True):
    """A parsed rule."""

    text: str
    """The rule as written."""
    aggregate: str
    """One of AGGREGATES, or ``fact``."""
    metric: str
    """The metric, or the fact, that it reads."""
    window: float | None
    """Seconds of the trailing window; None = the soak so far."""
    operator: str
    """One of OPERATORS."""
    threshold: Quantity
    """The limit."""
    hold: float
    """Seconds that it has to be crossed before that is a breach."""
    after: float
    """Seconds of the soak that are not judged."""
    per: str = ""
    """The counter of the work that growth is measured by; empty = growth in time."""

    def holds(self, value: float) -> bool:
        """Whether a value in base units is on the right side of the threshold."""
        return OPERATORS[self.operator](value, self.threshold.value)

    def test(self) -> Callable[[float], bool]:
        """Make a fast test of a value in base units: the same answer as ``holds``."""
        return partial(_MIRRORED[self.operator], self.threshold.value)

    @property
    def always(self) -> bool:
        """True where each value of the soak has to keep it; ``last`` asks that only with ``for``."""
        return (self.aggregate, self.operator) in _ALWAYS or (self.aggregate == "last" and self.hold > 0)

    @property
    def lower(self) -> bool:
        """True where the threshold is a lower limit."""
        return self.operator in (">", ">=")

    @property
    def upper(self) -> bool:
        """True where the threshold is an upper limit."""
        return self.operator in ("<", "<=")


def parse_rule(text: str) -> Rule:
    """Read a rule; raise RuleError with the place and the mend."""
    call = _CALL.match(text)
    if call is not None:
        return _parse_call(text, call)
    fact = _FACT.match(text)
    if fact is None or fact[1] not in FACTS:
        raise RuleError(f"'{text}': {_no_measure(text, fact[1] if fact else '')}")
    sign, threshold, hold, after = _parse_limit(text, fact.end())
    if hold or after:
        raise RuleError(f"'{text}': {fact[1]} is judged once, when the run has ended; leave out 'for' and 'after'")
    return Rule(text, "fact", fact[1], None, sign, threshold, 0.0, 0.0)


def _no_measure(text: str, word: str) -> str:
    """Why a rule does not begin with a measure, and how it would."""
    close = word_meant(word) if word_meant(word) in FACTS else next(iter(_alike(word, FACTS)), "")
    meant = f"did you mean '{close}'?" if close else order_meant(text, AGGREGATES)
    if not word:
        return meant or "a rule begins with a measure such as max(rss) or exit_status"
    return f"'{word}' is neither {', '.join(FACTS)} nor a measure such as max(rss)" + (f"; {meant}" if meant else "")


def _parse_call(text: str, call: re.Match[str]) -> Rule:
    aggregate, metric, window_text = call.groups()
    if aggregate == VERSUS:
        return _parse_versus(text, call)
    if aggregate not in AGGREGATES:
        raise RuleError(f"'{text}': unknown aggregate '{aggregate}'{_hint(aggregate, (*AGGREGATES, VERSUS))}")
    if aggregate == "settles":
        if call.end() != len(text) or window_text:
            raise RuleError(f"'{text}': settles(metric) takes no window and no threshold")
        return Rule(text, aggregate, metric, None, "<=", _NO_QUANTITY, 0.0, 0.0)
    per = window_text.removeprefix("per=") if window_text and window_text.startswith("per=") else ""
    if per and aggregate != "growth":
        raise RuleError(f"'{text}': only growth() is measured per work; write growth({metric}, per={per})")
    window = _duration(text, window_text) if window_text and not per else None
    if window == 0:
        raise RuleError(f"'{text}': a window of 0 s holds nothing; write one such as {aggregate}({metric}, 10s)")
    if window is not None and aggregate == "count":
        raise RuleError(f"'{text}': count() takes no window; write count({metric})")
    sign, threshold, hold, after = _parse_limit(text, call.end())
    return Rule(text, aggregate, metric, window, sign, threshold, hold, after, per)


def _parse_versus(text: str, call: re.Match[str]) -> Rule:
    _, base, metric = call.groups()
    if base != "baseline" or not metric or not metric.isidentifier():
        raise RuleError(f"'{text}': write vs(baseline, METRIC) < +10%")
    sign, threshold, hold, after = _parse_limit(text, call.end())
    if threshold.dimension != "%":
        raise RuleError(f"'{text}': vs(baseline, {metric}) is judged in percent of the baseline; write < +10%")
    if hold:
        raise RuleError(f"'{text}': vs() is judged over the soak as a whole; leave out 'for'")
    return Rule(text, VERSUS, metric, None, sign, threshold, 0.0, after)


def _parse_limit(text: str, start: int) -> tuple[str, Quantity, float, float]:
    if meant := sign_meant(text[start:]):
        raise RuleError(f"'{text}': {meant}")
    limit = _LIMIT.match(text, start)
    if limit is None:
        raise RuleError(
            f"'{text}': expected an operator and a threshold, such as < 80%, after '{text[:start].strip()}'"
        )
    try:
        threshold = parse_quantity(limit[2])
    except UnitError as error:
        raise RuleError(f"'{text}': {error}") from None
    clauses = _parse_clauses(text, limit.end())
    return limit[1], threshold, clauses.get("for", 0.0), clauses.get("after", 0.0)


def _parse_clauses(text: str, place: int) -> dict[str, float]:
    clauses: dict[str, float] = {}
    while place < len(text):
        clause = _CLAUSE.match(text, place)
        if clause is None or clause[1] in clauses:
            raise RuleError(f"'{text}': expected 'for DURATION' or 'after DURATION', once each, at '{text[place:]}'")
        clauses[clause[1]] = _duration(text, clause[2])
        if not clauses[clause[1]]:
            raise RuleError(f"'{text}': '{clause[1]} {clause[2]}' asks for no time at all; leave it out")
        place = clause.end()
    return clauses


def _duration(text: str, written: str) -> float:
    try:
        return parse_duration(written)
    except UnitError as error:
        raise RuleError(f"'{text}': {error}") from None


def _hint(word: str, known: tuple[str, ...] | list[str]) -> str:
    close = [meant] if (meant := word_meant(word)) in known else _alike(word, known)
    return f"; did you mean '{close[0]}'?" if close else f"; known are {', '.join(known)}"


def _alike(word: str, known: tuple[str, ...] | list[str], least: float = _SAME_NAME) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415 - who writes no mistake needs it never

    return get_close_matches(word.lower(), known, n=1, cutoff=least)


def check_rule(rule: Rule, scenario: Scenario) -> Rule:
    """Fit a rule to its metric in that scenario; raise RuleError where kind or unit do not match."""
    metric = scenario.metric(rule.metric)
    if metric is None:
        names = scenario.metric_names()
        # All counters end alike, and most that are not known are the program's own.
        least = _SAME_COUNTER if rule.metric.endswith("_total") else _SAME_NAME
        close = [meant] if (meant := word_meant(rule.metric)) in names else _alike(rule.metric, names, least)
        own = f"[metrics.{rule.metric}] declares one of the program's own"
        hint = f"did you mean '{close[0]}'?" if close else f"'stresstui metrics' lists them, {own}"
        raise RuleError(f"'{rule.text}': unknown metric '{rule.metric}'; {hint}")
    _check_kind(rule, metric)
    _check_work(rule, scenario)
    return _fit_unit(rule, metric)


def _check_work(rule: Rule, scenario: Scenario) -> None:
    """What growth is measured by has to be a counter, and grows without a limit only where that is asked for."""
    if not rule.per:
        return
    work = scenario.metric(rule.per)
    if work is None or work.kind is not MetricKind.COUNTER:
        counters = [n for n in scenario.metric_names() if (m := scenario.metric(n)) and m.kind is MetricKind.COUNTER]
        mend = _hint(rule.per, counters)
        if work is None:
            mend += f"; what the workload reports is declared under [metrics]: {rule.per} = {{}}"
        raise RuleError(f"'{rule.text}': per= needs a counter of work{mend}")
    if not (rule.upper or rule.lower):
        raise RuleError(f"'{rule.text}': growth per work is judged against a limit; write < or >")
    if rule.lower and rule.threshold.value > 0:
        raise RuleError(f"'{rule.text}': a lower limit forbids a fall per work; write one such as > -{rule.threshold}")


def _check_kind(rule: Rule, metric: Metric) -> None:
    counter = metric.kind is MetricKind.COUNTER
    if rule.aggregate in COUNTER_AGGREGATES and not counter:
        raise RuleError(
            f"'{rule.text}': {metric.name} is a {metric.kind}, and {rule.aggregate}() needs a counter;"
            f" use one of {', '.join(GAUGE_AGGREGATES)}"
        )
    if rule.aggregate not in (*COUNTER_AGGREGATES, "fact") and counter:
        raise RuleError(
            f"'{rule.text}': {metric.name} is a counter, and {rule.aggregate}() needs a gauge or a rate;"
            f" use rate({metric.name}) or count({metric.name})"
        )


def measured_unit(rule: Rule, metric: Metric) -> str:
    """The base unit of what the rule measures."""
    if rule.aggregate in ("cv", VERSUS):
        return "%"
    if rule.aggregate == "rate" or (rule.aggregate == "growth" and not rule.per):
        return metric.unit + "/s"
    return metric.unit


def _fit_unit(rule: Rule, metric: Metric) -> Rule:
    threshold = rule.threshold
    if rule.aggregate == "settles" or (threshold.number == 0 and not threshold.unit):
        return rule
    wanted, given = measured_unit(rule, metric), threshold.dimension
    if given == wanted:
        return rule
    if wanted.startswith("ms") and given == wanted.replace("ms", "s", 1):
        fitted = msgspec.structs.replace(threshold, dimension=wanted, scale=threshold.scale * 1000.0)
        return msgspec.structs.replace(rule, threshold=fitted)
    shape = _EXAMPLES.get(wanted, wanted)
    raise RuleError(f"'{rule.text}': the threshold '{threshold}' is not in {wanted}; write one such as {shape}")


_EXAMPLES: Final = {
    "bytes": "512MiB", "bytes/s": "50MB/s or 1MiB/h", "bytes/s/s": "1MB/s/h", "count": "100", "count/s": "100/s or 1/h",
    "%": "80%", "%/s": "1%/h", "s": "30s", "ms": "20ms", "ms/s": "1ms/h",
}  # fmt: skip
