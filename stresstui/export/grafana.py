"""A dashboard for Grafana that fits the endpoint: the guide's metrics, those that are judged, and the criteria."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from stresstui.core.criteria.rule import parse_rule
from stresstui.core.model.metric import infer
from stresstui.core.model.scenario import Scenario
from stresstui.export.naming import PREFIX, exposed

_VITALS: Final = ("rss", "fds", "established", "throughput", "cpu", "close_wait")
_BY_ROLE: Final = ("rss", "fds", "threads")
_LEVELS: Final = ("min", "max", "last", "mean", "p50", "p95", "p99")
_UNITS: Final = {"bytes": "bytes", "bytes/s": "Bps", "%": "percentunit", "ms": "s", "s": "s", "count/s": "ops"}
_SOURCE: Final = {"type": "prometheus", "uid": "${source}"}
_ROW: Final = 8
_HALF: Final = 12


class _Chosen(NamedTuple):
    """Which series a dashboard is about."""

    labels: str
    """What chooses them, as PromQL has it between braces."""
    legend: str = ""
    """What tells those of a panel apart, before the name."""


def dashboard_of(scenario: Scenario) -> dict[str, Any]:
    """The dashboard of a scenario, to be written as JSON."""
    chosen = _Chosen(f'scenario="{scenario.name}", run="$run"')
    run = _variable("run", "Run", f'label_values({PREFIX}run_live{{scenario="{scenario.name}"}}, run)')
    return _dashboard(f"stresstui {scenario.name}", [scenario], chosen, [run])


def fleet_dashboard(name: str, scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """The dashboard of a fleet: every box in each panel, and which box and which scenario to choose."""
    chosen = _Chosen('fleet=~"$fleet", box=~"$box", scenario=~"$scenario"', "{{box}} {{scenario}} ")
    variables = [
        _variable("fleet", "Fleet", f"label_values({PREFIX}run_live, fleet)"),
        _variable("box", "Box", f'label_values({PREFIX}run_live{{fleet=~"$fleet"}}, box)', several=True),
        _variable("scenario", "Scenario", f'label_values({PREFIX}run_live{{fleet=~"$fleet"}}, scenario)', several=True),
    ]
    return _dashboard(f"stresstui {name}", scenarios, chosen, variables)


def _dashboard(
    title: str, scenarios: Sequence[Scenario], chosen: _Chosen, variables: list[dict[str, Any]]
) -> dict[str, Any]:
    rules = (parse_rule(spec.rule) for scenario in scenarios for spec in scenario.criteria)
    judged = [name for rule in rules if (name := rule.metric)]
    names = [name for name in dict.fromkeys((*_VITALS, *judged)) if not name.startswith("_")]
    panels = [_criteria(chosen), *(_panel(scenarios, name, place, chosen) for place, name in enumerate(names))]
    return {
        "title": title,
        "uid": title.replace(" ", "-")[:40],
        "tags": ["stresstui"],
        "schemaVersion": 39,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {
            "list": [{"type": "datasource", "name": "source", "label": "Source", "query": "prometheus"}, *variables]
        },
        "panels": panels,
    }


def _variable(name: str, label: str, query: str, *, several: bool = False) -> dict[str, Any]:
    every = {"multi": True, "includeAll": True, "current": {"text": "All", "value": "$__all"}} if several else {}
    return {
        "type": "query", "name": name, "label": label, "datasource": _SOURCE, "refresh": 2, "sort": 2, "query": query,
        **every,
    }  # fmt: skip


def _criteria(chosen: _Chosen) -> dict[str, Any]:
    shown = {
        "type": "value",
        "options": {"0": {"text": "ok", "color": "green"}, "1": {"text": "breached", "color": "red"}},
    }
    return {
        "id": 1, "type": "state-timeline", "title": "Criteria", "datasource": _SOURCE,
        "gridPos": {"x": 0, "y": 0, "w": 2 * _HALF, "h": _ROW},
        "targets": [{"refId": "A", "expr": f"{PREFIX}criterion_breached{{{chosen.labels}}}",
                     "legendFormat": f"{chosen.legend}{{{{criterion}}}}"}],
        "fieldConfig": {"defaults": {"mappings": [shown]}, "overrides": []},
    }  # fmt: skip


def _panel(scenarios: Sequence[Scenario], name: str, place: int, chosen: _Chosen) -> dict[str, Any]:
    metric = next((found for scenario in scenarios if (found := scenario.metric(name))), None) or infer(name)
    shown = exposed(metric)
    role = ', role="sut"' if name in _BY_ROLE else ""
    series = f"{shown.sample}{{{chosen.labels}{role}}}"
    steps: list[dict[str, Any]] = [{"value": None, "color": "green"}]
    steps += [{"value": limit * shown.factor, "color": "red"} for limit in _limits(scenarios, name)]
    return {
        "id": place + 2, "type": "timeseries", "title": metric.title, "datasource": _SOURCE,
        "gridPos": {"x": _HALF * (place % 2), "y": _ROW * (1 + place // 2), "w": _HALF, "h": _ROW},
        "targets": [{"refId": "A", "expr": f"rate({series}[1m])" if shown.counter else series,
                     "legendFormat": f"{chosen.legend}{name}"}],
        "fieldConfig": {"defaults": {
            "unit": _UNITS.get(metric.unit, "short"), "custom": {"thresholdsStyle": {"mode": "line"}},
            "thresholds": {"mode": "absolute", "steps": steps},
        }, "overrides": []},
    }  # fmt: skip


def _limits(scenarios: Sequence[Scenario], name: str) -> list[float]:
    rules = (parse_rule(spec.rule) for scenario in scenarios for spec in scenario.criteria)
    return sorted({rule.threshold.value for rule in rules if rule.metric == name and rule.aggregate in _LEVELS})
