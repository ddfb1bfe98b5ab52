"""Boxes that are the workers of a Dask cluster which is there already: Kubernetes, Slurm, or started by hand.

A host is one box, however many workers it has. Whoever started the cluster owns it. What workers are asked is short;
the runs that they begin are their supervisors', and outlive worker, scheduler and cluster as far as their machine does.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, Self

import msgspec

from stresstui.fleet.matrix.inventory import Box, Dask
from stresstui.fleet.reach.boxes import ANSWER_S, answer_of
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.reach.worker import dask

CONNECT_S: Final = 5.0
"""Seconds that a connection to the scheduler may take."""
FRESH_S: Final = 1.0
"""Seconds that what the scheduler said of its workers is good for: all who ask meanwhile share one answer."""
_LOOK_S: Final = 1.0
"""Seconds between two looks at whether the scheduler is still there while a worker is asked."""
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_OTHER: Final = re.compile(r"[^A-Za-z0-9._-]+")

Workers = Mapping[str, Mapping[str, Any]]
"""What a scheduler knows of its workers, by their addresses."""


def found_boxes(workers: Workers, given: tuple[Box, ...] = ()) -> tuple[Box, ...]:
    """A box for each host that has a worker: what the inventory says of its name, and the worker's resources as labels.

    Where an inventory names boxes only those are taken.
    """
    known = {box.name: box for box in given}
    found: dict[str, Box] = {}
    for worker in sorted(workers.values(), key=lambda one: str(one.get("name"))):
        host, name = str(worker.get("host", "")), box_name(worker)
        labels = {str(key): value for key, value in (worker.get("resources") or {}).items()}
        box = known.get(name) or known.get(host)
        if (given and box is None) or host in {one.host for one in found.values()}:
            continue
        box = box or Box(name=name)
        found[box.name] = msgspec.structs.replace(box, host=host, labels=labels | box.labels)
    return tuple(found.values())


def box_name(worker: Mapping[str, Any]) -> str:
    """What a worker's host is called here: as the worker where somebody gave it a name, else by its address."""
    name = str(worker.get("name", ""))
    return name if _NAME.fullmatch(name) else _OTHER.sub("-", str(worker.get("host", ""))).strip("-.") or "box"


class ClusterBoxes:
    """The cluster's hosts; the scheduler is looked for again whenever it is gone."""

    def __init__(self, cluster: Dask, boxes: tuple[Box, ...] = ()) -> None:
        self._cluster = cluster
        self._hosts = {box.name: box.host for box in boxes}
        self._client: Any = None
        self._lock, self._asking = asyncio.Lock(), asyncio.Lock()
        self._known: tuple[Any, float, Workers] | None = None
        self._failed = 0.0, ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave(self._client)

    async def ask(self, name: str, function: Callable[..., Any], *given: Any, within: float = ANSWER_S) -> Any:
        """Have a box do something and give its answer; raises LinkError where it cannot be reached, else as it did."""
        client, workers = await self._found()
        worker = _worker_of(name, self._hosts.get(name, ""), workers)
        if client.status != "running":  # whoever asked beside this has found it gone
            raise LinkError(f"the scheduler {self._cluster.scheduler} does not answer")
        try:
            return await answer_of(client, worker, function, given, until=self._until_gone(client), within=within)
        except LinkError:
            if self._known is not None and self._known[2] is workers:
                self._known = None  # another worker may be there instead
            raise

    async def workers(self) -> Workers:
        """What the scheduler knows of its workers now; raises LinkError."""
        return (await self._found())[1]

    async def _found(self) -> tuple[Any, Workers]:
        """A client, and what the scheduler told it of its workers, a moment ago at most."""
        client = await self._connected()
        async with self._asking:
            if self._known is not None and self._known[0] is client and time.monotonic() < self._known[1]:
                return client, self._known[2]
            try:
                async with asyncio.timeout(CONNECT_S):
                    found: Workers = (await client.scheduler.identity(n_workers=-1))["workers"]
            except (OSError, TimeoutError, AttributeError) as error:  # the last: it was lost, and is not looked for yet
                await self._leave(client)
                raise LinkError(f"the scheduler {self._cluster.scheduler} does not answer: {_said(error)}") from None
            self._known = client, time.monotonic() + FRESH_S, found
        return client, found

    async def _connected(self) -> Any:
        async with self._lock:
            if self._client is not None and self._client.status == "running":
                return self._client
            if time.monotonic() < self._failed[0]:  # or many boxes would find it out one after another
                raise LinkError(self._failed[1])
            await self._leave(self._client)
            try:
                self._client = await asyncio.wait_for(
                    dask.Client(
                        self._cluster.scheduler, asynchronous=True, security=_security(self._cluster), name="fleet",
                        timeout=CONNECT_S, set_as_default=False,
                    ),
                    CONNECT_S + 1.0,
                )  # fmt: skip
            except (OSError, TimeoutError, ValueError, RuntimeError) as error:
                why = f"the scheduler {self._cluster.scheduler} cannot be reached: {_said(error)}"
                self._failed = time.monotonic() + FRESH_S, why
                raise LinkError(why) from None
            return self._client

    async def _until_gone(self, client: Any) -> None:
        while client.status == "running":  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(_LOOK_S)

    async def _leave(self, client: Any) -> None:
        """Close a client, and forget it unless there is another one by now."""
        if self._client is client:
            self._client = None
        if client is not None:
            with contextlib.suppress(OSError, TimeoutError, AttributeError):
                await asyncio.wait_for(client.close(timeout=2), 5)


def _worker_of(name: str, host: str, workers: Workers) -> str:
    """A worker on a box's host, rather the one of its name; a namesake elsewhere knows none of its runs."""
    there = [(address, str(one.get("name"))) for address, one in workers.items() if one.get("host") == host]
    for address, _ in sorted(there, key=lambda one: one[1] != name):
        return address
    raise LinkError(f"the cluster has no worker on {host or 'its host'} now")


def _security(cluster: Dask) -> Any:
    files = {"tls_ca_file": cluster.ca, "tls_client_cert": cluster.cert, "tls_client_key": cluster.key}
    given = {key: path for key, path in files.items() if path}
    return dask.Security(require_encryption=cluster.scheduler.startswith("tls://"), **given)


def _said(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__
