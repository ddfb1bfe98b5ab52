"""The specific checks hold in a sound lab, and each is breached by its negative control, by that one alone."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from stresstui import catalogue
from stresstui.core.criteria.rule import parse_rule
from stresstui.core.criteria.state import Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.sample import HostSample, Sample
from stresstui.core.model.scenario import RunnerKind, criteria_for
from stresstui.core.run.fold import fold
from tests.lab.conftest import numbers
from tests.lab.drills.controls import CONTROLS, INTERVAL, Control

AT_ONCE = 4
# A busy machine reorders, and a few seconds show no trend.
OF_THE_MACHINE = {"latency_ms_p50", "udp_reordered_total", "hy1_udp_reordered_total", "hy2_udp_reordered_total"}
NOW = "2026-11-23T10:15:00Z"
Verdicts = dict[str, Verdict]


def judged(control: Control, lines: list[dict[str, float]]) -> Verdicts:
    """Return the verdicts of the criteria that only the lab can measure, as the monitor reaches them."""
    scenario = catalogue.load(control.scenario)
    lab_only = {
        spec.id
        for spec in criteria_for(scenario, RunnerKind.LAB)
        if (name := parse_rule(spec.rule).metric) in scenario.metrics and name not in OF_THE_MACHINE
    }
    facts = msgspec.to_builtins(scenario)
    end = (len(lines) - 1) * INTERVAL
    run = ev.Started(0.0, run="control_1", wall=NOW, scenario=facts, runner="lab", duration=end)
    events: list[ev.Event] = [run, ev.PhaseBegan(0.0, Phase.SOAK)]
    for number, line in enumerate(lines):
        t = number * INTERVAL
        events += [ev.Reported(t, values=line), ev.Sampled(t, sample=Sample(t, (), HostSample(), cpus=2))]
    events += [ev.PhaseBegan(end, Phase.COOL_DOWN), ev.Exited(end, status=0, planned=True), ev.Ended(end, wall=NOW)]
    return {state.spec.id: state.verdict for state in fold(events).criteria if state.spec.id in lab_only}


def run(name: str) -> Verdicts:
    program = Path(__file__).with_name("controls.py")
    done = subprocess.run([sys.executable, program, name], capture_output=True, text=True, timeout=60, check=False)
    lines = [numbers(line) for line in done.stdout.splitlines() if line.startswith("STRESSTUI ")]
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    return judged(CONTROLS[name], lines)


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, Future[Verdicts]]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        longest_first = sorted(CONTROLS, key=lambda name: -CONTROLS[name].seconds)
        yield {name: pool.submit(run, name) for name in longest_first}


@pytest.mark.parametrize("name", CONTROLS)
def test_a_control_breaches_what_it_is_meant_for_and_nothing_else(name: str, runs: dict[str, Future[Verdicts]]) -> None:
    verdicts = runs[name].result(120)
    failed = {one for one, verdict in verdicts.items() if verdict is Verdict.FAILED}
    breaks = CONTROLS[name].breaks
    required = {one for one in breaks if not one.endswith("*")}
    assert required <= failed <= {one.rstrip("*") for one in breaks}, verdicts


@pytest.mark.parametrize("name", ["ech", "hysteria", "reality", "ssh", "tuic"])
def test_a_sound_lab_measures_everything(name: str, runs: dict[str, Future[Verdicts]]) -> None:
    verdicts = runs[name].result(120)
    assert verdicts
    assert {one: verdict for one, verdict in verdicts.items() if verdict is not Verdict.PASSED} == {}
