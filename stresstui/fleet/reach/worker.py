"""A box's worker, started there over SSH by ``python -m``; it reads how to serve from its standard input.

It ends with its standard input, which is to say with the connection; the runs that it began are their supervisors'.
"""

import asyncio
import json
import sys
from typing import Any, Final

import distributed
from dask import config

dask: Any = distributed
"""Dask distributed, most of which has no types."""
DEATH_S: Final = 20
"""Seconds after which a worker that reaches no scheduler gives up."""


def no_pages(of: str) -> dict[str, Any]:
    """Options with which a scheduler or a worker serves no pages, on a loopback port that is its own."""
    config.set({f"distributed.{of}.http.routes": []})
    return {"dashboard": False, "dashboard_address": "127.0.0.1:0"}


async def work(given: dict[str, Any]) -> None:
    """Serve until the connection ends; say at which port it listens."""
    pair = {"tls_ca_file": given["ca"], "tls_worker_cert": given["cert"], "tls_worker_key": given["key"]}
    worker = dask.Worker(
        given["scheduler"], name=given["name"], contact_address=given["contact"], host="127.0.0.1", nthreads=4,
        security=dask.Security(require_encryption=True, **pair), memory_limit=0, death_timeout=DEATH_S,
        **no_pages("worker"),
    )  # fmt: skip
    serving = asyncio.ensure_future(_started(worker))
    while not worker.listeners and not serving.done():  # noqa: ASYNC110 - it registers only once it can be reached
        await asyncio.sleep(0.01)
    sys.stdout.write(json.dumps({"port": worker.listeners[0].bound_address[1]}) + "\n")
    sys.stdout.flush()
    await serving
    try:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    finally:
        await worker.close(timeout=2)


async def _started(worker: Any) -> None:
    await worker


if __name__ == "__main__":
    asyncio.run(work(json.loads(sys.stdin.readline())))
