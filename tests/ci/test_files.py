"""Files for CI: valid by the schemas of those who read them, for every scenario."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml

from stresstui.catalogue import list_scenarios, load
from stresstui.ci.github import workflow_of
from stresstui.ci.gitlab import job_of
from stresstui.ci.plan import HOSTED_MAX_S, SPARE_S, Plan, cut

NAMES = [entry.name for entry in list_scenarios() if entry.origin == "built-in"]


def plan(name: str, **more: Any) -> Plan:
    scenario = load(name)
    return Plan(scenario=scenario, **{"duration": scenario.duration or 3600.0, **more})


def check(kind: str, folder: Path, texts: list[str]) -> None:
    paths = [folder / f"{number}.yml" for number in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    command = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", kind, *map(str, paths))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(find_spec("check_jsonschema") is None, reason="check-jsonschema is not installed")
def test_every_file_is_valid(tmp_path: Path) -> None:
    plans = [plan(name) for name in NAMES]
    plans += [cut(plan("ech_24h")), plan("ech_24h", where="big", install='echo "a: b" && pip install x')]
    check("vendor.github-workflows", tmp_path, [workflow_of(one) for one in plans])
    check("vendor.gitlab-ci", tmp_path, [job_of(one) for one in plans])


def test_what_is_too_long_for_a_hosted_machine_says_why_and_goes_elsewhere() -> None:
    text = workflow_of(plan("ech_24h"))
    job = yaml.safe_load(text)["jobs"]["stress-test"]
    assert job["runs-on"] == "self-hosted"
    assert job["timeout-minutes"] * 60 > 24 * 3600
    assert "after 6 hours" in text


def test_a_short_one_is_hosted() -> None:
    job = yaml.safe_load(workflow_of(plan("high_connection_rate")))["jobs"]["stress-test"]
    assert job["runs-on"] == "ubuntu-latest"
    assert any(step.get("uses") == "actions/upload-artifact@v4" and step["if"] == "always()" for step in job["steps"])


def test_a_series_fits_part_by_part_and_is_joined() -> None:
    one = cut(plan("ech_24h"))
    jobs = yaml.safe_load(workflow_of(one))["jobs"]
    assert jobs["stress-test"]["strategy"]["matrix"]["part"] == [1, 2, 3, 4, 5]
    assert jobs["stress-test"]["runs-on"] == "ubuntu-latest"
    assert one.job_s <= HOSTED_MAX_S
    assert one.command == "stresstui run ech_24h --headless --duration 4h48m"
    assert jobs["report"]["needs"] == "stress-test"


def test_a_job_has_time_for_its_cool_down() -> None:
    one = plan("ech_24h")
    assert one.scenario.cool_down > 0
    assert one.job_s == one.duration + one.scenario.cool_down + SPARE_S


def test_gitlab_reads_the_junit() -> None:
    job = yaml.safe_load(job_of(plan("fd_leak", runner="lab")))["stress-test"]
    assert job["artifacts"]["reports"]["junit"] == "reports/stress-tests/*/junit.xml"
    assert job["script"] == ["stresstui run fd_leak --headless --runner lab"]
