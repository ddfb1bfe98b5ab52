"""A part of a load, in a process of its own: ``python -m stresstui.lab.load.shard JSON``, as ``order`` writes it.

It loads between ``go`` and ``stop`` on its standard input, hands over what it has counted since it last did four times
a second, and, once its connections are closed, the rest.
"""

import asyncio
import contextlib
import dataclasses
import json
import signal
import sys
import time
from typing import Any

import uvloop

from stresstui.lab.load.driver import Driver
from stresstui.lab.load.profiles import LoadPlan
from stresstui.lab.net.socks import Address
from stresstui.lab.process.helper import UntilEnd, say

GO = "go"
"""The word on which it begins."""
STOP = "stop"
"""The word on which it stops, and closes."""
_REPORT_EVERY_S = 0.25


def order(entrance: Address, target: Address, plan: LoadPlan) -> str:
    """Return what to start it with."""
    return json.dumps({"entrance": entrance, "target": target, "plan": dataclasses.asdict(plan)})


def _ordered(text: str) -> Driver:
    asked = json.loads(text)
    plan = LoadPlan(**{**asked["plan"], "payloads": tuple(asked["plan"]["payloads"])})
    return Driver(Address(*asked["entrance"]), Address(*asked["target"]), plan, udp=False)


async def serve(text: str) -> None:
    """Load as told; raises what ended the load before it was told to stop."""
    driver, loop = _ordered(text), asyncio.get_running_loop()
    words = {GO: asyncio.Event(), STOP: asyncio.Event()}
    leave = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, leave.set)
    await loop.connect_read_pipe(lambda: UntilEnd(leave, lambda word: words[word].set()), sys.stdin)
    say({})
    load = asyncio.create_task(_load(driver, words[GO], words[STOP]))
    while not load.done() and not leave.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(load), _REPORT_EVERY_S)
        say(_report(driver, over=load.done()))
    await leave.wait()


async def _load(driver: Driver, go: asyncio.Event, stop: asyncio.Event) -> None:
    await go.wait()
    run, stopped = asyncio.create_task(driver.run()), asyncio.create_task(stop.wait())
    await asyncio.wait({run, stopped}, return_when=asyncio.FIRST_COMPLETED)
    run.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await run


def _report(driver: Driver, *, over: bool) -> dict[str, Any]:
    return {
        "at": time.monotonic(),
        "taken": driver.tally.take(),
        "active": driver.active,
        "streams": driver.streams,
        "over": over,
    }


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
