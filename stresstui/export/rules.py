"""Alerting rules for Prometheus that say what a scenario's criteria say.

Each asks for the criterion as stresstui judges it, which knows warm-up, certainty, a busy host and whether growth will
last: PromQL over raw values would call what the run itself does not. What it measures is in the annotation.
"""

import json
from collections import Counter
from typing import Final

from stresstui.core.criteria.rule import parse_rule
from stresstui.core.model.scenario import CriterionSpec, Scenario, Severity
from stresstui.export.naming import PREFIX

_SILENT: Final = "1m"
"""How long nobody has to answer; longer than the target of a run that ended is listed."""
_SEVERITIES: Final = {Severity.FAIL: "critical", Severity.WARN: "warning"}


def rules_of(*scenarios: Scenario, by_box: bool = False) -> str:
    """The file of rules, YAML; those of a fleet say which box they are about."""
    groups = [line for scenario in scenarios for line in _group(scenario, "box" if by_box else "")]
    groups += _of_boxes() if by_box else []
    return "\n".join(["groups:", *groups]) + "\n"


def _group(scenario: Scenario, box: str) -> list[str]:
    """The rules of a scenario; ``box`` is the label that names its box, empty where there is only one."""
    lines = [f"  - name: {_text(f'stresstui {scenario.name}')}", "    rules:"]
    on = f" on {{{{ $labels.{box} }}}}" if box else ""
    labels = ("run", "criterion", *([box] if box else []))
    which = ", ".join(f"{label}=%q" for label in labels), " ".join(f"$labels.{label}" for label in labels)
    value = f'{{{{ with printf "{PREFIX}criterion_value{{{which[0]}}}" {which[1]}'
    titles = Counter(_camel(spec.title) for spec in scenario.criteria)
    for spec in scenario.criteria:
        own = spec.title if titles[_camel(spec.title)] == 1 else f"{spec.title} {spec.id}"  # one name, one alert
        chosen = f"{{scenario={_text(scenario.name)}, criterion={_text(spec.id)}}}"
        lines += _rule(
            f"{scenario.name} {own}",
            f"{PREFIX}criterion_breached{chosen} == 1",
            _SEVERITIES[spec.severity],
            f"{_plain(spec.title)}: {_plain(spec.rule)} is broken in {{{{ $labels.run }}}}{on}",
            f'{value} | query }}}}{{{{ . | first | value | printf "%.4g" }}}}{_unit(spec)}{{{{ end }}}}'
            f" (rule: {_plain(spec.rule)})",
        )
    only = f"{{scenario={_text(scenario.name)}}}"
    lines += _rule(
        f"{scenario.name} run failed",
        f'{PREFIX}run_outcome{{scenario={_text(scenario.name)}, {PREFIX}run_outcome=~"failed|aborted"}} == 1',
        "critical",
        f"{_plain(scenario.name)}: {{{{ $labels.run }}}}{on} ended as {{{{ $labels.{PREFIX}run_outcome }}}}",
    )
    return lines + _rule(
        f"{scenario.name} run in doubt",
        f"{PREFIX}run_doubts{only} > 0",
        "warning",
        f"{_plain(scenario.name)}: {{{{ $labels.run }}}}{on} cannot pass any more",
    )


def _unit(spec: CriterionSpec) -> str:
    """The unit that follows the number, in which the rule was written; empty where it counts."""
    unit = parse_rule(spec.rule).threshold.unit
    return _plain(f" {unit}" if unit[:1].isalpha() else unit)


def _of_boxes() -> list[str]:
    """What is told of a box whatever it runs; the target of a run that ended is off the list before this."""
    return [
        "  - name: stresstui boxes",
        "    rules:",
        *_rule(
            "box silent", 'up{fleet!="", box!=""} == 0', "critical",
            "nobody answers for a run on {{ $labels.box }}: its supervisor, the box or its network is gone",
            lasting=_SILENT,
        ),
    ]  # fmt: skip


def _rule(
    name: str, expression: str, severity: str, summary: str, description: str = "", *, lasting: str = ""
) -> list[str]:
    found = [
        f"      - alert: {_text('Stresstui' + _camel(name))}",
        f"        expr: {_text(expression)}",
        *([f"        for: {lasting}"] if lasting else []),
        f"        labels: {{severity: {severity}}}",
        "        annotations:",
        f"          summary: {_text(summary)}",
    ]
    return [*found, f"          description: {_text(description)}"] if description else found


def _camel(text: str) -> str:
    """A text as one word, each of its words with a capital."""
    words = "".join(sign if sign.isalnum() else " " for sign in text).split()
    return "".join(word[:1].upper() + word[1:] for word in words)


def _plain(text: str) -> str:
    """A text in a template, in which two braces would begin an action."""
    return text.replace("{{", '{{ "{{" }}')


def _text(text: str) -> str:
    """A text in quotes, for YAML as well as for PromQL: both read what JSON writes."""
    return json.dumps(text, ensure_ascii=False)
