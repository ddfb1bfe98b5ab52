"""A program with no descriptor left, which says nothing: told once, and how certain that is."""

import pytest

from stresstui.core.derive.child import AT_LIMIT, RAN_OUT
from stresstui.core.model.event import Event, Matched
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.supervise.at_limit import LOOKS_MOST, AtLimit


class Scene:
    """A run of one process, whose limit is 64."""

    def __init__(self, limit: int | None = 64) -> None:
        self.events: list[Event] = []
        self.asked: list[int] = []
        self._limit = limit
        self.watch = AtLimit(self, self.limit_of)  # type: ignore[arg-type]
        self.t = 0.0
        self.last: tuple[ProcessSample, ...] = ()

    def record(self, event: Event) -> None:
        self.events.append(event)

    def limit_of(self, pid: int) -> int | None:
        self.asked.append(pid)
        return self._limit

    def sample(self, *fds: int | None, role: Role = Role.SUT, backlog: int = 0) -> "Scene":
        """One sample for each number; the same object stands for a process of which nothing has changed."""
        for count in fds:
            self.t += 1.0
            if not self.last or self.last[0].fds != count:
                self.last = (ProcessSample(7, 1.0, "relay", role, 1, fds=count, backlog=backlog),)
            self.watch.observe(Sample(self.t, self.last))
        return self

    @property
    def told(self) -> list[str]:
        return [event.pattern for event in self.events if isinstance(event, Matched)]


@pytest.mark.parametrize(
    ("fds", "told"),
    [
        ((10, 20, 40, 64, 64), [RAN_OUT]),
        ((10, 20, 40, 64, 64, 64, 64), [RAN_OUT]),
        ((10, 20, 40, 64, 64, 60, 60, 64, 64), [RAN_OUT]),
        ((64, 64), [AT_LIMIT]),
        ((10, 64, 64), [AT_LIMIT]),
        ((3, 4, 5, 64, 64), [AT_LIMIT]),
        ((10, 20, 40, 64, 63, 64, 63), [RAN_OUT]),
        ((64, 63, 64), [AT_LIMIT]),
        ((10, 20, 40, 64, 63, 63, 63), []),
        ((10, 62, 63, 62, 63), []),
        ((10, 20, 40, 64), []),
        ((63, 63, 63), []),
        ((10, 20, 40, 50, 50, 64, 64), [RAN_OUT]),
        ((None, None), []),
    ],
)
def test_two_samples_at_the_limit_are_told(fds: tuple[int | None, ...], told: list[str]) -> None:
    assert Scene().sample(*fds).told == told


def test_what_waits_to_be_accepted_shows_that_it_wants_more() -> None:
    scene = Scene().sample(64, 64, backlog=3)
    assert scene.told == [RAN_OUT]
    (event,) = scene.events
    assert isinstance(event, Matched)
    assert event.line == (
        "relay (pid 7) has all 64 descriptors open that its limit allows, and 3 connections wait to be accepted"
    )


@pytest.mark.parametrize(
    ("scene", "fds", "role"),
    [
        (Scene(15), (15, 15), Role.SUT),
        (Scene(None), (64, 64), Role.SUT),
        (Scene(20), (64, 64), Role.SUT),
        (Scene(64), (64, 64), Role.SERVICE),
    ],
    ids=["a sandbox", "no limit", "lowered behind it", "another's"],
)
def test_who_is_not_meant(scene: Scene, fds: tuple[int, ...], role: Role) -> None:
    assert scene.sample(*fds, role=role).told == []


def test_a_limit_is_read_once_for_a_number_that_stays() -> None:
    assert len(Scene().sample(20, 20, 20, 20, 30, 30, 30).asked) == 2


def test_few_limits_are_read_at_one_sample() -> None:
    scene = Scene()
    many = tuple(ProcessSample(pid, 1.0, "w", Role.SUT, 1, fds=20) for pid in range(1, 2 * LOOKS_MOST))
    for t in (1.0, 2.0):
        scene.watch.observe(Sample(t, many))
    assert len(scene.asked) == LOOKS_MOST
