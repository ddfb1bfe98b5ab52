"""That a supervisor has died is told by the system where it can, and looked for where it cannot."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui.engine.process import death, pidfile
from stresstui.engine.process.death import notice_death
from stresstui.engine.process.pidfile import SupervisorWatch

CODE = """
import sys
from pathlib import Path
from stresstui.engine.process.pidfile import write_pid_file
write_pid_file(Path(sys.argv[1]))
print("written", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    argv = [sys.executable, "-c", CODE, str(tmp_path)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as made:
        assert made.stdout
        assert made.stdout.readline() == b"written\n"
        yield made
        made.kill()


def open_here() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir()) if sys.platform == "linux" else 0


@pytest.fixture
def end_of_another() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as other:
        return os.pidfd_open(other.pid)


async def noticed(supervisor: "subprocess.Popen[bytes]", watch: SupervisorWatch) -> None:
    """End it while it is watched; the zombie that it is until it is waited for has died too."""
    over, descriptors = asyncio.Event(), open_here()
    watching = asyncio.create_task(notice_death(watch, over))
    await asyncio.sleep(0)
    assert not over.is_set()
    supervisor.kill()
    async with asyncio.timeout(10):
        await over.wait()
    await watching
    assert open_here() == descriptors


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the system does not tell")
async def test_the_system_tells(
    supervisor: "subprocess.Popen[bytes]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOOK_S", "SELDOM_S"):
        monkeypatch.setattr(death, name, 1e6)
    await noticed(supervisor, SupervisorWatch(tmp_path))


async def test_where_it_does_not_it_is_looked_for(
    supervisor: "subprocess.Popen[bytes]", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pidfile.SupervisorWatch, "open_end", lambda _: -1)
    monkeypatch.setattr(death, "LOOK_S", 0.01)
    await noticed(supervisor, SupervisorWatch(tmp_path))


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="the system does not tell")
async def test_the_end_of_another_process_under_its_pid_is_not_its_own(
    supervisor: "subprocess.Popen[bytes]", end_of_another: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if between two looks the pid had been another one's: what ended then is no news, and looks go on."""
    monkeypatch.setattr(pidfile.SupervisorWatch, "open_end", lambda _: end_of_another)
    monkeypatch.setattr(death, "LOOK_S", 0.01)
    watching = asyncio.create_task(notice_death(SupervisorWatch(tmp_path), over := asyncio.Event()))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not over.is_set()
    assert not asyncio.get_running_loop().remove_reader(end_of_another), "it would be told of the same end for ever"
    supervisor.kill()
    async with asyncio.timeout(10):
        await over.wait()
    await watching
