from typing import Any

import pytest

from stresstui.core.derive.reading import derive, watched
from stresstui.core.model.sample import HostSample, ProcessSample, Role, Sample
from tests.core.story import MIB, process


def sample(t: float, *processes: ProcessSample, **fields: Any) -> Sample:
    return Sample(t, processes, cpus=2, **{"sockets_t": t, **fields})


def test_sums_run_over_the_system_under_test() -> None:
    found = derive(None, sample(0, process(0), process(0, pid=2), process(0, pid=3, role=Role.DRIVER, fds=999)))
    assert found.values == {
        "processes": 2, "rss": 100 * MIB, "vsz": 1800 * MIB, "fds": 80, "threads": 18, "established": 40,
        "close_wait": 0, "listen": 2, "udp_sockets": 0,
    }  # fmt: skip
    assert len(watched(sample(0, process(0), process(0, pid=3, role=Role.BUILD)))) == 1


@pytest.mark.parametrize("field", ["rss", "vsz", "fds", "threads", "established", "close_wait", "listen"])
def test_one_unreadable_process_leaves_the_sum_unknown(field: str) -> None:
    found = derive(None, sample(0, process(0), process(0, pid=2, **dict[str, Any]({field: None}))))
    assert field not in found.values
    assert len(found.values) == 8


def test_nothing_to_watch_is_nothing_read() -> None:
    assert derive(None, sample(0, process(0, role=Role.DRIVER))).values == {}


def test_rates_come_from_two_samples() -> None:
    before, after = sample(10, process(10)), sample(12, process(12))
    found = derive(before, after).values
    assert (found["cpu_cores"], found["cpu"]) == pytest.approx((10, 5))
    assert (found["bytes_in"], found["bytes_out"], found["throughput"]) == (1000, 2000, 2000)
    assert "cpu" not in derive(None, after).values
    assert "cpu" not in derive(after, after).values


def test_a_reused_pid_is_another_process() -> None:
    before = sample(10, process(10, cpu_s=100.0, bytes_in=10**9))
    after = sample(11, process(11, started=10.5, cpu_s=0.5, bytes_in=300))
    found = derive(before, after).values
    assert (found["cpu_cores"], found["bytes_in"]) == (50, 300)


def test_a_process_that_ended_takes_nothing_away() -> None:
    before = sample(10, process(10), process(10, pid=2, cpu_s=500.0))
    assert derive(before, sample(11, process(11))).values["cpu_cores"] == pytest.approx(10)


def test_a_process_that_changed_its_role_keeps_its_counters() -> None:
    before = sample(10, process(10, role=Role.BUILD))
    assert derive(before, sample(11, process(11))).values["bytes_in"] == 1000


def test_a_counter_that_fell_counts_as_nothing() -> None:
    assert derive(sample(10, process(10, bytes_in=500)), sample(11, process(11, bytes_in=20))).values["bytes_in"] == 0


def test_unreadable_counters_leave_rates_absent() -> None:
    before = sample(10, process(10), process(10, pid=2))
    found = derive(before, sample(11, process(11), process(11, pid=2, cpu_s=None))).values
    assert "cpu" not in found
    assert "cpu_cores" not in found
    found = derive(before, sample(11, process(11, bytes_out=None), process(11, pid=2, bytes_out=None))).values
    assert "throughput" not in found


def test_cpu_is_of_the_cpus_that_the_run_may_use() -> None:
    found = derive(sample(10, process(10, cpu_s=0.0)), sample(11, process(11, cpu_s=3.0))).values
    assert (found["cpu_cores"], found["cpu"]) == (300, 100)


def test_host_counters_are_copied_and_what_is_unknown_is_absent() -> None:
    host = HostSample(load1=0.5, mem_available=7, active_opens=3, attempt_fails=1, retrans_segs=0, time_wait=None)
    assert derive(None, sample(0, host=host)).values == {
        "load1": 0.5, "mem_available": 7, "attempts_total": 3, "attempt_failures_total": 1, "retransmissions_total": 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sockets_t", "now", "then", "established", "estimated"),
    [
        (10.0, 40, 20, 20, set()),
        (8.0, 40, 20, 40, {"established", "close_wait", "listen", "udp_sockets"}),
        (8.0, None, 20, 20, {"established", "close_wait", "listen", "udp_sockets"}),
        (8.0, 40, 0, 20, {"established", "close_wait", "listen", "udp_sockets"}),
        (None, 40, 20, 20, set()),
    ],
)
def test_between_two_socket_tables_counts_are_estimates(
    sockets_t: float | None, now: int | None, then: int, established: float, estimated: set[str]
) -> None:
    host = HostSample(curr_estab=now, curr_estab_at_dump=then)
    found = derive(None, sample(10, process(10), host=host, sockets_t=sockets_t))
    assert found.values["established"] == established
    assert set(found.certainty) == estimated
