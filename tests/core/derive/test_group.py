"""What is summed over processes is kept while they are the same objects, and says what looking at each would."""

from typing import Any
from unittest.mock import patch

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.core.derive.group import group_of
from stresstui.core.model.event import Phase
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.core.run.fold import RunState
from tests.core.story import MIB, Story, process

_BYTES = st.none() | st.sampled_from((0, 5 * MIB))
_PROCESSES = st.lists(
    st.builds(
        lambda pid, started, role, number, shared: process(
            1.0, pid=pid, started=started, role=role, cpu_s=number, fds=number, established=number, udp=number,
            bytes_in=number, bytes_out=number, rss_anon=shared, rss_shmem=shared,
        ),
        st.integers(1, 3), st.sampled_from((1.0, 2.0)), st.sampled_from(Role), st.none() | st.integers(0, 3), _BYTES,
    ),
    max_size=4, unique_by=lambda one: one.pid,
).map(tuple)  # fmt: skip
_STEPS = st.lists(_PROCESSES | st.sets(st.integers(0, 3)), min_size=2, max_size=6)
"""Processes of each sample, or which of those of the sample before have moved since."""
Step = tuple[ProcessSample, ...] | set[int]


def story_of(steps: list[Step], *, same: bool) -> Story:
    """Samples that give unchanged processes as the same objects, or as others that are equal."""
    story, now = Story("growth(rss) < 1MiB/h").phase(Phase.SOAK), tuple[ProcessSample, ...]()
    for step in steps:
        if not isinstance(step, set):
            now = step
        elif step:  # else it is the very same tuple
            now = tuple(_stirred(one) if at in step else one for at, one in enumerate(now))
        story.sample(processes=now if same else tuple(map(msgspec.structs.replace, now)))
        story.t += 20.0
    return story


def _stirred(one: ProcessSample) -> ProcessSample:
    """It has run, opened a file and lost half of its memory; whether its sockets may be read has changed."""
    return msgspec.structs.replace(
        one, cpu_s=None if one.cpu_s is None else one.cpu_s + 1, fds=(one.fds or 0) + 1,
        udp=2 if one.udp is None else None, rss_shmem=None if one.rss_shmem is None else one.rss_shmem // 2,
    )  # fmt: skip


@settings(max_examples=300)
@given(_STEPS)
def test_processes_that_are_the_same_objects_fold_as_equal_ones_do(steps: list[Step]) -> None:
    one = story_of(steps, same=True).state()
    with patch("stresstui.core.run.sampled.group_of", lambda sample, _: group_of(sample)):
        other = story_of(steps, same=False).state()
    assert one.reading == other.reading
    assert one.processes == other.processes
    assert one.series == other.series
    assert one.entries == other.entries
    assert told(one) == told(other)


def told(state: RunState) -> Any:
    return [(name, pid, series) for name, pid, series in state.background.attribution.histories("rss")]


def test_the_same_processes_are_added_up_once() -> None:
    processes = (process(1.0), process(1.0, pid=2, role=Role.DRIVER))
    once = group_of(Sample(2.0, processes), group_of(Sample(1.0, processes)))
    assert group_of(Sample(3.0, processes), once) is once
    later = (processes[0], process(2.0, pid=2, role=Role.DRIVER))
    then = group_of(Sample(4.0, later), once)
    assert then.changed == [(processes[1], later[1])]
    assert group_of(Sample(5.0, later), then).changed == []
