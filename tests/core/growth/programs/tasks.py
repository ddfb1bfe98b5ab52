"""A service of tasks: `tasks.py ended|forgotten`; each request has one, and one in three waits for ever or is ended."""

import asyncio
import itertools
import json
import random
import sys

WAITING: set[asyncio.Task[int]] = set()


async def request(number: int, answer: asyncio.Event) -> int:
    body = {f"key{i}": random.random() for i in range(20)}
    await asyncio.sleep(random.random())
    await answer.wait()
    return len(json.dumps(body)) + number


async def serve(habit: str) -> None:
    for number in itertools.count():
        answer = asyncio.Event()
        task = asyncio.create_task(request(number, answer))
        WAITING.add(task)
        task.add_done_callback(WAITING.discard)
        if habit == "ended" or number % 3:
            answer.set()
        await asyncio.sleep(0.04)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
