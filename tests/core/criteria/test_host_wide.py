"""Counters of the whole host: another program may be behind what they show, and that is said."""

from collections.abc import Callable

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.reading import derive
from stresstui.core.model.outcome import Outcome
from stresstui.core.model.sample import HostSample, Sample
from stresstui.core.model.scenario import RunnerKind
from tests.core.story import Story, process

FAILURES = "count(attempt_failures_total) == 0"
ATTEMPTS = "rate(attempts_total, 10s) > 100/s"


def counting(rule: str, host: Callable[[float], HostSample], runner: RunnerKind = RunnerKind.COMMAND) -> Story:
    story = Story(rule, runner=runner).phase_of("warm_up")
    for second in range(60):
        if second == 10:
            story.phase_of("soak")
        story.sample(host=host(story.t))
        story.t += 1.0
    return story.exit(planned=True).end()


def test_a_failure_that_the_host_counted_fails_nobody() -> None:
    state = counting(FAILURES, lambda t: HostSample(attempt_fails=7 if t > 20 else 6)).state()
    (found,) = state.criteria
    assert (found.verdict, found.breaches) == (Verdict.INCONCLUSIVE, [])
    assert found.evidence.endswith("counted for the whole host: another program may be behind it")
    assert state.outcome is Outcome.INCONCLUSIVE


def test_no_failure_on_the_whole_host_is_none_here() -> None:
    (found,) = counting(FAILURES, lambda t: HostSample(attempt_fails=6)).state().criteria
    assert found.verdict is Verdict.PASSED
    assert found.evidence.endswith("counted for the whole host")


def test_fewer_attempts_than_asked_on_the_whole_host_are_too_few() -> None:
    (found,) = counting(ATTEMPTS, lambda t: HostSample(active_opens=int(50 * t))).state().criteria
    assert found.verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("runner", "verdict"), [(RunnerKind.LAB, Verdict.FAILED), (RunnerKind.COMMAND, Verdict.FAILED)]
)
def test_failures_that_the_workload_counted_are_its_own(runner: RunnerKind, verdict: Verdict) -> None:
    story = Story(FAILURES, runner=runner).warm()
    report = lambda t: {"connections_total": 5.0 * t, "connection_failures_total": 1.0}  # noqa: E731 - one line says it
    (found,) = story.soak(report=report).exit(planned=True).end().state().criteria
    assert found.verdict is Verdict.FAILED


def test_datagrams_that_arrive_while_udp_sockets_are_held_move_something() -> None:
    def moved(udp: int) -> bool:
        story = Story("max(fds) < 100").phase_of("warm_up")
        for _ in range(10):
            host = HostSample(udp_in_datagrams=int(100 * story.t))
            story.sample(host=host, processes=(process(story.t, udp=udp, bytes_in=0, bytes_out=0),))
            story.t += 1.0
        return story.state().progress.moved

    assert moved(2)
    assert not moved(0)


def test_between_two_socket_tables_byte_rates_are_those_of_the_last_span() -> None:
    first = Sample(0.0, (process(0.0, bytes_in=0, bytes_out=0),), sockets_t=0.0)
    second = Sample(4.0, (process(4.0, bytes_in=400, bytes_out=800),), sockets_t=4.0)
    third = Sample(5.0, (process(5.0, bytes_in=400, bytes_out=800),), sockets_t=4.0)
    fourth = Sample(8.0, (process(8.0, bytes_in=800, bytes_out=1600),), sockets_t=8.0)
    exact = derive(first, second)
    carried = derive(second, third, exact)
    assert exact.values["throughput"] == 200.0
    assert (carried.values["throughput"], "throughput" in carried.certainty) == (200.0, True)
    assert derive(third, fourth, carried).values["throughput"] == 200.0


def test_a_process_that_no_socket_table_has_seen_yet_leaves_the_sum_an_estimate() -> None:
    new = process(5.0, pid=2, established=None, close_wait=None, listen=None, udp=None)
    found = derive(None, Sample(5.0, (process(5.0), new), sockets_t=4.0))
    assert (found.values["established"], "established" in found.certainty) == (20.0, True)
    assert "established" not in derive(None, Sample(5.0, (process(5.0), new), sockets_t=5.0)).values
