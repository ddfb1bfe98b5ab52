"""The boxes of an inventory, however they are reached: over SSH, or as the workers of a Dask cluster that is there."""

import asyncio
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Final, Protocol, Self

from stresstui.fleet.matrix.inventory import Inventory
from stresstui.fleet.reach.link import LinkError

ANSWER_S: Final = 30.0
"""Seconds that a box may take for what it is asked."""
_INSTALL: Final = "pip install 'stresstui[lab,fleet]' there, of the same version as here"
_PRIORITY: Final = 1000
"""Before what else a worker has been given to do."""


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
    """What a worker answers, or raises; LinkError where it answers nothing in that time, or ``until`` ends before."""
    future = client.submit(function, *given, workers=[worker], pure=False, retries=0, priority=_PRIORITY)
    answer, lost = asyncio.ensure_future(_result(future)), asyncio.ensure_future(until)
    try:
        await asyncio.wait((answer, lost), timeout=within, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            raise LinkError("the connection is lost" if lost.done() else f"no answer within {within:.0f} s")
        if answer.cancelled():
            raise LinkError("the connection to the scheduler was lost")
        return _plain(answer)
    finally:
        answer.cancel()
        lost.cancel()
        future.release()


async def _result(future: Any) -> Any:
    return await future


def _plain(answer: "asyncio.Task[Any]") -> Any:
    error = answer.exception()
    if error is None:
        return answer.result()
    if type(error).__module__.startswith("distributed"):  # that its worker died, by whatever class says so
        raise LinkError(f"its worker was lost: {error}") from None
    raise RuntimeError(f"{error}; {_INSTALL}") if isinstance(error, ImportError) else error
