"""Rules and dashboards: for every scenario that there is, read by Prometheus' own tool where it is installed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from stresstui.catalogue import list_scenarios, load
from stresstui.core.model.scenario import Scenario
from stresstui.export.grafana import dashboard_of, fleet_dashboard
from stresstui.export.rules import rules_of
from tests.core.story import specs

NAMES = [entry.name for entry in list_scenarios() if entry.origin == "built-in"]


@pytest.mark.parametrize("name", NAMES)
def test_each_criterion_has_a_rule(name: str) -> None:
    scenario = load(name)
    rules = yaml.safe_load(rules_of(scenario))["groups"][0]["rules"]
    assert len({rule["alert"] for rule in rules}) == len(rules) == len(scenario.criteria) + 2
    for spec, rule in zip(scenario.criteria, rules, strict=False):
        assert f'criterion="{spec.id}"' in rule["expr"]
        assert spec.rule in rule["annotations"]["summary"]


def test_what_a_criterion_measures_is_told_in_the_unit_of_its_rule() -> None:
    rules = yaml.safe_load(rules_of(load("ech_24h")))["groups"][0]["rules"]
    told = {rule["alert"]: rule["annotations"].get("description", "") for rule in rules}
    memory, files, share = (
        told[f"StresstuiEch24h{name}"]
        for name in (
            "MemoryUsageStableNoContinuousGrowth",
            "FileDescriptorsStableNoLeaks",
            "CPUUsageReasonable80Average",
        )
    )
    assert 'value | printf "%.4g" }} MiB/h{{ end }} (rule: ' in memory
    assert 'value | printf "%.4g" }}/h{{ end }} (rule: ' in files
    assert 'value | printf "%.4g" }}%{{ end }} (rule: ' in share


def test_the_rules_of_a_fleet_say_which_box_and_tell_two_runs_of_one_name_apart() -> None:
    groups = yaml.safe_load(rules_of(load("ech_24h"), load("tuic_24h"), by_box=True))["groups"]
    assert [group["name"] for group in groups] == ["stresstui ech_24h", "stresstui tuic_24h", "stresstui boxes"]
    assert groups.pop()["rules"][0]["expr"] == 'up{fleet!="", box!=""} == 0'
    for rule in (rule for group in groups for rule in group["rules"]):
        assert "{{ $labels.run }} on {{ $labels.box }}" in rule["annotations"]["summary"]
        assert "box=%q" in rule["annotations"].get("description", "box=%q")


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_takes_them_all(tmp_path: Path) -> None:
    hostile = Scenario(name='odd "name" {{', criteria=specs("max(rss) < 1MiB"))
    paths = []
    for number, scenario in enumerate([*map(load, NAMES), hostile]):
        paths.append(tmp_path / f"{number}.yml")
        paths[-1].write_text(rules_of(scenario))
    paths.append(tmp_path / "fleet.yml")
    paths[-1].write_text(rules_of(*map(load, NAMES), hostile, by_box=True))
    done = subprocess.run(["promtool", "check", "rules", *map(str, paths)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_dashboard_shows_the_guide_s_metrics_and_what_is_judged(name: str) -> None:
    board = json.loads(json.dumps(dashboard_of(load(name))))
    expressions = [panel["targets"][0]["expr"] for panel in board["panels"]]
    assert any(text.startswith("stresstui_rss_bytes{") for text in expressions)
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_the_dashboard_of_a_fleet_tells_boxes_and_scenarios_apart() -> None:
    board = fleet_dashboard("ours", [load("ech_24h"), load("tuic_24h")])
    assert [one["name"] for one in board["templating"]["list"]] == ["source", "fleet", "box", "scenario"]
    assert all('box=~"$box"' in panel["targets"][0]["expr"] for panel in board["panels"])
    assert all("{{box}}" in panel["targets"][0]["legendFormat"] for panel in board["panels"])
    titles = [panel["title"] for panel in board["panels"]]
    assert len(titles) == len(set(titles))
