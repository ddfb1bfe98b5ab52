from stresstui.core.model.event import ProcessKnown
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.process.children import ExitStatus
from stresstui.engine.supervise.process_tracker import EVENTS_MAX, OTHERS_MAX, ProcessTracker


def comings(tracker: ProcessTracker, sample: Sample) -> list[ProcessKnown]:
    """Who came and went with a sample."""
    return tracker.track(sample)[1]


def process(pid: int, role: Role = Role.SUT, name: str = "a") -> ProcessSample:
    return ProcessSample(pid, 1.0, name, role)


def test_comings_and_goings() -> None:
    tracker = ProcessTracker()
    first = comings(tracker, Sample(1.0, (process(1, Role.DRIVER), process(2))))
    assert [(event.pid, event.state) for event in first] == [(2, "running"), (1, "running")]
    assert comings(tracker, Sample(2.0, (process(1, Role.DRIVER), process(2)))) == []
    assert tracker.record_exit_status(2.5, 2, ExitStatus(3, None), Role.SUT) is None
    (ended,) = comings(tracker, Sample(3.0, (process(1, Role.DRIVER),)))
    assert (ended.pid, ended.state, ended.detail) == (2, "ended", "exit status 3")


def test_who_is_still_there_after_its_end_was_told_is_told_again() -> None:
    tracker, same = ProcessTracker(), (process(1), process(2))
    comings(tracker, Sample(1.0, same))
    assert comings(tracker, Sample(2.0, same)) == []
    assert tracker.unasked_end(2.5, 2, Role.SUT, "a", "killed") is not None
    (again,) = comings(tracker, Sample(3.0, same))
    assert (again.pid, again.state) == (2, "running")


def test_announced_names_win_over_the_kernels_until_the_process_ends() -> None:
    tracker = ProcessTracker()
    tracker.announce(ProcessKnown(0.5, 2, Role.SUT, "server"))
    named, events = tracker.track(Sample(1.0, (process(1), process(2))))
    assert [one.name for one in named.processes] == ["a", "server"]
    assert [(event.pid, event.name) for event in events] == [(1, "a")]
    (ended,) = comings(tracker, Sample(2.0, (process(1),)))
    assert (ended.name, ended.state) == ("server", "ended")
    again = Sample(3.0, (process(2),))
    assert tracker.track(again)[0] is again


def test_a_sample_of_before_the_announcement_has_its_role() -> None:
    tracker = ProcessTracker()
    tracker.announce(ProcessKnown(1.5, 2, Role.SUT, "server"))
    (early,) = tracker.track(Sample(1.4, (process(2, Role.DRIVER),)))[0].processes
    assert (early.name, early.role) == ("server", Role.SUT)
    (later,) = tracker.track(Sample(2.4, (process(2, Role.SERVICE),)))[0].processes
    assert later.role is Role.SERVICE


def test_who_was_seen_before_it_was_announced_is_not_told_twice() -> None:
    tracker = ProcessTracker()
    (seen,) = comings(tracker, Sample(1.0, (process(2, Role.DRIVER),)))
    assert seen.role is Role.DRIVER
    tracker.announce(ProcessKnown(1.5, 2, Role.SUT, "server"))
    assert comings(tracker, Sample(2.0, (process(2),))) == []
    (changed,) = comings(tracker, Sample(3.0, (process(2, Role.SERVICE),)))
    assert (changed.pid, changed.role) == (2, Role.SERVICE)


def test_an_end_by_a_signal_is_told_once_and_at_once() -> None:
    tracker = ProcessTracker()
    comings(tracker, Sample(1.0, (process(2),)))
    event = tracker.record_exit_status(1.5, 2, ExitStatus(None, "SIGSEGV"), Role.SUT)
    assert event is not None
    assert (event.t, event.role, event.detail) == (1.5, Role.SUT, "killed by SIGSEGV")
    assert comings(tracker, Sample(2.0)) == []


def test_a_run_that_starts_thousands_is_bounded_and_the_system_under_test_comes_first() -> None:
    tracker, told = ProcessTracker(), []
    for n in range(500):
        told += comings(tracker, Sample(float(n), (process(3 * n), process(3 * n + 1, Role.BUILD))))
    assert sum(event.role is Role.SUT for event in told) == EVENTS_MAX
    assert sum(event.role is Role.BUILD for event in told) == OTHERS_MAX


def test_an_end_before_the_first_sample_keeps_the_role_that_was_announced() -> None:
    tracker = ProcessTracker()
    tracker.announce(ProcessKnown(0.5, 2, Role.SERVICE, "relay"))
    event = tracker.record_exit_status(0.6, 2, ExitStatus(None, "SIGKILL"), Role.SUT)
    assert event is not None
    assert (event.role, event.name) == (Role.SERVICE, "relay")
