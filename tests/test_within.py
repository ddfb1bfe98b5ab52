"""Waiting for a while: what comes of it, what takes too long, and what is cancelled meanwhile."""

import asyncio

import pytest

from stresstui.within import within


async def test_what_is_there_in_time_is_returned() -> None:
    assert await within(60, asyncio.sleep(0, "here")) == "here"


async def test_what_fails_in_time_raises() -> None:
    async def fail() -> None:
        raise ConnectionError("refused")

    with pytest.raises(ConnectionError, match="refused"):
        await within(60, fail())


async def test_what_takes_too_long_is_given_up() -> None:
    never = asyncio.get_running_loop().create_future()
    with pytest.raises(TimeoutError):
        await within(0, never)
    assert never.cancelled()


@pytest.mark.parametrize("comes", [None, ConnectionError("refused")])
async def test_a_cancellation_in_the_turn_in_which_it_is_there_is_kept(comes: Exception | None) -> None:
    there = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(within(60, there))
    await asyncio.sleep(0)
    there.set_result(None) if comes is None else there.set_exception(comes)
    await asyncio.sleep(0)  # the future is done, who waits for it has not been told yet
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()
