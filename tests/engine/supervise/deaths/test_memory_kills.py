"""Kills for want of memory where the run has no control group of its own."""

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


def told(log: Log, *samples: Sample) -> list[Event]:
    context = Context()
    kills = MemoryKills(context, log, lambda pids: {"/mine"} if list(pids) else set())  # type: ignore[arg-type]
    for sample in samples:
        kills.observe(sample)
    return context.events


def test_a_process_under_test_that_was_killed_is_told_by_name() -> None:
    (event,) = told(Log(MemoryKill(7, "worker", "/elsewhere")), at(1, 4, 7, 8), at(2, 5, 8))
    assert isinstance(event, Matched)
    assert (event.pattern, event.line) == ("oom_kill", "the kernel killed worker (pid 7) for want of memory")


@pytest.mark.parametrize(
    ("kill", "kind"),
    [
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
    assert "other (pid 9)" in str(event)


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


def test_what_the_count_does_not_show_or_the_own_group_tells_is_left_alone() -> None:
    kill = MemoryKill(7, "worker")
    assert told(Log(kill), at(1, 4, 7), at(2, 4)) == []
    assert told(Log(kill), at(1, None, 7), at(2, None)) == []
    assert told(Log(kill), at(1, 4, 7), at(2, 5, cgroup=CgroupSample(oom_kills=1))) == []
