"""A job for GitLab CI."""

import json
import math
from typing import Final

from stresstui.ci.plan import Plan
from stresstui.core.model.units import format_duration

_VENV: Final = (
    "apt-get update -qq && apt-get install -y -qq python3-venv && python3 -m venv /opt/venv && . /opt/venv/bin/activate"
)
"""Rust's image has no pip of its own."""


def job_of(plan: Plan) -> str:
    """The file, YAML. The schedule itself is made on GitLab's page for it: no file can say it."""
    minutes = math.ceil(plan.job_s / 60)
    tags = f"  tags: [{json.dumps(plan.where)}]\n" if plan.where else ""
    image = "rust:1.90" if plan.uses_rust else "python:3.12"
    before = [
        *([_VENV] if plan.uses_rust else []),
        plan.install,
        f"stresstui doctor --scenario {plan.scenario.name} || true",
    ]
    listed = "".join(f"    - {json.dumps(line)}\n" for line in before)
    return (
        f"# stresstui ci gitlab --scenario {plan.scenario.name}\n"
        f"# It takes {format_duration(plan.duration)}: the runner's maximum timeout has to allow {minutes} minutes.\n"
        f"# Schedule it under Build > Pipeline schedules, with {plan.schedule}\n"
        f"stress-test:\n  image: {image}\n{tags}"
        "  rules:\n"
        '    - if: $CI_PIPELINE_SOURCE == "schedule"\n'
        '    - if: $CI_PIPELINE_SOURCE == "web"\n'
        f"  timeout: {minutes} minutes\n"
        f"  before_script:\n{listed}"
        f"  script:\n    - {json.dumps(plan.command)}\n"
        "  artifacts:\n"
        "    when: always\n"
        "    paths: [reports/stress-tests/]\n"
        "    reports:\n"
        "      junit: reports/stress-tests/*/junit.xml\n"
    )
