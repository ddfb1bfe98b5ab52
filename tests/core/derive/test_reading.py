from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.derive.group import watched
from stresstui.core.derive.reading import derive
from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import CgroupSample, HostSample, ProcessSample, Role, Sample, SocketSample
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
    assert "bytes_in" not in derive(sample(10, process(10, bytes_in=None)), sample(11, process(11))).values


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
        # The kernel counts one namespace, and the processes are in several.
        (8.0, 14, 7, 20, {"established", "close_wait", "listen", "udp_sockets"}),
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


def with_sockets(t: float, *processes: ProcessSample, host: HostSample | None = None, **told: Any) -> Sample:
    sockets = SocketSample(**{"bytes_t": t, **told})
    return sample(t, *(processes or (process(t),)), host=host or HostSample(), sockets=sockets)


def test_a_few_sockets_without_an_owner_do_not_make_a_count_less_than_exact() -> None:
    few = derive(None, with_sockets(1, process(1, established=2000), unattributed=2))
    assert few.certainty == {}
    many = derive(None, with_sockets(1, process(1, established=2000), unattributed=3))
    assert many.certainty == dict.fromkeys(("established", "close_wait"), Certainty.AT_LEAST)


@pytest.mark.parametrize(
    ("by_ports", "own", "everybodys", "value", "certainty"),
    [
        (True, {"time_wait": 90}, {}, 90, None),
        (True, {"time_wait": 90}, {"time_wait": 90}, 90, None),
        (True, {"time_wait": 90}, {"time_wait": 3000}, 90, Certainty.ESTIMATE),
        (False, {}, {"time_wait": 5}, 5, Certainty.AT_MOST),
        (False, {}, {}, 0, None),
    ],
)
def test_states_of_nobody_are_a_bound_where_no_port_tells(
    *, by_ports: bool, own: dict[str, int], everybodys: dict[str, int], value: float, certainty: Certainty | None
) -> None:
    found = derive(None, with_sockets(1, states=own, all_states=everybodys, time_wait_by_ports=by_ports))
    assert found.values["time_wait_ports"] == value
    assert found.certainty.get("time_wait_ports") is certainty


def test_very_many_in_time_wait_are_a_bound_though_ports_tell_of_other_states() -> None:
    told = {"fin_wait2": 3}
    found = derive(None, with_sockets(1, states=told, all_states={"fin_wait2": 4, "time_wait": 30_000}, by_ports=True))
    assert (found.values["fin_wait2"], found.certainty["fin_wait2"]) == (3, Certainty.ESTIMATE)
    assert (found.values["time_wait_ports"], found.certainty["time_wait_ports"]) == (30_000, Certainty.AT_MOST)


def test_a_table_that_knew_few_owners_is_not_scaled() -> None:
    host = HostSample(curr_estab=100_000, curr_estab_at_dump=4000)
    found = derive(None, sample(10, process(10, established=11), host=host, sockets_t=8.0))
    assert found.values["established"] == 11
    assert found.certainty["established"] is Certainty.ESTIMATE


@pytest.mark.parametrize(
    ("now", "certainty", "most"),
    [(4000, Certainty.AT_LEAST, 61), (4007, Certainty.AT_LEAST, 68), (3999, Certainty.ESTIMATE, None)],
)
def test_a_lower_bound_stays_one_until_connections_end(now: int, certainty: Certainty, most: float | None) -> None:
    sockets = SocketSample(unattributed=50)
    host = HostSample(curr_estab=now, curr_estab_at_dump=4000)
    found = derive(None, sample(10, process(10, established=11), host=host, sockets_t=8.0, sockets=sockets))
    assert found.certainty["established"] is certainty
    assert found.most.get("established") == most


def rates(before: Sample, after: Sample) -> tuple[float | None, Certainty | None]:
    found = derive(before, after)
    return found.values.get("throughput"), found.certainty.get("throughput")


def test_bytes_of_sockets_are_a_lower_bound_once_connections_ended() -> None:
    assert rates(with_sockets(1), with_sockets(2)) == (2000, None)
    assert rates(with_sockets(1), with_sockets(2, unseen=1)) == (2000, Certainty.AT_LEAST)


