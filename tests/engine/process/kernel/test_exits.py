"""What the kernel reports of ends: real processes, a real netlink socket."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from stresstui.engine.process.kernel.exits import ExitReports
from stresstui.engine.process.kernel.log import Fault

ENDINGS = {
    "abort": "import os; os.abort()",
    "fault": "import ctypes; ctypes.string_at(0)",
    "thread": "import ctypes, threading as t; t.Thread(target=ctypes.string_at, args=(0,)).start(); input()",
    "status": "raise SystemExit(6)",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "ended": "import os, signal; os.kill(os.getpid(), signal.SIGTERM)",
    "well": "",
}


@pytest.fixture
def reports() -> Iterator[ExitReports]:
    made = ExitReports()
    if not made.listening:
        pytest.skip("this process may not listen to the kernel's proc connector")
    yield made
    made.faults()  # what it has read so far; on this machine others may crash at any time
    made.close()
    assert made.faults() == []


@contextmanager
def ended(how: str) -> Iterator[int]:
    """A process that has ended and is not reaped yet: what the kernel reports of one that is lacks its parent."""
    with subprocess.Popen(
        [sys.executable, "-c", ENDINGS[how]], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        yield child.pid


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("how", "name"), [("abort", "SIGABRT"), ("fault", "SIGSEGV"), ("thread", "SIGSEGV")])
def test_who_a_fault_ended_is_told_once(reports: ExitReports, how: str, name: str) -> None:
    told: list[Fault] = []

    def is_told() -> bool:
        told.extend(fault for fault in reports.faults() if fault.pid == pid)
        return bool(told)

    with ended(how) as pid:
        until(is_told)
    is_told()
    assert [(fault.signal, fault.parent) for fault in told] == [(name, os.getpid())]


@pytest.mark.parametrize("how", ["status", "killed", "ended", "well"])
def test_other_ends_are_none(reports: ExitReports, how: str) -> None:
    with ended(how) as pid, ended("abort") as later:
        told: list[int] = []

        def is_told() -> bool:
            told.extend(fault.pid for fault in reports.faults())
            return later in told

        until(is_told)
    assert pid not in told


def test_whose_child_was_killed_is_told(reports: ExitReports) -> None:
    with ended("ended") as other, ended("killed") as killed:
        until(lambda: reports.parent_of(killed) == os.getpid())
        assert reports.parent_of(other) == 0
    assert not {other, killed} & {fault.pid for fault in reports.faults()}


def test_a_thread_that_is_killed_with_its_process_is_no_process(reports: ExitReports) -> None:
    code = (
        "import os, threading as t; t.Thread(target=input).start(); print(*os.listdir('/proc/self/task'), flush=True)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdout
        threads = [int(tid) for tid in it.stdout.readline().split()]
        it.kill()
    assert len(threads) == 2
    assert [reports.parent_of(tid) for tid in threads] == [os.getpid() if tid == it.pid else 0 for tid in threads]


MANY = """
import os
for _ in range(600):
    pid = os.fork()
    if not pid:
        os.kill(os.getpid(), 6)
    os.waitpid(pid, 0)
"""


def test_more_ends_than_the_buffer_holds_do_not_stop_it(reports: ExitReports) -> None:
    subprocess.run([sys.executable, "-c", MANY], check=True)
    assert len(reports.faults()) > 100
    with ended("abort") as pid:
        until(lambda: pid in [fault.pid for fault in reports.faults()])


def test_where_the_kernel_takes_the_wish_without_a_word_nobody_listens(reports: ExitReports) -> None:
    assert reports.listening
    asked = (
        f"from {ExitReports.__module__} import ExitReports; made = ExitReports(); print(made.listening); made.close()"
    )
    done = subprocess.run(
        ["unshare", "--pid", "--fork", sys.executable, "-c", asked], capture_output=True, text=True, check=False
    )
    if done.stderr.startswith("unshare"):
        pytest.skip(done.stderr.strip())
    assert done.stdout == "False\n", done.stderr
