from stresstui.core.model.sample import ProcessSample
from stresstui.engine.collect.unreadable import Unreadable
from tests.core.story import process


def looked_at(*looks: list[ProcessSample]) -> list[str]:
    unreadable = Unreadable()
    for processes in looks:
        unreadable.observe(processes, {one.key for one in processes})
    return unreadable.take()


def test_what_may_not_be_read_is_told_once() -> None:
    hidden = process(1, fds=None, established=None)
    (told,) = looked_at([hidden], [hidden], [hidden])
    assert "may not be read" in told


def test_a_process_that_is_ending_is_not_said_to_be_somebody_elses() -> None:
    ending, other = process(1, fds=None, established=None), process(2, pid=9)
    assert looked_at([ending, other], [other], [other]) == []
