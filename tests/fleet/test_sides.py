"""When the two sides of a load begin, and when its servers have no more to wait for."""

from typing import Any

import pytest

from stresstui.core.model.event import Started
from stresstui.core.run.fold import RunState
from stresstui.fleet import sides
from stresstui.fleet.matrix.inventory import Box, Inventory, Wanted
from stresstui.fleet.reach import box_side
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.record import FleetRecord, FleetRun, State
from stresstui.fleet.sides import DRAIN_S, LATE_S, NotYet, Sides

WANTED = Wanted(scenario="ech_24h", server="a", clients=("b", "c"))


class Far:
    """Boxes, of which some do not answer; what is asked of them is kept."""

    def __init__(self) -> None:
        self.off: set[str] = set()
        self.finished: list[str] = []

    async def ask(self, name: str, function: Any, *given: Any, within: float = 0) -> Any:
        del within
        if name in self.off:
            raise LinkError("no answer")
        if function is box_side.finish:
            self.finished.append(given[0])
            return True
        if function in (box_side.invitation, box_side.invitation_place, box_side.take_invitation):
            return "/place"
        raise AssertionError(function)


class Load:
    """A load of two boxes on one, as a controller sees it."""

    def __init__(self) -> None:
        runs = [
            FleetRun(box=box, wanted=WANTED, part="client" if box != "a" else "server", load=1)
            for box in ("a", "b", "c")
        ]
        record = FleetRecord(name="f", inventory=Inventory(box=tuple(Box(name=n, host="10.0.0.1") for n in "abc")))
        record.runs = runs
        self.states: dict[int, RunState] = {}
        self.server, self.one, self.other = runs
        self.far = Far()
        boxes: Any = self.far
        self.sides = Sides(record, boxes, lambda: self.states)

    def begin(self, number: int, said: str, *, t: float = 10.0, seconds: float | None = 60.0) -> None:
        """Have a run be on and its workload say how it is."""
        run = (self.server, self.one, self.other)[number]
        run.directory, run.state = f"/r/{run.box}", State.RUNNING
        state = self.states[number] = RunState()
        state.started = Started(0.0, run="r", wall="", scenario={}, runner="lab", duration=seconds)
        state.workload.state, state.t = said, t

    async def is_over(self) -> bool:
        await self.sides.tidy(self.server)
        return bool(self.far.finished)


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(sides, "time", made)
    return made


async def test_servers_begin_once_the_boxes_of_all_clients_answer() -> None:
    load = Load()
    load.far.off = {"c"}
    for client in (load.one, load.other):
        with pytest.raises((NotYet, LinkError)):
            await load.sides.options(client)
    with pytest.raises(NotYet, match=r"^until c answers, to load it$"):
        await load.sides.options(load.server)
    load.far.off = set()
    with pytest.raises(NotYet, match="until the servers of its load are up"):
        await load.sides.options(load.other)
    assert (await load.sides.options(load.server))[0] == "--serve"


async def test_servers_do_not_wait_for_a_client_that_could_not_run() -> None:
    load = Load()
    load.one.state = load.other.state = State.REFUSED
    assert (await load.sides.options(load.server))[0] == "--serve"


async def test_servers_stay_until_the_last_connection_of_every_client_is_closed() -> None:
    load = Load()
    load.begin(0, "loading")
    load.begin(1, "idle")
    load.begin(2, "loading")
    assert not await load.is_over()
    load.begin(2, "idle")
    assert await load.is_over()


async def test_a_client_that_is_not_heard_loads_as_long_as_its_plan_says(clock: Clock) -> None:
    load = Load()
    load.begin(0, "loading")
    load.begin(1, "idle")
    load.begin(2, "loading", seconds=60.0)
    assert not await load.is_over()
    clock.now += 60.0 + DRAIN_S - 1.0
    assert not await load.is_over()
    clock.now += 2.0
    assert await load.is_over()


async def test_a_client_that_is_heard_loads_on(clock: Clock) -> None:
    load = Load()
    load.begin(0, "loading")
    load.begin(1, "idle")
    load.begin(2, "loading")
    for _ in range(10):
        clock.now += 30.0
        load.states[2].t += 30.0
        assert not await load.is_over()


async def test_a_client_whose_box_went_before_it_began_is_waited_for_a_while_once_the_others_are_through(
    clock: Clock,
) -> None:
    load = Load()
    load.begin(0, "loading")
    load.begin(1, "loading")
    clock.now += 10 * LATE_S
    load.states[1].t += 10 * LATE_S
    assert not await load.is_over()
    load.begin(1, "idle")
    assert not await load.is_over()
    clock.now += LATE_S + 1.0
    assert await load.is_over()
