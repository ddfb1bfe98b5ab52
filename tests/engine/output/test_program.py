import asyncio
import signal
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from stresstui.core.model.event import Event, Matched, ServiceState
from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.engine.clock import RunClock
from stresstui.engine.output.line_reader import Heard, LineReader
from stresstui.engine.output.pipe import OutputLog
from stresstui.engine.output.program import Program
from stresstui.engine.process.children import Children, ExitStatus
from stresstui.engine.supervise.cannot_start import CannotStart
from stresstui.engine.supervise.event_router import EventRouter
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.engine.supervise.roles import Roles
from stresstui.engine.supervise.run_context import RunContext
from stresstui.engine.supervise.services import wait_ready


@pytest.fixture
def heard() -> list[Event]:
    return []


@pytest.fixture
async def program(tmp_path: Path, heard: list[Event]) -> AsyncIterator[Program]:
    log = OutputLog(tmp_path / "output.log")
    context = RunContext(RunClock(), log, Roles(RunnerKind.LAB), heard.append)
    router = EventRouter(context, ProcessTracker())
    children = Children(router.record_adopted_end)
    one = router.program(children, "workload", Scenario(name="a"))
    yield one
    if one.child.exited.done() is False:
        one.child.send(signal.SIGKILL)
        await one.child.exited
    await one.close()
    children.close()
    log.close()


async def test_what_says_that_it_is_ready_is_ready(program: Program, heard: list[Event], tmp_path: Path) -> None:
    program.start(("sh", "-c", "echo STRESSTUI_STATE state=ready; exec sleep 60"), cwd=str(tmp_path), env={})
    await wait_ready("it", program, 20.0)
    assert [event.state for event in heard if isinstance(event, ServiceState)] == ["ready"]


async def test_what_never_says_so_is_given_up(program: Program, tmp_path: Path) -> None:
    program.start(("sh", "-c", "echo still thinking; exec sleep 60"), cwd=str(tmp_path), env={})
    with pytest.raises(CannotStart, match=r"it was not ready within 1 s: still thinking") as caught:
        await wait_ready("it", program, 1.0)
    assert caught.value.cause == "not_ready"


async def test_what_ends_first_gives_its_last_words(program: Program, tmp_path: Path) -> None:
    program.start(
        ("sh", "-c", "echo first; echo no port is free; echo STRESSTUI a=1; exit 4"), cwd=str(tmp_path), env={}
    )
    with pytest.raises(CannotStart, match=r"^no port is free$"):
        await wait_ready("it", program, 20.0)
    assert await program.child.exited == ExitStatus(4, None)


async def test_what_was_ready_and_ended_at_once_was_ready(program: Program, tmp_path: Path) -> None:
    program.start(("sh", "-c", "echo STRESSTUI_STATE state=ready"), cwd=str(tmp_path), env={})
    await program.child.exited
    await wait_ready("it", program, 20.0)


async def test_what_its_last_lines_ask_of_the_disk_holds_up_nobody(tmp_path: Path) -> None:
    """Only the loop answers, and it can only while nobody keeps it waiting."""
    loop, answered = asyncio.get_running_loop(), threading.Event()

    def ask(_: str) -> bool:
        loop.call_soon_threadsafe(answered.set)
        return answered.wait(5.0)

    log, heard = OutputLog(tmp_path / "output.log"), list[Heard]()
    children = Children(lambda *_: None)
    one = Program(children, log, RunClock(), LineReader(Scenario(name="a"), ask), heard.append)
    lines = r"running 1 test\nthread 'ends' panicked at src/a.rs:1:1:\n"
    one.start(("printf", lines), cwd=str(tmp_path), env={})
    await one.child.exited
    await one.close()
    await one.close()
    assert answered.is_set()
    assert [event.pattern for event in heard if isinstance(event, Matched)] == ["libtest_running"]
    children.close()
    log.close()


async def test_its_environment_is_added_to(program: Program, tmp_path: Path) -> None:
    program.start(("sh", "-c", "echo $EXTRA in $PWD with ${PATH:+path}"), cwd=str(tmp_path), env={"EXTRA": "more"})
    await program.child.exited
    await program.drain()
    assert program.last_line == f"more in {tmp_path} with path"
