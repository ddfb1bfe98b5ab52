"""A workflow for GitHub Actions: the guide's ``.github/workflows/stress-tests.yml``, so that it works."""

import json
import math
from typing import Final

from stresstui.ci.plan import Plan
from stresstui.core.model.units import format_duration

_HOSTED: Final = "ubuntu-latest"
_RUST: Final = """\
      - uses: actions-rust-lang/setup-rust-toolchain@v1
        with:
          toolchain: "1.90"
"""
_PYTHON: Final = """\
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
"""


def workflow_of(plan: Plan) -> str:
    """The workflow, YAML."""
    minutes = math.ceil(plan.job_s / 60)
    where = plan.where or ("self-hosted" if plan.too_long_for_hosted else _HOSTED)
    head = [
        f"# stresstui ci github --scenario {plan.scenario.name}",
        *(f"# {line}" for line in _why(plan, where)),
        f"name: {json.dumps(f'Stress test {plan.scenario.name}')}",
        "",
        "on:",
        "  schedule:",
        f"    - cron: {json.dumps(plan.schedule)}",
        "  workflow_dispatch:",
        "",
        "permissions:",
        "  contents: read",
        "",
        "jobs:",
    ]
    jobs = _job(plan, where, minutes) + (_join(plan) if plan.parts > 1 else "")
    return "\n".join(head) + "\n" + jobs


def _why(plan: Plan, where: str) -> list[str]:
    whole = format_duration(plan.duration)
    if plan.parts > 1:
        part = format_duration(math.ceil(plan.part_s))
        return [
            f"{whole} of load in {plan.parts} runs of {part}, one after the other:",
            "GitHub ends a job on its own machines after 6 hours. Each run is judged by itself, so growth slower than",
            "one of them can show stays unseen; a self-hosted machine runs it whole (leave --series out).",
        ]
    if plan.too_long_for_hosted:
        return [
            f"It takes {whole}, and GitHub ends a job on its own machines after 6 hours,",
            f"whatever timeout-minutes says: so it is for a machine of yours ({where}).",
            "--series cuts it into runs that fit instead.",
        ]
    return [f"It takes {whole}; a hosted machine may run for 6 hours."]


def _job(plan: Plan, where: str, minutes: int) -> str:
    numbers = list(range(1, plan.parts + 1))
    matrix = (
        f"    strategy:\n      fail-fast: false\n      max-parallel: 1\n      matrix:\n        part: {numbers}\n"
        if plan.parts > 1
        else ""
    )
    suffix = "-${{ matrix.part }}" if plan.parts > 1 else ""
    return (
        "  stress-test:\n"
        f"    runs-on: {json.dumps(where)}\n"
        f"    timeout-minutes: {minutes}\n"
        f"{matrix}"
        "    steps:\n"
        f"{_PYTHON}{_RUST if plan.uses_rust else ''}"
        f"      - name: Install\n        run: {json.dumps(plan.install)}\n"
        f"      - name: Is this machine fit for it\n        run: stresstui doctor --scenario {plan.scenario.name}\n"
        "        continue-on-error: true\n"
        f"      - name: Run {plan.scenario.name}\n        run: {json.dumps(plan.command)}\n"
        "      - name: Keep what it left\n"
        "        if: always()\n"
        "        uses: actions/upload-artifact@v4\n"
        "        with:\n"
        f"          name: stress-test-results{suffix}\n"
        "          path: reports/stress-tests/\n"
    )


def _join(plan: Plan) -> str:
    return (
        "  report:\n"
        "    needs: stress-test\n"
        "    if: always()\n"
        f"    runs-on: {_HOSTED}\n"
        "    timeout-minutes: 15\n"
        "    steps:\n"
        f"{_PYTHON}"
        f"      - name: Install\n        run: {json.dumps(plan.install)}\n"
        "      - uses: actions/download-artifact@v4\n"
        "        with:\n"
        "          path: reports/stress-tests/\n"
        "          pattern: stress-test-results-*\n"
        "          merge-multiple: true\n"
        "      - name: The parts together\n"
        "        run: |\n"
        f"          {{ echo '```'; stresstui history {plan.scenario.name}; echo '```'; }} >> \"$GITHUB_STEP_SUMMARY\"\n"
    )
