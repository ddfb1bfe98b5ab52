"""A load by several processes comes to what one would have counted, or it has failed."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.lab.load.joint_driver import JointDriver, Other, UnaccountedError
from stresstui.lab.load.profiles import MIB, PROFILES, LoadPlan
from stresstui.lab.load.share import parts, wanted
from stresstui.lab.load.stats import CAUSES, Tally
from stresstui.lab.net.payload import Payload
from stresstui.lab.net.socks import Address

NOWHERE = Address("127.0.0.1", 9)
EVENTS = st.one_of(
    st.tuples(st.sampled_from(["offered", "missed", "connections", "requests", "bytes", "corrupt", "lost"])),
    st.tuples(st.just("failed"), st.sampled_from(CAUSES)),
    st.tuples(st.sampled_from(["connect", "latency", "udp"]), st.floats(0.0, 4000.0)),
)


@given(st.integers(1, 9), st.sampled_from([*PROFILES.values(), LoadPlan(rate=7.0, concurrency=3, flows=0)]))
def test_the_parts_of_a_plan_come_to_the_whole(count: int, plan: LoadPlan) -> None:
    shared = parts(plan, count)
    assert len(shared) == min(count, plan.concurrency)
    assert sum(part.rate for part in shared) == pytest.approx(plan.rate)
    assert sum(part.concurrency for part in shared) == plan.concurrency
    assert all(part.concurrency for part in shared)
    assert sum(part.flows for part in shared) == plan.flows
    if plan.flows:
        assert sum(part.flow_rate for part in shared) == pytest.approx(plan.flow_rate)
        each = [part.flow_rate / part.flows for part in shared if part.flows]
        assert each == pytest.approx([plan.flow_rate / plan.flows] * len(each))
    assert sum(part.datagrams for part in shared) == shared[0].datagrams == plan.datagrams
    blocks = [Payload(part.seed).cut(0, 1000) for part in shared]
    assert len(set(blocks)) == len(shared)
    assert blocks[0] == Payload(plan.seed).cut(0, 1000)


def test_a_rate_that_one_process_cannot_give_asks_for_more_where_there_are_cores() -> None:
    assert wanted(PROFILES["steady"], 64) == 1
    assert wanted(LoadPlan(rate=20_000.0), 64) == 4
    assert wanted(LoadPlan(rate=20_000.0), 4) == 2
    assert wanted(LoadPlan(rate=20_000.0), 1) == 1
    assert wanted(LoadPlan(flow_rate=2000.0 * MIB), 64) == 5
    assert wanted(LoadPlan(flows=0, flow_rate=2000.0 * MIB), 64) == 1


def happen(tally: Tally, what: tuple[Any, ...]) -> None:
    if what[0] == "failed":
        tally.failed(what[1])
    elif len(what) == 2:
        getattr(tally, what[0]).record(what[1])
    else:
        setattr(tally, what[0], getattr(tally, what[0]) + 1)


@given(st.lists(st.tuples(EVENTS, st.integers(0, 2), st.booleans())))
def test_what_others_count_adds_up_to_what_one_would_have_counted(
    events: list[tuple[tuple[Any, ...], int, bool]],
) -> None:
    alone, together = Tally(), Tally()
    shards = [together, Tally(), Tally()]
    for what, where, report in events:
        happen(alone, what)
        happen(shards[where], what)
        if report and where:
            together.add(json.loads(json.dumps(shards[where].take())))
    for shard in shards[1:]:
        together.add(json.loads(json.dumps(shard.take())))
        assert shard.take() == Tally().take()
    assert together.metrics(udp=True) == alone.metrics(udp=True)
    assert together.summary() == alone.summary()


def report(at: float, *, over: bool = False, active: int = 0, **counts: int) -> dict[str, Any]:
    taken = {"counts": counts, "failures": {}, "times": {}}
    return {"at": at, "taken": taken, "active": active, "streams": active, "over": over}


def joint(plan: LoadPlan) -> tuple[JointDriver, Other, asyncio.Queue[str]]:
    driver, words = JointDriver(NOWHERE, NOWHERE, plan, udp=False), asyncio.Queue[str]()
    other = Other(driver.tally, words.put_nowait)
    driver.others.append(other)
    return driver, other, words


IDLE = LoadPlan(rate=0.0, flows=0, datagrams=0.0, load=100.0)


async def test_the_others_begin_and_stop_with_it_and_all_is_in_one_tally() -> None:
    driver, other, words = joint(IDLE)
    other.hear({})
    task = asyncio.create_task(driver.run())
    assert await words.get() == "go"
    other.hear(report(1.0, active=3, connections=5, offered=9))
    assert (driver.active, driver.streams, driver.tally.connections) == (3, 3, 5)
    task.cancel()
    assert await words.get() == "stop"
    assert not task.done()
    other.hear(report(2.0, over=True, connections=4))
    await asyncio.wait([task])
    assert task.cancelled()
    assert (driver.active, driver.tally.connections, driver.tally.offered) == (0, 9, 9)
    assert words.empty()


@pytest.mark.parametrize("how", ["ended", "silent"])
async def test_counts_that_were_not_handed_over_are_a_failure(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    driver, other, _ = joint(IDLE)
    other.ended = asyncio.get_running_loop().create_future()
    if how == "ended":
        other.ended.set_result(-9)
    else:
        monkeypatch.setattr("stresstui.lab.load.joint_driver._OVER_WITHIN_S", 0.05)
    task = asyncio.create_task(driver.run())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(UnaccountedError):
        await task


def test_throughput_is_by_the_clock_of_those_who_measured_it(monkeypatch: pytest.MonkeyPatch) -> None:
    driver, other, _ = joint(LoadPlan())
    driver.loading = True
    clock = iter([10.0, 11.0, 12.0, 13.0])
    monkeypatch.setattr("stresstui.lab.load.driver.time.monotonic", lambda: next(clock))
    other.hear(report(9.9, bulk=1_000))
    assert "bulk_throughput" not in driver.metrics()
    driver.tally.bulk += 500
    other.hear(report(10.4, bulk=400))
    other.hear(report(10.65, bulk=200))
    assert driver.metrics()["bulk_throughput"] == pytest.approx(500 / 1.0 + 600 / 0.75)
    assert "bulk_throughput" not in driver.metrics()  # nothing was heard meanwhile
    other.hear(report(12.9, bulk=225))
    assert driver.metrics()["bulk_throughput"] == pytest.approx(225 / 2.25)
