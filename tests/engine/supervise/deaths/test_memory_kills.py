"""Kills for want of memory where the run has no control group of its own."""

from collections.abc import Iterable

import pytest

from stresstui.core.model.event import Doubted, Event, Matched, Problem
from stresstui.core.model.sample import CgroupSample, HostSample, ProcessSample, Role, Sample
from stresstui.engine.process.kernel.log import MemoryKill
from stresstui.engine.supervise.deaths.memory_kills import MemoryKills


class Context:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def record(self, event: Event) -> None:
        self.events.append(event)


class Log:
    def __init__(self, *kills: MemoryKill) -> None:
        self.kills = list(kills)

    def memory_kills(self) -> list[MemoryKill]:
        kills, self.kills = self.kills, []
        return kills


def at(t: float, kills: int | None, *pids: int, role: Role = Role.SUT, cgroup: CgroupSample | None = None) -> Sample:
    processes = tuple(ProcessSample(pid, 1, "worker", role, 1) for pid in pids)
    return Sample(t=t, processes=processes, host=HostSample(oom_kills=kills), cgroup=cgroup)


def groups(pids: Iterable[int]) -> set[str]:
    return {"/mine"} if list(pids) else set()


def told(log: Log, *samples: Sample, late: MemoryKill | None = None, total: int | None = None) -> list[Event]:
    """What is said of a log from the first sample on; ``late`` comes after the last, ``total`` the host counts then."""
    context, parents = Context(), {10: 7, 11: 6, 12: 1}
    watch = MemoryKills(context, log, lambda pid: parents.get(pid, 0), lambda: 1, groups)  # type: ignore[arg-type]
    kills, log.kills = log.kills, []
    watch.observe(samples[0])
    log.kills = kills
    for sample in samples[1:]:
        watch.observe(sample)
    log.kills += [late] if late else []
    for _ in range(2):
        watch.end(9, total if total is not None else samples[-1].host.oom_kills)
    return context.events


def test_a_process_under_test_that_was_killed_is_told_by_name() -> None:
    (event,) = told(Log(MemoryKill(7, "worker", "/elsewhere")), at(1, 4, 7, 8), at(2, 5, 8))
    assert isinstance(event, Matched)
    assert (event.pattern, event.line) == ("oom_kill", "the kernel killed worker (pid 7) for want of memory")


def test_a_child_of_one_under_test_is_of_the_run_though_no_sample_had_seen_it() -> None:
    for later in ([], [at(3, 5, 7)], [at(3, 5)]):
        (event,) = told(Log(MemoryKill(10, "brief", "/elsewhere")), at(1, 4, 7), at(2, 5, 7), *later)
        assert isinstance(event, Matched)
        assert event.t == (3 if later else 9)
        assert event.line == "the kernel killed brief (pid 10) for want of memory"


@pytest.mark.parametrize(
    ("kill", "kind"),
    [
        (MemoryKill(11, "other", "/theirs"), Problem),
        (MemoryKill(9, "other", "/mine"), Doubted),
        (MemoryKill(9, "other", ""), Doubted),
        (MemoryKill(9, "other", "/theirs"), Problem),
    ],
)
def test_one_that_no_sample_had_seen_is_a_doubt_unless_its_group_is_of_others(
    kill: MemoryKill, kind: type[Event]
) -> None:
    (event,) = told(Log(kill), at(1, 4, 7), at(2, 5, 7))
    assert type(event) is kind
    assert f"other (pid {kill.pid})" in str(event)


@pytest.mark.parametrize(
    ("later", "kind"),
    [
        ([at(2, 5, 7, 8)] * 3, Problem),
        ([at(2, 5, 7)], Doubted),
        ([at(2, 5, 7, 8), at(3, 5, 7)], Doubted),
        ([at(2, 6, 7, 8), at(3, 6, 7, 8, 9), at(4, 6, 7, 8)], Problem),
    ],
)
def test_a_kill_without_a_name_is_a_doubt_where_a_process_under_test_is_gone(
    later: list[Sample], kind: type[Event]
) -> None:
    (event,) = told(Log(), at(1, 4, 7, 8), *later)
    assert type(event) is kind
    assert "of this host" in str(event)


def test_the_log_may_be_ahead_of_the_count() -> None:
    (event,) = told(Log(MemoryKill(9, "other", "/theirs")), at(1, 4, 7, 8), at(2, 4, 7, 8), at(3, 5, 7))
    assert isinstance(event, Problem)
    assert len(told(Log(MemoryKill(7, "worker")), at(1, None, 7), at(2, None))) == 1


def test_what_the_own_group_counts_is_left_to_it() -> None:
    own = [CgroupSample(oom_kills=count) for count in (0, 1)]
    assert told(Log(MemoryKill(7, "worker")), at(1, 4, 7, cgroup=own[0]), at(2, 5, cgroup=own[1])) == []
    assert told(Log(), at(1, 4, 7, cgroup=own[0]), at(2, 6, cgroup=own[0])) == []
    assert told(Log(MemoryKill(9, "other")), at(1, 4, 7, cgroup=own[0]), at(2, 5, 7, cgroup=own[0])) == []


@pytest.mark.parametrize("pid", [7, 10, 12])
@pytest.mark.parametrize("cgroup", [None, CgroupSample(oom_kills=0)], ids=["host", "own group"])
def test_what_comes_after_the_last_sample_is_told_once_at_the_end(pid: int, cgroup: CgroupSample | None) -> None:
    (event,) = told(Log(), at(1, 4, 7, cgroup=cgroup), late=MemoryKill(pid, "late"), total=5)
    assert isinstance(event, Matched)
    assert event.line == f"the kernel killed late (pid {pid}) for want of memory"


def test_a_kill_without_a_name_as_the_run_ended_is_a_doubt() -> None:
    (event,) = told(Log(), at(1, 4, 7), total=6)
    assert isinstance(event, Doubted)
    assert event.reason.startswith("the kernel killed 2 processes of this host for want of memory, as the run ended")
    assert told(Log(), at(1, 4, 7, cgroup=CgroupSample(oom_kills=0)), total=6) == []
