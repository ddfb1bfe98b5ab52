"""Does steps in a network namespace where nothing else happens; says of each what was counted, how, and what is true.

A line of JSON for each step: whether all connections were walked just after it, what a collector that has watched from
the start counts, and what one says that looks for the first time; and both once nothing stirs any more.
"""

import json
import sys
import time
from contextlib import ExitStack, closing
from itertools import count
from typing import Any

from stresstui.core.model.sample import Role
from stresstui.engine.collect import Collector
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.linux import LinuxCollector
from stresstui.engine.collect.net import sock_diag
from tests.engine.collect.conftest import started

PATIENCE_S = 0.6
"""Seconds after which nobody waits any longer for nothing to stir: acknowledgements are put off for .2 at most."""

walks: list[int] = []
dump_tcp = sock_diag.dump_tcp
instants = count(1)
elsewhere: list[int] = []
"""A process in a namespace of its own, whose counters are read: those of the first process."""


def noted(states: int, *, info: bool = False) -> Any:
    if states >> sock_diag.ESTABLISHED & 1:
        walks.append(states)
    return dump_tcp(states, info=info)


def opened(pid: int) -> LinuxCollector:
    return LinuxCollector(lambda: (*elsewhere, pid), lambda _: Role.SUT, cadence=Cadence())


def counted(collector: Collector, pid: int) -> tuple[dict[str, Any], bool]:
    """What a sample says, and whether it took a walk."""
    walks.clear()
    sample = collector.collect(next(instants) * 1000.0)
    (p,) = (p for p in sample.processes if p.pid == pid)
    assert sample.sockets is not None
    said = {
        "counts": [p.established, p.close_wait, p.listen, p.backlog, p.udp],
        "states": sample.sockets.all_states or sample.sockets.states,
        "bytes": [p.bytes_in, p.bytes_out],
        "age": sample.t - (sample.sockets_t or 0),
    }
    return said, bool(walks)


def true_of(pid: int) -> dict[str, Any]:
    with closing(opened(pid)) as fresh:
        return counted(fresh, pid)[0]


def at_rest(watching: Collector, pid: int) -> list[dict[str, Any]] | None:
    """What is counted without a walk, and what is true between two such; None where something stirs all the time."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if not counted(watching, pid)[1]:
            true = true_of(pid)
            found, walked = counted(watching, pid)
            if not walked:
                return [found, true]
    return None


def main(steps: list[list[Any]]) -> None:
    vars(sock_diag)["dump_tcp"] = noted
    with ExitStack() as stack:
        if "beside another" in sys.argv:
            elsewhere.append(stack.enter_context(started("unshare", "-n")).pid)
        child = stack.enter_context(started())
        watching = stack.enter_context(closing(opened(child.pid)))
        child.tell("raise_loopback")
        at_rest(watching, child.pid)
        for step in steps:
            child.tell(*step)
            found, walked = counted(watching, child.pid)
            true = true_of(child.pid)
            for said in (found, true):
                del said["bytes"]  # of which more may be acknowledged between the two
            rest = at_rest(watching, child.pid)
            print(json.dumps({"step": step, "walked": walked, "found": found, "true": true, "rest": rest}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
