"""The boxes of an inventory, however they are reached: over SSH, or as the workers of a Dask cluster that is there."""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Final, Protocol, Self

from distributed.core import clean_exception
from distributed.protocol import pickle

from stresstui.fleet.matrix.inventory import Inventory
from stresstui.fleet.reach.link import LinkError

ANSWER_S: Final = 30.0
"""Seconds that a box may take for what it is asked."""
_INSTALL: Final = "pip install 'stresstui[lab,fleet]' there, of the same version as here"

_dumps: Final[Callable[[Any], bytes]] = pickle.dumps
_loads: Final[Callable[[bytes], Any]] = pickle.loads


class Boxes(Protocol):
    """What can be asked of them; entered as an asynchronous context."""

    async def ask(self, name: str, function: Callable[..., Any], *given: Any, within: float = ANSWER_S) -> Any:
        """Have a box do something and give its answer; raises LinkError where it cannot be reached, else as it did."""
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def boxes_of(inventory: Inventory) -> Boxes:
    """The boxes, not yet reached."""
    if inventory.dask is not None:
        from stresstui.fleet.reach.cluster import ClusterBoxes  # noqa: PLC0415 - the usual way needs none of it

        return ClusterBoxes(inventory.dask, inventory.box)
    from stresstui.fleet.reach.over_ssh import SshBoxes  # noqa: PLC0415 - likewise

    return SshBoxes(inventory)


async def answer_of(
    client: Any,
    worker: str,
    function: Callable[..., Any],
    given: tuple[Any, ...],
    *,
    until: Coroutine[Any, Any, None],
    within: float,
) -> Any:
    """What a worker at an address answers, or raises; LinkError where it says nothing in time, or ``until`` ends."""
    answer, lost = asyncio.ensure_future(_told(client, worker, function, given)), asyncio.ensure_future(until)
    try:
        await asyncio.wait((answer, lost), timeout=within, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise LinkError("the connection is lost" if lost.done() else f"no answer within {within:.0f} s")
        if answer.cancelled():
            raise LinkError("the connection to the scheduler was lost")
        return answer.result()
    finally:
        answer.cancel()
        lost.cancel()


async def _told(client: Any, worker: str, function: Callable[..., Any], given: tuple[Any, ...]) -> Any:
    """Have the worker call it in a thread, beside its tasks: as a task it costs five times the CPU here.

    This is what Dask's ``Client.run`` does; that would not tell an OSError on the way from one of the box's own.
    """
    message = {"op": "run", "wait": True, "function": _dumps(asyncio.to_thread), "args": _dumps((function, *given))}
    try:
        answers = await client.scheduler.broadcast(msg=message, workers=[worker], on_error="return_pickle")
    except (OSError, AttributeError) as error:  # the last: a client that was closed has no scheduler
        raise LinkError(f"the connection to the scheduler was lost: {error}") from None
    said = answers[worker]
    if isinstance(said, bytes):  # what befell it on the way, or before it was called
        raise _lacking(why := _loads(said)) or LinkError(f"its worker does not answer: {why}")
    if said["status"] != "OK":
        raise _own(clean_exception(**said)[1])
    return said["result"]


def _own(error: Any) -> Exception:
    """What a box itself said, as one of the errors that every caller knows."""
    if isinstance(error, OSError | RuntimeError | ValueError):
        return error
    return _lacking(error) or RuntimeError(f"{type(error).__name__}: {error}")


def _lacking(error: Any) -> Exception | None:
    """That a box has not what it is asked for, with the mend; None for all else."""
    return RuntimeError(f"{error}; {_INSTALL}") if isinstance(error, ImportError | AttributeError | TypeError) else None
