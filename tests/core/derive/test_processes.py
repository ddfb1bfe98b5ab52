"""Each process from its first to its last sample."""

from stresstui.core.derive.processes import PROCESSES_MAX, ProcessTable
from stresstui.core.model.sample import Role
from tests.core.story import MIB, Story, process


def observed(story: Story) -> ProcessTable:
    return story.state().processes


def test_first_last_most_and_mean() -> None:
    story = Story().phase_of("warm_up")
    for size in (10, 90, 40):
        story.run(1, rss=size * MIB, fds=None if size == 90 else size)
    (row,) = observed(story).rows.values()
    assert (row.rss_first, row.rss, row.rss_max) == (10 * MIB, 40 * MIB, 90 * MIB)
    assert (row.fds_first, row.fds, row.fds_max) == (10, 40, 40)
    assert (row.began, row.ended) == (0.0, 2.0)
    assert row.cpu_percent is not None
    assert abs(row.cpu_percent - 10.0) < 1e-6


def test_who_is_as_it_was_is_there_all_the_same() -> None:
    story = Story().phase_of("warm_up")
    idle, other = process(0.0, pid=5), process(0.0, pid=6)
    for processes in ((idle, other), (idle, other), (idle,)):
        story.sample(processes=processes)
        story.t += 1.0
    assert {row.pid: (row.began, row.ended) for row in observed(story).rows.values()} == {5: (0.0, 2.0), 6: (0.0, 1.0)}


def test_a_pid_that_comes_again_is_another_process() -> None:
    story = Story().phase_of("warm_up")
    for started in (1.0, 2.0):
        story.sample(processes=(process(story.t, started=started), process(story.t, pid=9, role=Role.BUILD)))
        story.t += 1.0
    assert len(observed(story).rows) == 2


def test_who_builds_from_now_on_is_left_as_it_was() -> None:
    story = Story().phase_of("warm_up")
    for role, rss in ((Role.SUT, 1), (Role.BUILD, 2), (Role.BUILD, 3)):
        story.sample(processes=(process(story.t, role=role, rss=rss),))
        story.t += 1.0
    (row,) = observed(story).rows.values()
    assert (row.rss, row.ended) == (1, 0.0)


def test_of_very_many_it_is_said_that_some_are_left_out() -> None:
    many = tuple(process(0.0, pid=pid) for pid in range(1, PROCESSES_MAX + 2))
    table = observed(Story().phase_of("warm_up").sample(processes=many))
    assert len(table.rows) == PROCESSES_MAX
    assert table.left_out
