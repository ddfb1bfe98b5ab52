"""Faults in the kernel's log: told where nothing else tells, and only of what is under test."""

import pytest

from stresstui.core.model.event import Doubted, Event, Problem, ProcessKnown
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.process.kernel.log import Fault
from stresstui.engine.supervise.deaths.kernel_faults import KernelFaults


class Reports:
    """What the kernel reports beside its log."""

    def __init__(self) -> None:
        self.new: list[Fault] = []

    def faults(self) -> list[Fault]:
        found, self.new = self.new, []
        return found


class Scene:
    """A run with a log of the kernel's."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.ending = False
        self.log: list[Fault] = []
        self.reports = Reports()
        self.crashes = self.tests = 0.0
        self.watch = KernelFaults(
            self,  # type: ignore[arg-type]
            (self, self.reports),
            lambda: self.crashes,
            lambda: self.tests,
            first=lambda: 7,
            lineage=self,
        )
        self.t = 0.0
        self.parents: dict[int, int] = {}
        self.ended: dict[int, int] = {}
        """Parents that are known from the next refresh on."""

    def record(self, event: Event) -> None:
        self.events.append(event)

    def faults(self) -> list[Fault]:
        found, self.log = self.log, []
        return found

    def refresh(self) -> None:
        self.parents |= self.ended
        self.ended = {}

    def above(self, pid: int) -> list[int]:
        return [pid, self.parents.get(pid, 0)]

    def sample(self, *pids: int, role: Role = Role.SUT) -> "Scene":
        self.t += 1.0
        self.watch.observe(Sample(self.t, tuple(ProcessSample(pid, 1, f"worker{pid}", role, 1) for pid in pids)))
        return self

    def fault(self, pid: int, signal: str = "SIGSEGV", parent: int = 0) -> "Scene":
        self.log.append(Fault(pid, "kernel's name", signal, parent))
        return self

    def break_children(self, count: int) -> "Scene":
        """Children of process 7, one a second, none of whom a sample sees."""
        for number in range(count):
            self.fault(1000 + number, "SIGABRT", parent=7).sample(7)
        return self.sample(7).sample(7)


def told(scene: Scene) -> list[tuple[int, str]]:
    return [(event.pid, event.detail) for event in scene.events if isinstance(event, ProcessKnown)]


def test_a_worker_whose_parent_is_silent_is_told_after_two_samples() -> None:
    scene = Scene().sample(7, 8).fault(7, "SIGILL").sample(8)
    assert told(scene) == []
    assert told(scene.sample(8)) == [(7, "killed by SIGILL, says the kernel")]
    assert len(told(scene.sample(8).sample(8))) == 1


def test_what_somebody_else_tells_is_not_told_again() -> None:
    scene = Scene().sample(7, 8).fault(7).sample(8)
    scene.crashes = 1.0
    assert told(scene.sample(8).sample(8)) == []
    before = Scene().sample(7)
    before.crashes = 1.0  # told between the sample and the log
    assert told(before.fault(7).sample(8).sample(8).sample(8)) == []


def test_others_and_attempts_too_short_for_a_sample_are_no_concern() -> None:
    scene = Scene().sample(7).sample(9, role=Role.BUILD).fault(9).fault(4711).sample(8).sample(8).sample(8)
    assert told(scene) == []


def test_at_the_end_of_the_run_nothing_is_waited_for() -> None:
    scene = Scene().sample(7, 8).fault(7)
    scene.watch.settle(2.0)
    assert told(scene) == [(7, "killed by SIGSEGV, says the kernel")]


@pytest.mark.parametrize(("signal", "told_of"), [("SIGTRAP", 0), ("SIGABRT", 1)])
def test_while_it_is_being_ended_only_a_fault_of_its_own_says_something(signal: str, told_of: int) -> None:
    scene = Scene().sample(7)
    scene.ending = True
    assert len(told(scene.fault(7, signal).sample().sample().sample())) == told_of


def test_one_end_that_two_sources_tell_of_is_one_crash() -> None:
    scene = Scene().sample(7, 8)
    scene.reports.new = [Fault(7, "", "SIGSEGV")]
    scene.fault(7).sample(8)
    scene.reports.new = [Fault(7, "", "SIGSEGV")]  # one of them was late
    assert told(scene.sample(8).sample(8).sample(8)) == [(7, "killed by SIGSEGV, says the kernel")]


def test_what_the_log_does_not_tell_the_reports_do() -> None:
    scene = Scene().sample(7, 8)
    scene.reports.new = [Fault(7, "", "SIGABRT"), Fault(4711, "", "SIGABRT")]
    assert told(scene.sample(8).sample(8)) == [(7, "killed by SIGABRT, says the kernel")]


def test_who_came_later_is_known_and_who_has_left_is_not() -> None:
    scene = Scene().sample(7).sample(8).fault(8).fault(7).sample().sample()
    assert told(scene.sample()) == [(8, "killed by SIGSEGV, says the kernel")]


@pytest.mark.parametrize(
    ("count", "tests", "problems", "early", "late"),
    [(0, 0, 0, 0, 0), (1, 0, 1, 0, 1), (9, 0, 1, 0, 1), (25, 0, 1, 1, 1), (1, 3, 1, 0, 0), (25, 3, 1, 0, 0)],
)
def test_children_that_lived_too_shortly_leave_a_doubt_but_for_those_of_tests(
    count: int, tests: int, problems: int, early: int, late: int
) -> None:
    scene = Scene().sample(7)
    scene.tests = tests
    scene.break_children(count)
    assert told(scene) == []
    assert sum(isinstance(event, Problem) for event in scene.events) == problems
    assert sum(isinstance(event, Doubted) for event in scene.events) == early
    scene.watch.settle(scene.t)
    assert sum(isinstance(event, Doubted) for event in scene.events) == late
    assert all("worker7 (pid 7)" in getattr(event, "text", "") + getattr(event, "reason", "") for event in scene.events)


def test_tests_that_are_told_of_at_the_end_leave_no_doubt() -> None:
    scene = Scene().sample(7).break_children(1)
    scene.tests = 1.0
    scene.watch.settle(scene.t)
    assert not any(isinstance(event, Doubted) for event in scene.events)


def test_a_child_of_what_was_started_is_known_before_any_sample_and_so_is_one_at_a_remove() -> None:
    scene = Scene().fault(1000, parent=7)
    scene.ended[4711] = 7
    scene.fault(1001, parent=4711).fault(1002, parent=4712).fault(1003)
    scene.watch.settle(0.1)
    assert [event.reason for event in scene.events if isinstance(event, Doubted)] == [
        "2 processes below the command (pid 7) lived less than a sample and broke; whether that was meant is not told"
    ]


def test_children_of_whom_somebody_tells_are_not_said_again() -> None:
    scene = Scene().sample(7).fault(1000, "SIGABRT", parent=7).sample(7)
    scene.crashes = 1.0
    scene.sample(7).sample(7)
    assert scene.events == []