def test_octets_of_the_loopback_are_taken_where_it_is_the_runs_alone() -> None:
    then = HostSample(lo_bytes=0, lo_packets=0, udp_in_datagrams=0)
    now = HostSample(lo_bytes=1_000_000 + 52 * 990 + 28 * 10, lo_packets=1000, udp_in_datagrams=10)
    before = with_sockets(1, host=then)

    def after(*processes: ProcessSample, **told: Any) -> Sample:
        return with_sockets(2, *(processes or (process(2),)), host=now, **told)

    assert rates(before, after(unseen=1, alone=True)) == (1_000_000, Certainty.ESTIMATE)
    assert rates(before, after(unseen=1, alone=False)) == (2000, Certainty.AT_LEAST)
    assert rates(before, after(unseen=0, alone=True)) == (2000, None)
    silent = process(2, bytes_in=None, bytes_out=None)
    assert rates(before, after(silent, unseen=0, alone=True)) == (1_000_000, Certainty.ESTIMATE)
    driven = (process(2), process(2, pid=2, role=Role.DRIVER))
    assert rates(before, after(*driven, unseen=1, alone=True))[1] is Certainty.AT_LEAST
    built = (process(2), process(2, pid=2, role=Role.BUILD))
    assert rates(before, after(*built, unseen=1, alone=True))[1] is Certainty.ESTIMATE


def test_datagrams_are_counted_by_no_socket() -> None:
    then = HostSample(lo_bytes=0, lo_packets=0, udp_in_datagrams=0)
    now = HostSample(lo_bytes=600_000 + 28 * 500, lo_packets=500, udp_in_datagrams=500)
    before = with_sockets(1, process(1, bytes_in=0, bytes_out=0), host=then)

    def after(udp: int, *, alone: bool, **sent: Any) -> Sample:
        return with_sockets(2, process(2, udp=udp, **sent), host=now, unseen=0, alone=alone)

    quiet: dict[str, Any] = {"bytes_in": 0, "bytes_out": 0}
    assert rates(before, after(2, alone=True, **quiet)) == (600_000, Certainty.ESTIMATE)
    assert rates(before, after(2, alone=False, **quiet)) == (0, Certainty.AT_LEAST)
    assert rates(before, after(0, alone=True, **quiet)) == (0, None)
    assert rates(before, after(1, alone=False, bytes_in=0, bytes_out=9000)) == (9000, Certainty.AT_LEAST)


def test_octets_of_others_datagrams_are_none_of_the_runs() -> None:
    then = HostSample(lo_bytes=0, lo_packets=0, udp_in_datagrams=0)
    now = HostSample(lo_bytes=600_000 + 28 * 500, lo_packets=500, udp_in_datagrams=500)
    before = with_sockets(1, host=then)
    assert rates(before, with_sockets(2, host=now, unseen=2, alone=True)) == (2000, Certainty.AT_LEAST)


def test_byte_rates_stay_between_two_tables_that_tell_of_bytes() -> None:
    first = derive(with_sockets(1), with_sockets(2, unseen=3))
    later = derive(with_sockets(2), with_sockets(3, bytes_t=2.0), first)
    assert later.values["throughput"] == first.values["throughput"]
    assert later.certainty["throughput"] is Certainty.AT_LEAST
    assert later.source == first.source


def test_cpu_is_of_the_part_of_a_cpu_that_a_quota_leaves() -> None:
    before = sample(10, process(10, cpu_s=0.0), quota=1.5, throttled_s=4.0)
    after = sample(12, process(12, cpu_s=2.4), quota=1.5, throttled_s=5.8)
    found = derive(before, after).values
    assert (found["cpu_cores"], found["cpu"], found["cpu_throttled"]) == pytest.approx((120, 80, 90))
    moved = sample(12, process(12, cpu_s=2.4), quota=2.5, throttled_s=900.0)
    assert "cpu_throttled" not in derive(before, moved).values


def test_cpu_of_children_and_orphans_counts_where_it_is_the_runs() -> None:
    before = sample(1, process(1, cpu_s=1.0, children_cpu_s=2.0))
    after = sample(2, process(2, cpu_s=1.1, children_cpu_s=2.3), orphans_cpu_s=0.2)
    assert derive(before, after).values["cpu_cores"] == pytest.approx(60)
    driver = process(2, pid=2, role=Role.DRIVER)
    shared = sample(2, process(2, cpu_s=1.1, children_cpu_s=2.3), driver, orphans_cpu_s=0.2)
    assert derive(before, shared).values["cpu_cores"] == pytest.approx(40)
    left = sample(1, *before.processes, driver)
    assert derive(left, after).values["cpu_cores"] == pytest.approx(40)


