"""Rules and dashboards: for every scenario that there is, read by Prometheus' own tool where it is installed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from stresstui.catalogue import list_scenarios, load
from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.export.grafana import dashboard_of
from stresstui.export.rules import rules_of
from tests.core.story import specs

NAMES = [entry.name for entry in list_scenarios() if entry.origin == "built-in"]


@pytest.mark.parametrize("name", NAMES)
def test_each_criterion_has_a_rule(name: str) -> None:
    scenario = load(name)
    rules = yaml.safe_load(rules_of(scenario))["groups"][0]["rules"]
    assert len(rules) == len(scenario.criteria) + 2
    for spec, rule in zip(scenario.criteria, rules, strict=False):
        assert f'criterion="{spec.id}"' in rule["expr"]
        assert spec.rule in rule["annotations"]["summary"]


def test_a_runner_s_rules_are_its_own_criteria_s() -> None:
    scenario = load("ech_24h")
    named = {runner: rules_of(scenario, runner) for runner in (RunnerKind.LAB, RunnerKind.CARGO)}
    for runner, own, other in (
        (RunnerKind.LAB, "keys_rotated", "ech_flows"),
        (RunnerKind.CARGO, "ech_flows", "keys_rotated"),
    ):
        assert own in named[runner]
        assert other not in named[runner]


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_takes_them_all(tmp_path: Path) -> None:
    hostile = Scenario(name='odd "name" {{', criteria=specs("max(rss) < 1MiB"))
    paths = []
    for number, scenario in enumerate([*map(load, NAMES), hostile]):
        paths.append(tmp_path / f"{number}.yml")
        paths[-1].write_text(rules_of(scenario))
    done = subprocess.run(["promtool", "check", "rules", *map(str, paths)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_dashboard_shows_the_guide_s_metrics_and_what_is_judged(name: str) -> None:
    board = json.loads(json.dumps(dashboard_of(load(name))))
    expressions = [panel["targets"][0]["expr"] for panel in board["panels"]]
    assert any(text.startswith("stresstui_rss_bytes{") for text in expressions)
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
