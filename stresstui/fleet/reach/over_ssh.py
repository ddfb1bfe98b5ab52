"""Boxes reached over SSH, as a Dask cluster of this session's own: what one is to do is called by its worker."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self

from stresstui.fleet.matrix.inventory import Box, Inventory
from stresstui.fleet.reach.boxes import ANSWER_S, answer_of
from stresstui.fleet.reach.certificate import temporary
from stresstui.fleet.reach.link import Link, LinkError
from stresstui.fleet.reach.worker import dask, quiet

STEADY_S: Final = 300.0
"""Seconds that a link has to hold to count as a steady one; what breaks sooner is given more time the next time."""
MOST_PATIENCE: Final = 8
"""How many times the usual waits a box is given at most, behind a network that loses packets."""
_KEYS: Final = ("tls_ca_file", "tls_worker_cert", "tls_worker_key")


class SshBoxes:
    """All boxes of an inventory; each is reached when it is first asked, and again after it was lost."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._security = temporary()
        self._links: dict[str, Link] = {}
        self._patience = {box.name: 1 for box in inventory.box}
        self._tried = {box.name: -STEADY_S for box in inventory.box}
        self._locks = {box.name: asyncio.Lock() for box in inventory.box}
        self._scheduler: Any = None
        self._client: Any = None

    async def __aenter__(self) -> Self:
        self._scheduler = await dask.Scheduler(
            host="127.0.0.1",
            port=0,
            protocol="tls",
            security=self._security,
            allowed_failures=0,
            **quiet("scheduler"),
        )
        self._client = await dask.Client(
            self._scheduler.address, asynchronous=True, security=self._security, name="fleet"
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.gather(*(link.close() for link in self._links.values()))
        with contextlib.suppress(OSError, TimeoutError):
            if self._client is not None:
                await asyncio.wait_for(self._client.close(), 5)
            if self._scheduler is not None:
                await asyncio.wait_for(self._scheduler.close(), 5)

    async def ask(self, name: str, function: Callable[..., Any], *given: Any, within: float = ANSWER_S) -> Any:
        """Have a box do something and give its answer; raises LinkError where it cannot be reached, else as it did."""
        link = await self._reach(name)
        patience = self._patience[name]
        try:
            worker = self._scheduler.aliases.get(name, "")
            return await answer_of(
                self._client, worker, function, given, until=link.wait_lost(), within=patience * within
            )
        except LinkError:
            await self._drop(name)
            raise

    async def _reach(self, name: str) -> Link:
        async with self._locks[name]:
            link = self._links.get(name)
            if link is not None and link.alive:
                return link
            if link is not None:
                await self._drop(name)
            fresh = Link(self._box(name), self._inventory.ssh)
            secret = dict(zip(("ca", "cert", "key"), self._pem(), strict=True))
            await fresh.open(self._scheduler.port, secret, self._next_patience(name))
            self._links[name] = fresh
            try:
                await self._registered(fresh)
            except LinkError:
                await self._drop(name)
                raise
            return fresh

    def _next_patience(self, name: str) -> int:
        """How many times the usual waits a link is given: twice those of the last, where that did not hold."""
        now, last = time.monotonic(), self._tried[name]
        self._tried[name] = now
        self._patience[name] = min(2 * self._patience[name], MOST_PATIENCE) if now - last < STEADY_S else 1
        return self._patience[name]

    async def _registered(self, link: Link) -> None:
        """Wait for a worker that listens to reach the scheduler; raises LinkError."""
        deadline = time.monotonic() + ANSWER_S * self._patience[link.box.name]
        while link.box.name not in self._scheduler.aliases:
            if not link.alive or time.monotonic() > deadline:
                raise LinkError("its worker cannot reach the scheduler")
            await asyncio.sleep(0.05)

    async def _drop(self, name: str) -> None:
        link = self._links.pop(name, None)
        if link is not None:
            await link.close()

    def _box(self, name: str) -> Box:
        return next(box for box in self._inventory.box if box.name == name)

    def _pem(self) -> list[str]:
        return [str(getattr(self._security, key)) for key in _KEYS]
