"""Who moves bytes in short connections, in a network where nothing else happens: the child under test, or another.

Prints the throughput of the child under test, bytes a second, and where it is from. Arguments: ``listens`` or ``bare``,
how many connections the other makes, and how many of them the child makes itself.
"""

import sys
from contextlib import closing

from stresstui.core.derive.reading import derive
from stresstui.core.model.sample import Role
from stresstui.engine.collect.cpu_budget import Cadence
from stresstui.engine.collect.linux import LinuxCollector
from tests.engine.collect.conftest import started

SIZE = 100_000


def main(how: str, others: int, own: int) -> None:
    with started() as child, started() as other:
        child.tell("raise_loopback")
        if how == "listens":
            child.tell("listen", 4, 1)
        with closing(LinuxCollector(lambda: (child.pid,), lambda _: Role.SUT, cadence=Cadence())) as collector:
            collector.collect(1000.0)
            before = collector.collect(2000.0)
            for who, count in ((other, others), (child, own)):
                if count:
                    who.tell("send_in_short", count, SIZE)
            reading = derive(before, collector.collect(3000.0))
    print(round(reading.values["throughput"] * 1000), reading.source["throughput"])


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
