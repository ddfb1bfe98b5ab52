"""Makes the load of one tunnel: starts on a grid whatever the tunnel does (open loop), and counts what follows."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Coroutine

from stresstui.lab.load.connections import Exchange, Flow, Traffic, over
from stresstui.lab.load.datagrams import LOST_AFTER, DatagramFlow
from stresstui.lab.load.opener import opener
from stresstui.lab.load.profiles import LoadPlan
from stresstui.lab.load.stats import Tally
from stresstui.lab.net.payload import Payload
from stresstui.lab.net.socks import Address
from stresstui.within import within

_DRAIN = 6.0
_MOST_BEHIND = 64  # requests of one flow that may wait for their answer
_SWEEP = 0.5
_AGAIN = 1.0
_TOLERANCE = 0.5  # seconds that the driver may be late when it is stopped
_PROBE_AGAIN = 0.05
_PROBE_TIMEOUT = 5.0
_AT_ONCE = 16  # connections begun before those that are open get their turn


class Driver:
    """The load through one SOCKS entrance to the echo target."""

    def __init__(
        self, entrance: Address, target: Address, plan: LoadPlan, *, udp: bool, udp_target: Address | None = None
    ) -> None:
        self.tally = Tally()
        self.probes = Tally()
        """What the proofs that it works have come to."""
        self.loading = False
        self._entrance, self._target, self._plan = entrance, target, plan
        self._udp_target = udp_target or target
        self._udp = udp and plan.datagrams > 0
        self._payload = Payload(plan.seed)
        self._draw = random.Random(plan.seed)
        self._active: set[Traffic] = set()
        self._exchanges = 0
        self._flows: dict[int, Flow] = {}
        self._datagrams: DatagramFlow | None = None
        self._measured = (0.0, 0)
        self._tasks: set[asyncio.Task[None]] = set()
        self._opener = opener()
        self._all_over = asyncio.Event()

    @property
    def active(self) -> int:
        """Connections open or being opened now."""
        return len(self._active)

    @property
    def streams(self) -> int:
        """Connections that reach through the tunnel now."""
        return sum(connection.is_open for connection in self._active)

    async def prove(self, within: float) -> float:
        """Make one verified round trip and return its seconds; raises TimeoutError with the last cause."""
        until, cause = time.monotonic() + within, "nothing tried"
        while time.monotonic() < until:
            tally = Tally()
            cause = await self._probe(tally)
            if tally.requests:
                return tally.latency.longest
            await asyncio.sleep(_PROBE_AGAIN)
        raise TimeoutError(f"no round trip in {within:g} s ({cause})")

    async def _probe(self, tally: Tally) -> str:
        now = time.monotonic()
        probe = Exchange(self._target, self._payload, tally, intended=now, close="fin", size=1024, requests=1)
        ended = over(probe)
        self._opener.open(probe, self._entrance)
        await asyncio.wait([ended], timeout=_PROBE_TIMEOUT)
        if not probe.over:
            probe.fail("timeout")
        self.probes.opened += tally.opened
        self.probes.bytes += tally.bytes
        return probe.cause or "closed"

    def metrics(self) -> dict[str, float]:
        """Return the metrics of this load and begin the next interval of its latency windows."""
        found = self.tally.metrics(udp=self._udp)
        found["active_connections"] = self.active
        found["load_on"] = int(self.loading)
        found |= self._throughput()
        self.tally.turn()
        return found

    def _throughput(self) -> dict[str, float]:
        """Return the bulk bytes per second since the last time; nothing for a time that the lab itself disturbed."""
        (since, before), now = self._measured, time.monotonic()
        self._measured = now if self.loading else 0.0, self.tally.bulk
        if not since or not self.loading or not self._plan.flows or self._disturbed(since, now):
            return {}
        return {"bulk_throughput": (self.tally.bulk - before) / (now - since)}

    def _disturbed(self, since: float, until: float) -> bool:
        return since < self.tally.disturbance[1] and until > self.tally.disturbance[0]

    async def run(self) -> None:
        """Load until cancelled, in waves where the plan has them; ends with every connection closed."""
        sweep = asyncio.create_task(self._sweep())
        try:
            while True:
                await self._wave()
        finally:
            await self._drain()
            sweep.cancel()
            self._opener.close()

    async def _wave(self) -> None:
        self.loading = True
        for work in self._works():
            self._start(work)
        await self._watch(self._plan.load or None)
        if self._plan.load:
            await self._drain()
            await asyncio.sleep(self._plan.idle)

    async def _watch(self, seconds: float | None) -> None:
        """Wait while the load goes on; raises what ended a part of it, so that no load stops unnoticed."""
        done, _ = await asyncio.wait(self._tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    def _works(self) -> list[Coroutine[None, None, None]]:
        works = [self._pace_exchanges()] if self._plan.rate > 0 else []
        works += [self._keep_flow(number) for number in range(self._plan.flows)]
        if self._plan.flows and self._plan.flow_rate:
            works.append(self._pace_flows())
        if self._udp:
            works.append(self._pace_datagrams())
        return works

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self) -> None:
        """Stop starting, let what is in flight finish, close properly; abort what does not end in six seconds."""
        self.loading = False
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        for connection in list(self._active):
            connection.finish()
        self._all_over.clear()
        if self._active:
            with contextlib.suppress(TimeoutError):
                await within(_DRAIN, self._all_over.wait())
        for connection in list(self._active):
            connection.fail("timeout")
        await self._close_datagrams()

    async def _close_datagrams(self) -> None:
        flow, self._datagrams = self._datagrams, None
        if flow is None:
            return
        with contextlib.suppress(TimeoutError):
            await within(LOST_AFTER, flow.settled())
        flow.expire(time.monotonic() + LOST_AFTER)
        flow.close()

    async def _pace_exchanges(self) -> None:
        intended = time.monotonic()
        try:
            async for due in due_together(self._plan.rate):
                intended = due[-1]
                self.tally.offered += len(due)
                room = max(0, self._plan.concurrency - self._exchanges)
                self.tally.missed += len(due[room:])
                for one in due[:room]:
                    self._exchange(one)
        finally:
            self._miss_overdue(intended)

    def _miss_overdue(self, intended: float) -> None:
        """Count what was due but never came to its turn, because the driver itself was too slow."""
        overdue = max(0, int((time.monotonic() - intended - _TOLERANCE) * self._plan.rate))
        self.tally.offered += overdue
        self.tally.missed += overdue

    def _exchange(self, intended: float) -> None:
        plan = self._plan
        connection = Exchange(
            self._target,
            self._payload,
            self.tally,
            intended=intended,
            close=plan.close,
            size=self._draw.choice(plan.payloads),
            requests=plan.requests,
        )
        self._exchanges += 1
        connection.when_over = self._exchange_over
        self._launch(connection)

    def _exchange_over(self, connection: Traffic) -> None:
        self._exchanges -= 1
        self._over(connection)

    def _launch(self, connection: Traffic) -> None:
        self._active.add(connection)
        self._opener.open(connection, self._entrance)

    def _over(self, connection: Traffic) -> None:
        self._active.discard(connection)
        if not self._active:
            self._all_over.set()

    async def _keep_flow(self, number: int) -> None:
        plan = self._plan
        while True:
            flow = Flow(
                self._target,
                self._payload,
                self.tally,
                intended=time.monotonic(),
                close=plan.close,
                bulk=0 if plan.flow_rate else plan.flow_block,
            )
            self.tally.offered += 1
            self._flows[number] = flow
            ended = over(flow, self._over)
            self._launch(flow)
            await asyncio.shield(ended)
            await asyncio.sleep(_AGAIN)

    async def _pace_flows(self) -> None:
        plan, turn = self._plan, 0
        async for intended in grid(plan.flow_rate / plan.flow_block):
            flow = self._flows.get(turn % plan.flows)
            turn += 1
            if flow is None or flow.over or flow.finishing or flow.backlog >= _MOST_BEHIND:
                self.tally.requests_missed += 1
            else:
                flow.request(plan.flow_block, intended)

    async def _pace_datagrams(self) -> None:
        flow = await self._associate()
        async for intended in grid(self._plan.datagrams):
            if not flow.alive:
                flow.close()
                flow = await self._associate()
            flow.send(intended)

    async def _associate(self) -> DatagramFlow:
        while True:
            flow = DatagramFlow(self._udp_target, self._payload, self.tally, size=self._plan.datagram_size)
            self._datagrams = flow
            try:
                await flow.open(self._entrance)
            except OSError:
                flow.close()
                self.tally.failed("socks")
                await asyncio.sleep(_AGAIN)
            else:
                return flow

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP)
            now = time.monotonic()
            for connection in list(self._active):
                connection.expire(now)
            if self._datagrams is not None:
                self._datagrams.expire(now)


async def grid(rate: float) -> AsyncIterator[float]:
    """Yield intended times (monotonic seconds) at a rate per second; what is overdue comes at once, never later."""
    async for due in due_together(rate):
        for intended in due:
            yield intended


async def due_together(rate: float) -> AsyncIterator[list[float]]:
    """Yield the same, as many together as are due; of those that are overdue, a few in each turn of the loop."""
    began, count = time.monotonic(), 0
    while True:
        await asyncio.sleep(max(0.0, began + count / rate - time.monotonic()))
        late = int((time.monotonic() - began) * rate) - count
        number = min(1 + max(0, late), _AT_ONCE)
        yield [began + at / rate for at in range(count, count + number)]
        count += number
