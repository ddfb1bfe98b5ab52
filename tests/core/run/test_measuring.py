"""How a run is measured, in words."""

from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.sample import CgroupSample, ProcessSample, Role, Sample, SocketSample
from stresstui.core.run.measuring import measuring
from tests.core.story import Story

PROXY = (ProcessSample(10, 1, "proxy", Role.SUT, 1, fds=9, established=2),)


def told(*samples: Sample) -> dict[str, str]:
    story = Story().phase(Phase.WARM_UP)
    return dict(measuring(story.add(*(ev.Sampled(sample.t, sample=sample) for sample in samples)).state()))


def test_nothing_before_the_first_sample() -> None:
    assert measuring(Story().state()) == []


def test_methods_cadence_and_cost() -> None:
    sockets = SocketSample(unattributed=1200)
    words = told(
        *(
            Sample(t, PROXY, sockets_t=0.0, cost_s=0.0042, missed=1, cgroup=CgroupSample(), sockets=sockets)
            for t in (0.0, 1.0, 2.0)
        )
    )
    assert words["processes"].endswith("every 1s: 3 samples, 4.2 ms of CPU each, 3 missed")
    assert words["sockets"] == (
        "the kernel's table, read 2s ago, estimated since; 1,200 closed before their owner was found"
    )
    assert words["control group"].startswith("its own")
    assert words["not readable"] == "nothing"


def test_what_cannot_be_seen_is_said() -> None:
    hidden = tuple(ProcessSample(pid, 1, "other", Role.SUT, 1) for pid in range(10, 15))
    words = told(Sample(0.0, hidden))
    assert words["sockets"] == "no table of the kernel could be read: not counted"
    assert words["control group"].startswith("none of its own")
    assert words["not readable"] == "descriptors or sockets of other (10), other (11), other (12) and 2 more"


def test_sockets_alone_may_be_hidden() -> None:
    hidden = (ProcessSample(10, 1, "other", Role.SUT, 1, fds=9),)
    assert told(Sample(0.0, hidden))["not readable"] == "descriptors or sockets of other (10)"


def test_a_table_of_this_sample_is_told_so() -> None:
    assert told(Sample(1.0, PROXY, sockets_t=1.0))["sockets"] == "the kernel's table, read with this sample"
