"""A session that proves its tunnels: a client that hangs from its start, in its first life or in every one."""

import asyncio
import sys
from pathlib import Path

import pytest

from stresstui.lab import driven_load, session
from stresstui.lab.driven_load import DrivenLoad
from stresstui.lab.load import driver
from stresstui.lab.load.profiles import PROFILES
from stresstui.lab.net.socks import Address
from stresstui.lab.options import Options
from stresstui.lab.session import Session
from stresstui.lab.testbed.errors import ChildDiedError, LabStartError
from stresstui.lab.testbed.ports import free_port
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel

PROXY = """
import asyncio, os, pathlib, struct, sys

async def pump(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()

async def serve(reader, writer):
    if HANGS:
        await asyncio.Event().wait()
    await reader.readexactly(2 + (await reader.readexactly(2))[1] - 2)
    writer.write(b"\\x05\\x00")
    _, _, _, kind = await reader.readexactly(4)
    assert kind == 1, kind
    await reader.readexactly(4)
    port, = struct.unpack("!H", await reader.readexactly(2))
    there, back = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\\x05\\x00\\x00\\x01" + bytes(6))
    await asyncio.gather(pump(reader, back), pump(there, writer))

async def main():
    async with await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1])) as server:
        await server.serve_forever()

lives = pathlib.Path(sys.argv[2])
lives.write_text(lives.read_text() + "x" if lives.exists() else "x")
HANGS = len(lives.read_text()) <= int(sys.argv[3])
asyncio.run(main())
"""


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_PROBE_TIMEOUT", 0.5)
    monkeypatch.setattr(driven_load, "SIDE_TIMEOUT", 2.0)
    monkeypatch.setattr(driven_load, "READY_TIMEOUT", 5.0)


async def started(lives: Path, *, hangs: int, side: bool) -> list[int]:
    """Start a session over one tunnel whose client hangs in its first lives; return its pids, first and last."""
    pids: list[int] = []

    async def build(testbed: Testbed) -> list[Tunnel]:
        port = free_port()
        client = await testbed.crew.start(
            "mux-client", [sys.executable, "-c", PROXY, str(port), str(lives), str(hangs)]
        )
        pids.append(client.pid)
        return [Tunnel("mux", Address("127.0.0.1", port), side=side)]

    one = Session(Options("ech", PROFILES["steady"]), Testbed(), DrivenLoad())
    try:
        await one.start(build)
        return [*pids, *(child.pid for child in one.testbed.crew.children if child.name == "mux-client")]
    finally:
        await one.testbed.close()


async def test_a_side_client_that_hangs_from_its_start_is_started_once_more(tmp_path: Path) -> None:
    first, last = await started(tmp_path / "lives", hangs=1, side=True)
    assert first != last
    assert (tmp_path / "lives").read_text() == "xx"


async def test_a_client_that_answers_is_left_alone(tmp_path: Path) -> None:
    first, last = await started(tmp_path / "lives", hangs=0, side=True)
    assert first == last


@pytest.mark.parametrize(("side", "lives"), [(True, "xx"), (False, "x")], ids=["side", "main"])
async def test_a_client_that_goes_on_hanging_is_said(tmp_path: Path, lives: str, *, side: bool) -> None:
    with pytest.raises(LabStartError, match="mux is not ready: no round trip"):
        await started(tmp_path / "lives", hangs=9, side=side)
    assert (tmp_path / "lives").read_text() == lives


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("end", ["pass", "os.kill(os.getpid(), 15)"])
async def test_a_child_that_ends_as_the_lab_is_told_to_has_not_died(
    monkeypatch: pytest.MonkeyPatch, end: str, *, left: bool
) -> None:
    monkeypatch.setattr(session, "_SETTLE", 0)
    assert await is_called_dead(f"import os; {end}", left=left) is not left


async def test_a_child_that_fails_as_the_lab_is_told_to_end_has_died() -> None:
    assert await is_called_dead("raise SystemExit(3)", left=True)
    assert await is_called_dead("import os; os.abort()", left=True)


async def is_called_dead(program: str, *, left: bool) -> bool:
    one = Session(Options("ech", PROFILES["steady"]), Testbed(), DrivenLoad())
    try:
        child = await one.testbed.crew.start("proxy", [sys.executable, "-c", program])
        await child.ended
        if left:
            one.leave.set()
        watch = asyncio.create_task(one.keep_watch())
        for _ in range(50):
            await asyncio.sleep(0)
        watch.cancel()
        await asyncio.wait({watch})
        return not watch.cancelled() and isinstance(watch.exception(), ChildDiedError)
    finally:
        await one.testbed.close()