def test_a_control_group_of_its_own_knows_best() -> None:
    before = sample(1, process(1, cpu_s=1.0, rss_anon=MIB, rss_shmem=0), cgroup=CgroupSample(cpu_s=7.0))
    group = CgroupSample(cpu_s=7.5, anon=10 * MIB, shmem=90 * MIB, swap=MIB, oom_kills=2)
    after = sample(2, process(2, cpu_s=1.1, rss_anon=MIB, rss_shmem=0, swap=0), cgroup=group)
    values = derive(before, after).values
    assert (values["cpu_cores"], values["memory"], values["oom_kills_total"]) == (50, 101 * MIB, 2)
    assert values["rss"] == 50 * MIB + 90 * MIB


def test_memory_files_add_to_rss_what_is_not_mapped() -> None:
    held = process(1, rss=50 * MIB, rss_anon=40 * MIB, rss_file=5 * MIB, rss_shmem=5 * MIB, swap=2 * MIB)
    found = derive(None, sample(1, held, memory_files=100 * MIB, details_t=1.0))
    assert (found.values["rss"], found.values["memory"]) == (145 * MIB, 142 * MIB)
    assert found.certainty == {}
    hidden = derive(None, sample(1, held, details_t=1.0))
    assert (hidden.values["memory"], hidden.certainty["memory"]) == (47 * MIB, Certainty.AT_LEAST)
    stale = derive(None, sample(1, held, held, memory_files=0, details_t=0.5))
    assert stale.values["rss"] == 100 * MIB
    assert {stale.certainty[name] for name in ("rss_anon", "swap", "memory")} == {Certainty.ESTIMATE}


def test_no_share_of_the_time_is_more_than_all_of_it_but_what_is_taken_of_several_cores() -> None:
    """The kernel's count of a second was seen to be 1.87 s where the load of a CPU had just begun."""
    before = sample(1, process(1), host=HostSample(cpu_stall_s=1.0, steal_s=3.0))
    after = sample(2, process(2), host=HostSample(cpu_stall_s=2.87, steal_s=4.5))
    values = derive(before, after, None).values
    assert (values["cpu_pressure"], values["steal"]) == pytest.approx((100, 150))


def test_stalls_are_shares_of_the_time() -> None:
    before = sample(1, process(1), host=HostSample(cpu_stall_s=1.0, io_full_stall_s=0.0, steal_s=3.0))
    after = sample(3, process(3), host=HostSample(cpu_stall_s=2.0, io_full_stall_s=0.2, steal_s=3.5))
    values = derive(before, after).values
    assert (values["cpu_pressure"], values["io_full_pressure"], values["steal"]) == pytest.approx((50, 10, 25))
    assert "memory_pressure" not in values


_NUMBERS = st.none() | st.integers(0, 3)
_PROCESSES = st.lists(
    st.builds(
        lambda pid, role, cpu_s, moved: process(1.0, pid=pid, role=role, cpu_s=cpu_s, bytes_in=moved, bytes_out=moved),
        st.integers(1, 4), st.sampled_from(Role), _NUMBERS, _NUMBERS,
    ),
    max_size=5, unique_by=lambda one: one.pid,
)  # fmt: skip


@given(_PROCESSES, _PROCESSES, st.lists(st.booleans(), min_size=5, max_size=5))
def test_what_is_the_same_object_and_what_is_merely_equal_are_read_alike(
    before: list[ProcessSample], after: list[ProcessSample], kept: list[bool]
) -> None:
    """Of many idle processes a collector tells the same objects again; a journal's reader may have others."""
    had = {one.pid: one for one in before}
    now = [had.get(one.pid, one) if keep else one for one, keep in zip(after, kept, strict=False)]
    copies = [msgspec.structs.replace(one) for one in now]
    then = sample(1.0, *before)
    assert derive(then, sample(2.0, *now)) == derive(then, sample(2.0, *copies))


@pytest.mark.parametrize(("lets_go", "certainty"), [(True, Certainty.AT_LEAST), (False, None)])
def test_cpu_is_a_lower_bound_where_children_end_unwaited_for(*, lets_go: bool, certainty: Certainty | None) -> None:
    found = derive(sample(1, process(1)), sample(2, process(2), lets_go=lets_go))
    assert [found.certainty.get(name) for name in ("cpu", "cpu_cores")] == [certainty, certainty]
