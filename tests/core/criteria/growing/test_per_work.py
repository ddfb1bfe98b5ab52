"""Growth per unit of work, on shapes that programs really have, at a few hundred connections a second."""

import math
import random
from collections.abc import Callable

import pytest

from stresstui.core.criteria.rule import RuleError, check_rule, parse_rule
from stresstui.core.criteria.state import CriterionState, Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.scenario import MetricSpec, Scenario
from tests.core.story import MIB, Story

FDS, RSS = "growth(fds, per=connections_total) < 0.001", "growth(rss, per=connections_total) < 64B"
COUNTED = {"connections_total": MetricSpec()}
Shape = Callable[[float, float, random.Random], float]
"""A metric by seconds of soak and connections made."""


def run(
    rule: str, shape: Shape, *, seconds: int, rate: float = 300.0, ramp: bool = False, end: bool = True
) -> CriterionState:
    noise = random.Random(7)
    story = Story(rule, duration=seconds + 10.0, metrics=COUNTED).warm().phase(Phase.SOAK)
    done = 0.0
    for second in range(seconds):
        done += rate * (second / seconds * 2 if ramp else 1.0)
        story.add(ev.Reported(story.t, {"connections_total": 3000 + done}))
        value = int(shape(float(second), done, noise))
        if "fds" in rule:
            story.run(1, fds=value)
        else:
            story.run(1, rss=value)
    return story.cool().exit(planned=True).end().criterion() if end else story.criterion()


def leak(per: float, base: float = 60.0, spread: float = 4.0) -> Shape:
    return lambda _, done, noise: base + per * done + noise.gauss(0, spread)


def flat(base: float, spread: float) -> Shape:
    return lambda _, __, noise: base + noise.gauss(0, spread)


def warming(base: float, added: float, work: float) -> Shape:
    return lambda _, done, noise: base + added * (1 - math.exp(-done / work)) + noise.gauss(0, added / 50)


def sawtooth(base: float, tooth: float, period: float) -> Shape:
    return lambda t, _, noise: base + tooth * (t % period) / period + noise.gauss(0, tooth / 50)


def arenas(base: float, size: float) -> Shape:
    return lambda t, _, noise: base + size * (t > 20) + size * (t > 45) + noise.gauss(0, size / 100)


@pytest.mark.parametrize(
    ("rule", "shape", "seconds"),
    [
        (FDS, leak(0.1), 100),
        (FDS, leak(0.09, spread=10), 100),
        (FDS, leak(0.01), 120),
        (RSS, leak(1024, 50 * MIB, MIB), 180),
    ],
)
def test_what_every_connection_leaves_behind_is_a_leak_within_minutes(rule: str, shape: Shape, seconds: int) -> None:
    live = run(rule, shape, seconds=seconds, end=False)
    assert live.verdict is Verdict.BREACHED, live.evidence
    ended = run(rule, shape, seconds=seconds)
    assert (ended.verdict, ended.breach_count) == (Verdict.FAILED, 1)
    assert "connections_total" in ended.evidence


@pytest.mark.parametrize(
    ("rule", "shape", "verdict"),
    [
        (FDS, flat(60, 4), Verdict.PASSED),
        (FDS, flat(60, 0), Verdict.PASSED),
        (FDS, flat(1000, 200), Verdict.INCONCLUSIVE),
        (FDS, sawtooth(60, 200, 17), Verdict.PASSED),
        (FDS, warming(60, 400, 4000), Verdict.INCONCLUSIVE),
        (RSS, warming(50 * MIB, 60 * MIB, 6000), Verdict.INCONCLUSIVE),
        (RSS, arenas(50 * MIB, 8 * MIB), Verdict.INCONCLUSIVE),
        (RSS, flat(50 * MIB, 0.1 * MIB), Verdict.PASSED),
        (RSS, lambda t, done, _: 50 * MIB + done * 1024 * (t % 17) / 17, Verdict.INCONCLUSIVE),
    ],
)
def test_what_does_not_grow_with_the_work_is_none(rule: str, shape: Shape, verdict: Verdict) -> None:
    found = run(rule, shape, seconds=240)
    assert found.verdict is verdict, found.evidence
    assert found.breach_count == 0


@pytest.mark.parametrize(
    ("shape", "seconds", "why"),
    [
        (leak(72, 50 * MIB, 2000), 80, "below 1.91 MiB in all none is called a leak"),
        (warming(50 * MIB, 60 * MIB, 30_000), 180, "it slows down or comes in steps"),
    ],
)
def test_a_rise_beyond_the_limit_that_is_no_leak_says_which_it_lacks(shape: Shape, seconds: int, why: str) -> None:
    found = run(RSS, shape, seconds=seconds)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert why in found.evidence


