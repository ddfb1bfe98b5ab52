"""A criterion in words and shares: its limit, the room to it, and when what is open will be known."""

from typing import Final

from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model.event import Phase
from stresstui.core.model.units import format_duration, three_digits
from stresstui.core.run.state import RunState
from stresstui.core.run.too_short import soak_needed

_COMMAS_TO: Final = 1000
_WHOLE_TO: Final = 10_000
_FINAL: Final = (Verdict.PASSED, Verdict.FAILED, Verdict.INCONCLUSIVE)
_SETTLED_AT_THE_END: Final = ("settles", "fact")


def say_limit(criterion: CriterionState) -> str:
    """The threshold with its operator; what ``settles`` goes back to has no number of its own."""
    if criterion.rule.aggregate == "settles":
        return "baseline"
    return f"{criterion.rule.operator.replace('==', '=')} {criterion.rule.threshold}"


def say_value(criterion: CriterionState, *, tight: bool) -> str:
    """What was measured; ``tight`` without the unit that the limit beside it has."""
    text = criterion.shown_value
    unit = criterion.rule.threshold.unit
    return text.removesuffix(unit).rstrip() if tight and unit else text


def used_share(criterion: CriterionState) -> float | None:
    """Which part of its limit a value uses, 1 at the limit; None where that means nothing."""
    rule, value = criterion.rule, criterion.value
    limit = rule.threshold.value
    if (
        value is None
        or criterion.verdict is Verdict.NO_DATA
        or limit <= 0
        or rule.aggregate in ("settles", "fact")
        or rule.operator in ("==", "!=")
    ):
        return None
    if rule.upper:
        return None if _is_open(criterion) else max(0.0, value / limit)
    if rule.aggregate == "count":
        return None
    if rule.threshold.unit == "%":
        return None  # a share of 100 % can fall short of its limit, and hardly exceed it
    return limit / value if value > 0 else 1.0


def _is_open(criterion: CriterionState) -> bool:
    """Whether a growth has a number that settles nothing."""
    return criterion.unsettled or (criterion.verdict is Verdict.INCONCLUSIVE and criterion.rule.aggregate == "growth")


def say_margin(criterion: CriterionState, run: RunState) -> str:
    """Room to the threshold in words; where there is no verdict yet, when it will be known."""
    margin = criterion.margin
    if criterion.verdict is Verdict.NO_DATA:
        return say_awaited(criterion, run)
    if margin is None:
        return "" if criterion.value is not None or criterion.verdict in _FINAL else say_awaited(criterion, run)
    if criterion.verdict is Verdict.OPEN:
        return f"{_brief(-margin).removesuffix('.0')} to go"
    if _is_open(criterion):
        return "unsettled"
    if criterion.verdict is Verdict.PENDING and criterion.rule.aggregate == "growth":
        return "too early"
    return _within(criterion, margin) if margin >= 0 else _beyond(criterion, -margin)


def _within(criterion: CriterionState, margin: float) -> str:
    if criterion.rule.operator in ("==", "!="):
        return ""
    if criterion.rule.aggregate == "count" and not criterion.rule.upper:
        return "met"
    used = used_share(criterion)
    if used is not None:
        return f"{max(0.0, 1.0 - used):.0%} left"
    return f"{_brief(margin)} left" if margin else "at limit"


def _beyond(criterion: CriterionState, by: float) -> str:
    if criterion.rule.operator in ("==", "!="):
        return f"off by {_brief(by)}"
    return f"{_brief(by)} {'over' if criterion.rule.upper else 'short'}"


def say_awaited(criterion: CriterionState, run: RunState) -> str:
    """When a criterion without a verdict will have one."""
    if criterion.rule.aggregate in _SETTLED_AT_THE_END:
        return "at end"
    seconds = known_in(criterion, run)
    if seconds is None:
        if criterion.rule.aggregate == "growth":
            return "too early"
        return "no data" if criterion.value is None else "unsettled"  # it says little: a bound, or a busy host
    return f"in {format_duration(_rounded(seconds))}"


def known_in(criterion: CriterionState, run: RunState) -> float | None:
    """Seconds until a criterion can be judged: the rest of warm-up, and the soak that growth takes to show."""
    if run.started is None or run.phase not in (Phase.WARM_UP, Phase.SOAK):
        return None
    ahead = max(0.0, run.started.warm_up - run.elapsed) if run.phase is Phase.WARM_UP else 0.0
    needed = next((soak_needed(judge) for judge in run.judges if judge.state is criterion), 0.0)
    soaked = run.t - run.phase_began[Phase.SOAK] if run.phase is Phase.SOAK else 0.0
    left = ahead + max(0.0, needed - soaked)
    return left if left > 0 else None


def _rounded(seconds: float) -> float:
    """To what does not change with every sample: whole minutes from two minutes on, tens of seconds below."""
    step = 60.0 if seconds >= 120.0 else 10.0  # noqa: PLR2004 - the two minutes of the docstring
    return -(-seconds // step) * step


def _brief(number: float) -> str:
    """At most five characters, whatever the size."""
    if number < _COMMAS_TO:
        return three_digits(number)
    return f"{number:,.0f}" if number < _WHOLE_TO else f"{three_digits(number / 1000)}k"
