"""A box's worker, started there over SSH by ``python -m``; it reads how to serve from its standard input.

It ends with its standard input, which is to say with the connection; the runs that it began are their supervisors'.
"""

import asyncio
import json
import logging
import sys
from typing import Any, Final

import distributed
from dask import config

from stresstui.fleet.reach.greeting import greeting

dask: Any = distributed
"""Dask distributed, most of which has no types."""
DEATH_S: Final = 120
"""Seconds after which a worker that reaches no scheduler gives up."""


_QUIET: Final = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.system-monitor.gil.enabled": False,
    "distributed.admin.system-monitor.interval": "60s",
    "distributed.admin.tick.interval": "1s",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.reuse-broadcast-comm": True,
}
"""Without what is for heavy work: a hundred looks a second at itself would cost a box under test 4 % of a core."""


def silence() -> None:
    """Have Dask log nothing: a screen is no place for it. It gives some of its loggers levels of their own."""
    for name in (
        "distributed",
        *filter(lambda name: name.startswith("distributed."), [*logging.root.manager.loggerDict]),
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def quiet(of: str) -> dict[str, Any]:
    """Options with which a scheduler or a worker serves no pages, on a loopback port that is its own, and idles."""
    config.set(_QUIET | {f"distributed.{of}.http.routes": []})
    return {"dashboard": False, "dashboard_address": "127.0.0.1:0"}


async def work(given: dict[str, Any]) -> None:
    """Serve until the connection ends; say at which port it listens."""
    silence()  # nobody reads it, and what is not read holds up
    pair = {"tls_ca_file": given["ca"], "tls_worker_cert": given["cert"], "tls_worker_key": given["key"]}
    worker = dask.Worker(
        given["scheduler"], name=given["name"], contact_address=given["contact"], host="127.0.0.1", nthreads=4,
        security=dask.Security(require_encryption=True, **pair), memory_limit=0, death_timeout=DEATH_S,
        **quiet("worker"),
    )  # fmt: skip
    serving = asyncio.ensure_future(_started(worker))
    while not worker.listeners and not serving.done():  # noqa: ASYNC110 - it registers only once it can be reached
        await asyncio.sleep(0.01)
    sys.stdout.write("\n" + greeting(worker.listeners[0].bound_address[1]))
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