LEFT = "growth(left_bytes, per=connections_total) > -64B"


def falling(shape: Shape, *, seconds: int, rule: str = LEFT, end: bool = True) -> CriterionState:
    """A gauge of the program's own, of which less is left with each connection."""
    noise, metrics = random.Random(7), {**COUNTED, "left_bytes": MetricSpec(unit="bytes")}
    story = Story(rule, duration=seconds + 10.0, metrics=metrics).warm().phase(Phase.SOAK)
    for second in range(seconds):
        done = 300.0 * second
        story.report(connections_total=3000 + done, left_bytes=shape(float(second), done, noise)).run(1)
    return story.cool().exit(planned=True).end().criterion() if end else story.criterion()


def test_what_every_connection_takes_away_is_called_within_minutes_where_a_lower_limit_forbids_it() -> None:
    live = falling(leak(-1024, 500 * MIB, MIB), seconds=180, end=False)
    assert live.verdict is Verdict.BREACHED, live.evidence
    ended = falling(leak(-1024, 500 * MIB, MIB), seconds=180)
    assert (ended.verdict, ended.breach_count) == (Verdict.FAILED, 1)
    assert ended.value == pytest.approx(-1024, rel=0.05)
    assert "less in all; a fall of" in ended.evidence


@pytest.mark.parametrize(
    ("shape", "verdict"),
    [
        (flat(500 * MIB, 0.1 * MIB), Verdict.PASSED),
        (leak(1024, 500 * MIB, MIB), Verdict.PASSED),
        (warming(500 * MIB, -60 * MIB, 6000), Verdict.INCONCLUSIVE),
        (lambda t, _, __: 500 * MIB - 40 * MIB * (t > 20) - 40 * MIB * (t > 45), Verdict.INCONCLUSIVE),
        (lambda t, done, _: 500 * MIB - done * 1024 * (t % 17) / 17, Verdict.INCONCLUSIVE),
    ],
    ids=["flat", "rises", "fills a cache", "arenas", "deeper dips that come back"],
)
def test_what_does_not_fall_with_the_work_breaks_no_lower_limit(shape: Shape, verdict: Verdict) -> None:
    found = falling(shape, seconds=240)
    assert found.verdict is verdict, found.evidence
    assert found.breach_count == 0


def test_open_connections_that_follow_a_ramp_of_load_are_no_leak() -> None:
    held = run(FDS, lambda t, _, noise: 60 + t + noise.gauss(0, 2), seconds=200, ramp=True)
    assert held.breach_count == 0
    assert held.verdict is Verdict.INCONCLUSIVE


def test_too_little_work_says_so() -> None:
    found = run(FDS, leak(0.5), seconds=60, rate=2.0)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "too little work" in found.evidence


def test_a_restart_begins_anew() -> None:
    story = Story(FDS, duration=300.0, metrics=COUNTED).warm().phase(Phase.SOAK)
    for second in range(240):
        story.add(ev.Reported(story.t, {"connections_total": 300.0 * second}))
        story.run(1, fds=500 if second < 120 else 40, started=1.0 if second < 120 else 200.0)
    assert story.cool().exit(planned=True).end().criterion().verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("rule", "mend"),
    [
        ("growth(fds, per=conections_total) < 1", "did you mean 'connections_total'?"),
        ("growth(fds, per=rss) < 1", "per= needs a counter of work"),
        ("max(fds, per=connections_total) < 1", "only growth() is measured per work"),
        ("growth(fds, per=connections_total) == 1", "write < or >"),
        ("growth(fds, per=connections_total) > 1", "write one such as > -1"),
        ("growth(rss, per=connections_total) < 5", "is not in bytes"),
    ],
)
def test_a_mistake_says_its_mend(rule: str, mend: str) -> None:
    with pytest.raises(RuleError, match=mend.replace("(", r"\(").replace(")", r"\)").replace("?", r"\?")):
        check_rule(parse_rule(rule), Scenario(name="s", metrics=COUNTED))


@pytest.mark.parametrize(
    ("rule", "value", "shown"),
    [
        (FDS, -0.00000293, "0"),
        (FDS, 0.0000123, "0.0000123"),
        (FDS, 0.09, "0.09"),
        (RSS, 0.01, "0 B"),
        (RSS, 72.4, "72.4 B"),
    ],
)
def test_a_number_far_below_its_limit_is_none(rule: str, value: float, shown: str) -> None:
    state = run(rule, flat(60, 0), seconds=20, end=False)
    assert state.show(value) == shown
