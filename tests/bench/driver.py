"""The lab's driver alone against the echo target, beside wrk and iperf3 in the same run; by hand, on a quiet machine.

Connections per second, each with one verified kilobyte there and back and closed with RST, beside wrk's, each with one
request and ``Connection: close``; verified megabytes per second, beside what iperf3 sends one way and does not look at.
"Per core" divides by the processor time of the load tool itself: what one core would do if the other end kept up.
"""

import asyncio
import json
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import uvloop

from stresstui.lab.load import driver
from stresstui.lab.load.connections import Exchange, Flow, Traffic
from stresstui.lab.load.driver import Driver
from stresstui.lab.load.profiles import KIB, LoadPlan
from stresstui.lab.net.socks import Address
from stresstui.lab.servers.echo import SHARED

SECONDS = 5
MANY = LoadPlan(rate=100_000, concurrency=64, payloads=(KIB,), requests=1, flows=0, datagrams=0, close="rst")
MUCH = LoadPlan(rate=0, flows=4, flow_block=256 * KIB, flow_rate=0, datagrams=0)
HTTP = """
import asyncio, sys, uvloop
ANSWER = b"HTTP/1.1 200 OK\\r\\nContent-Length: 1024\\r\\nConnection: close\\r\\n\\r\\n" + b"x" * 1024
class Answer(asyncio.Protocol):
    def connection_made(self, transport): self.transport = transport
    def data_received(self, data): self.transport.write(ANSWER); self.transport.close()
async def serve():
    server = await asyncio.get_running_loop().create_server(Answer, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    await server.serve_forever()
uvloop.run(serve())
"""


def open_at_once(connection: Traffic, transport: Any) -> None:
    """Stand in for the SOCKS negotiation: the echo target is at the other end already."""
    connection.transport, connection.is_open = transport, True
    connection.opened(connection.target)


class DirectExchange(Exchange):
    connection_made = open_at_once


class DirectFlow(Flow):
    connection_made = open_at_once


async def drive(plan: LoadPlan, port: int) -> tuple[Driver, float]:
    target = Address("127.0.0.1", port)
    load = Driver(target, target, plan, udp=False)
    task = asyncio.create_task(load.run())
    began = time.monotonic()
    await asyncio.sleep(SECONDS)
    elapsed = time.monotonic() - began
    task.cancel()
    await asyncio.wait([task])
    return load, elapsed


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def reachable(port: int) -> None:
    until = time.monotonic() + 5
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > until:
                raise
        else:
            return


@contextmanager
def running(*argv: str, stdin: int = subprocess.DEVNULL) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(argv, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as child:
        try:
            yield child
        finally:
            child.terminate()


def cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def show(what: str, rate: float, busy: float, unit: str, note: str) -> None:
    print(f"{what:28} {rate:10,.0f} {unit:7} {rate / busy:10,.0f} {unit} per core  {note}", flush=True)


def own(plan: LoadPlan, port: int) -> None:
    before = cpu(resource.RUSAGE_SELF)
    load, elapsed = uvloop.run(drive(plan, port))
    busy, tally = (cpu(resource.RUSAGE_SELF) - before) / elapsed, load.tally
    wrong = f"{tally.failures.total()} failed, {tally.corrupt} corrupt"
    if plan is MANY:
        show("driver, connections", tally.connections / elapsed, busy, "conn/s", f"verified both ways, {wrong}")
    else:
        show("driver, bytes", tally.bytes / elapsed / 1e6, busy, "MB/s", f"there and back and compared, {wrong}")


def together(count: int, port: int) -> None:
    """As many processes as that against as many behind one port, as the lab has them with ``--drivers``."""
    argv = [sys.executable, "-m", "tests.bench.driver", str(port)]
    with ExitStack() as stack:
        shares = [[sys.executable, "-m", "stresstui.lab.servers.echo_share", str(port)] for _ in range(count - 1)]
        for share in shares:
            server = stack.enter_context(running(*share, stdin=subprocess.PIPE))
            assert server.stdout
            server.stdout.readline()
        parts = [stack.enter_context(running(*argv)) for _ in range(count)]
        told = [json.loads(part.communicate()[0]) for part in parts]
    rate, busy = sum(part["rate"] for part in told), sum(part["busy"] for part in told)
    show(
        f"{count} drivers, connections",
        rate,
        busy,
        "conn/s",
        f"{sum(part['wrong'] for part in told)} failed or corrupt",
    )


def part(port: int) -> None:
    """Be one of them."""
    before = cpu(resource.RUSAGE_SELF)
    load, elapsed = uvloop.run(drive(MANY, port))
    busy, tally = (cpu(resource.RUSAGE_SELF) - before) / elapsed, load.tally
    wrong = tally.failures.total() + tally.corrupt
    print(json.dumps({"rate": tally.connections / elapsed, "busy": busy, "wrong": wrong}))


def wrk() -> None:
    if shutil.which("wrk") is None:
        print("wrk: not installed")
        return
    port = free_port()
    with running(sys.executable, "-c", HTTP, str(port)):
        reachable(port)
        before = cpu(resource.RUSAGE_CHILDREN)
        argv = ["wrk", "-t1", "-c64", f"-d{SECONDS}s", "-H", "Connection: close", f"http://127.0.0.1:{port}/"]
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
        busy = (cpu(resource.RUSAGE_CHILDREN) - before) / SECONDS
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found, done.stdout
    show("wrk, connections", float(found[1]), busy, "conn/s", "a request each, nothing compared")


def iperf3() -> None:
    if shutil.which("iperf3") is None:
        print("iperf3: not installed")
        return
    port = free_port()
    with running("iperf3", "-s", "-p", str(port)):
        reachable(port)
        for way, note in ((), "one way"), (("--bidir",), "there and back, each way"):
            argv = ["iperf3", "-c", "127.0.0.1", "-p", str(port), "-t", str(SECONDS), "-P", "4", "-J", *way]
            done = json.loads(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
            busy = done["end"]["cpu_utilization_percent"]["host_total"] / 100
            rate = done["end"]["sum_received"]["bits_per_second"] / 8e6
            show("iperf3, bytes", rate, busy, "MB/s", f"{note}, nothing compared")


def without_socks() -> None:
    """Have the driver go to the target itself: only here there is no SOCKS."""
    vars(driver).update(Exchange=DirectExchange, Flow=DirectFlow)


def main() -> None:
    without_socks()
    with (
        tempfile.TemporaryDirectory() as folder,
        running(sys.executable, "-m", "stresstui.lab.servers.echo", folder, SHARED, stdin=subprocess.PIPE) as echo,
    ):
        assert echo.stdout
        port = int(json.loads(echo.stdout.readline())["port"])
        own(MANY, port)
        wrk()
        together(2, port)
        own(MUCH, port)
        iperf3()
        print(f"{SECONDS} s each; blocks of {MUCH.flow_block // KIB} KiB on {MUCH.flows} connections; one thread")


if __name__ == "__main__":
    if sys.argv[1:]:
        without_socks()
        part(int(sys.argv[1]))
    else:
        main()
