"""A dashboard for Grafana that fits the endpoint: the guide's metrics, those that are judged, and the criteria."""

from typing import Any, Final

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


def dashboard_of(scenario: Scenario) -> dict[str, Any]:
    """The dashboard, to be written as JSON."""
    judged = [name for spec in scenario.criteria if (name := parse_rule(spec.rule).metric)]
    names = [name for name in dict.fromkeys((*_VITALS, *judged)) if not name.startswith("_")]
    panels = [_criteria(scenario), *(_panel(scenario, name, place) for place, name in enumerate(names))]
    variable = {"type": "query", "name": "run", "label": "Run", "datasource": _SOURCE, "refresh": 2, "sort": 2,
                "query": f'label_values({PREFIX}run_live{{scenario="{scenario.name}"}}, run)'}  # fmt: skip
    return {
        "title": f"stresstui {scenario.name}",
        "uid": f"stresstui-{scenario.name}"[:40],
        "tags": ["stresstui"],
        "schemaVersion": 39,
        "refresh": "10s",
        "time": {"from": "now-1h", "to": "now"},
        "templating": {
            "list": [{"type": "datasource", "name": "source", "label": "Source", "query": "prometheus"}, variable]
        },
        "panels": panels,
    }


def _criteria(scenario: Scenario) -> dict[str, Any]:
    shown = {
        "type": "value",
        "options": {"0": {"text": "ok", "color": "green"}, "1": {"text": "breached", "color": "red"}},
    }
    return {
        "id": 1, "type": "state-timeline", "title": "Criteria", "datasource": _SOURCE,
        "gridPos": {"x": 0, "y": 0, "w": 2 * _HALF, "h": _ROW},
        "targets": [{"refId": "A", "expr": f'{PREFIX}criterion_breached{{scenario="{scenario.name}", run="$run"}}',
                     "legendFormat": "{{criterion}}"}],
        "fieldConfig": {"defaults": {"mappings": [shown]}, "overrides": []},
    }  # fmt: skip


def _panel(scenario: Scenario, name: str, place: int) -> dict[str, Any]:
    metric = scenario.metric(name) or infer(name)
    shown = exposed(metric)
    role = ', role="sut"' if name in _BY_ROLE else ""
    series = f'{shown.sample}{{scenario="{scenario.name}", run="$run"{role}}}'
    steps: list[dict[str, Any]] = [{"value": None, "color": "green"}]
    steps += [{"value": limit * shown.factor, "color": "red"} for limit in _limits(scenario, name)]
    return {
        "id": place + 2, "type": "timeseries", "title": metric.title, "datasource": _SOURCE,
        "gridPos": {"x": _HALF * (place % 2), "y": _ROW * (1 + place // 2), "w": _HALF, "h": _ROW},
        "targets": [{"refId": "A", "expr": f"rate({series}[1m])" if shown.counter else series, "legendFormat": name}],
        "fieldConfig": {"defaults": {
            "unit": _UNITS.get(metric.unit, "short"), "custom": {"thresholdsStyle": {"mode": "line"}},
            "thresholds": {"mode": "absolute", "steps": steps},
        }, "overrides": []},
    }  # fmt: skip


def _limits(scenario: Scenario, name: str) -> list[float]:
    rules = (parse_rule(spec.rule) for spec in scenario.criteria)
    return sorted({rule.threshold.value for rule in rules if rule.metric == name and rule.aggregate in _LEVELS})
