"""Kills for want of memory where the run has no control group of its own."""

import pytest

from stresstui.core.model.event import Doubted, Event, Matched
from stresstui.core.model.sample import CgroupSample, HostSample, ProcessSample, Role, Sample
from stresstui.engine.process.kernel_log import MemoryKill
from stresstui.engine.supervise.memory_kills import MemoryKills


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
    kills = MemoryKills(context, log)  # type: ignore[arg-type]
    for sample in samples:
        kills.observe(sample)
    return context.events


def test_a_process_under_test_that_was_killed_is_told_by_name() -> None:
    (event,) = told(Log(MemoryKill(7, "worker")), at(1, 4, 7, 8), at(2, 5, 8))
    assert isinstance(event, Matched)
    assert (event.pattern, event.line) == ("oom_kill", "the kernel killed worker (pid 7) for want of memory")


@pytest.mark.parametrize(
    ("log", "role", "whom"),
    [
        (Log(MemoryKill(9, "other")), Role.SUT, "other (pid 9), which no sample"),
        (Log(MemoryKill(7, "driver")), Role.DRIVER, "driver (pid 7), which no sample"),
        (Log(), Role.SUT, "1 process of this host"),
    ],
)
def test_what_cannot_be_told_is_a_doubt(log: Log, role: Role, whom: str) -> None:
    (event,) = told(log, at(1, 4, 7, role=role), at(2, 5, role=role))
    assert isinstance(event, Doubted)
    assert whom in event.reason


def test_what_the_count_does_not_show_or_the_own_group_tells_is_left_alone() -> None:
    kill = MemoryKill(7, "worker")
    assert told(Log(kill), at(1, 4, 7), at(2, 4)) == []
    assert told(Log(kill), at(1, None, 7), at(2, None)) == []
    assert told(Log(kill), at(1, 4, 7), at(2, 5, cgroup=CgroupSample(oom_kills=1))) == []
