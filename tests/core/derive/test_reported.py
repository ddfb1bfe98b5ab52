import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.derive.reading import Reading
from stresstui.core.derive.reported import STALE_AFTER, WorkloadReport
from stresstui.core.model.scenario import MetricSpec, Scenario

SCENARIO = Scenario(name="s", metrics={"jobs": MetricSpec(kind="counter"), "odd_total": MetricSpec(kind="gauge")})


def kernel(t: float, **values: float) -> Reading:
    return Reading(t, {"throughput": 7.0, **values})


@given(st.lists(st.lists(st.integers(0, 100), min_size=1, max_size=6), min_size=1, max_size=4))
def test_counters_are_accumulated_over_restarts(lives: list[list[int]]) -> None:
    """Each life of the workload counts from 0 on; where its first count is lower, the restart is seen."""
    workload, expected, last = WorkloadReport(), 0, 0
    for steps in lives:
        count = 0
        for step in steps:
            count += step
            workload.report(0.0, {"jobs_total": float(count)}, SCENARIO)
            expected += count - last if count >= last else count
            last = count
    assert workload.totals["jobs_total"] == expected


def test_kinds_come_from_the_name_unless_the_scenario_says_otherwise() -> None:
    workload = WorkloadReport()
    workload.report(0.0, {"jobs": 5.0, "odd_total": 9.0, "wait_ms": 1.0, "done_total": 2.0}, SCENARIO)
    found = workload.report(1.0, {"jobs": 3.0, "odd_total": 4.0, "wait_ms": 2.0, "done_total": 3.0}, SCENARIO)
    assert found == {"jobs": 8.0, "odd_total": 4.0, "wait_ms": 2.0, "done_total": 3.0}
    assert workload.gauges == {"odd_total", "wait_ms"}


def test_the_kernels_throughput_stands_where_the_workload_does_not_count_bytes() -> None:
    workload = WorkloadReport()
    workload.report(0.0, {"connections_total": 5.0}, SCENARIO)
    assert not workload.counts_bytes
    assert workload.complete(kernel(1), building=False).values["throughput"] == 7.0


def test_verified_bytes_replace_the_kernels_throughput() -> None:
    workload = WorkloadReport()
    workload.report(1.0, {"bytes_total": 100.0}, SCENARIO)
    assert "throughput" not in workload.complete(kernel(1), building=False).values
    workload.report(3.0, {"bytes_total": 500.0}, SCENARIO)
    assert workload.complete(kernel(3), building=False).values["throughput"] == 200.0
    workload.report(4.0, {"bytes_total": 50.0}, SCENARIO)
    assert workload.complete(kernel(4), building=False).values["throughput"] == 50.0


@pytest.mark.parametrize(("silence", "rate"), [(STALE_AFTER, 100.0), (STALE_AFTER + 0.1, None)])
def test_a_rate_that_is_no_longer_reported_is_unknown(silence: float, rate: float | None) -> None:
    workload = WorkloadReport()
    workload.report(1.0, {"bytes_total": 100.0}, SCENARIO)
    workload.report(2.0, {"bytes_total": 200.0}, SCENARIO)
    assert workload.complete(kernel(2.0 + silence), building=False).values.get("throughput") == rate


def test_the_kernels_counters_count_from_the_end_of_the_build() -> None:
    workload = WorkloadReport()
    for count in (1000.0, 1500.0):
        assert (
            workload.complete(kernel(0, retransmissions_total=count), building=True).values["retransmissions_total"]
            == 0
        )
    assert (
        workload.complete(kernel(0, retransmissions_total=1520.0), building=False).values["retransmissions_total"] == 20
    )


def test_own_connections_replace_the_hosts() -> None:
    workload = WorkloadReport()
    workload.complete(kernel(0, attempts_total=100.0, attempt_failures_total=3.0), building=True)
    found = workload.complete(kernel(1, attempts_total=150.0, attempt_failures_total=4.0), building=False).values
    assert (found["attempts_total"], found["attempt_failures_total"]) == (50, 1)
    workload.report(1.0, {"connections_total": 30.0, "connection_failures_total": 2.0}, SCENARIO)
    found = workload.complete(kernel(2, attempts_total=900.0), building=False).values
    assert (found["attempts_total"], found["attempt_failures_total"]) == (32, 2)


def test_the_labs_connections_are_never_guessed_from_the_host() -> None:
    found = WorkloadReport(runner="lab").complete(kernel(1, attempts_total=5.0), building=False).values
    assert "attempts_total" not in found
