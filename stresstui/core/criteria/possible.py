"""Whether a rule can hold and can fail at all, by what its metric can be: a rule that cannot says nothing of a run."""

from typing import Final

from stresstui.core.criteria.rule import COUNTER_AGGREGATES, GAUGE_AGGREGATES, Rule, RuleError
from stresstui.core.model.metric import BUILT_IN

_ENDLESS: Final = float("inf")
_HIGHEST: Final = {"exit_status": 255.0}


def check_possible(rule: Rule) -> None:
    """Raise RuleError for a rule that never holds or never fails; ``>= 0`` asks for a number to be there."""
    reach = _reach(rule)
    if reach is None or (rule.operator == ">=" and rule.threshold.number == 0):
        return
    least, most = reach
    limit = rule.threshold.value
    outside = not least <= limit <= most
    holds = [rule.holds(value) for value in reach]
    never_holds = outside if rule.operator == "==" else rule.operator != "!=" and not any(holds)
    never_fails = outside if rule.operator == "!=" else rule.operator != "==" and all(holds)
    if not (never_holds or never_fails):
        return
    between = f"{least:g} to {most:g}" if most < _ENDLESS else f"never below {least:g}"
    what = "can never hold" if never_holds else "can never fail"
    raise RuleError(
        f"'{rule.text}': {what}, as {rule.metric} is {between}; write a limit that a run can keep and break"
    )


def _reach(rule: Rule) -> tuple[float, float] | None:
    """The least and the most that a rule may measure, base units; None where that is not known.

    What a workload reports may be negative unless it is counted.
    """
    counted = rule.aggregate in COUNTER_AGGREGATES
    own = rule.metric in BUILT_IN and rule.aggregate in (*GAUGE_AGGREGATES, "fact")
    return (0.0, _HIGHEST.get(rule.metric, _ENDLESS)) if counted or own else None
