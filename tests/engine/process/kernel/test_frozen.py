"""What does nothing: told from what only waits."""

import os
import signal
import subprocess

import pytest

from stresstui.engine.process.kernel.frozen import frozen, is_stopped
from tests.engine.launcher import until


def test_a_stopped_process_is_told_from_one_that_sleeps() -> None:
    with subprocess.Popen(["sleep", "60"]) as stopped, subprocess.Popen(["sleep", "60"]) as sleeping:
        os.kill(stopped.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, stopped.pid, os.WSTOPPED | os.WNOWAIT)
        try:
            assert is_stopped(stopped.pid)
            assert not is_stopped(sleeping.pid)
            assert frozen([stopped.pid, sleeping.pid]) == {stopped.pid: "stopped by a signal"}
        finally:
            stopped.kill()
            sleeping.kill()


def test_what_the_kernel_holds_is_told() -> None:
    # The parent of vfork waits in uninterruptible sleep until its child executes or ends.
    code = "import ctypes; ctypes.CDLL(None).vfork() or ctypes.CDLL(None).sleep(60)"
    with subprocess.Popen(["python3", "-c", code], start_new_session=True) as held:
        try:
            found = until(lambda: frozen([held.pid]) or held.poll() is not None, "a process that the kernel holds")
            if held.poll() is not None:
                pytest.skip("vfork ends here")
            assert found == {held.pid: "held in the kernel (uninterruptible sleep)"}
        finally:
            os.killpg(held.pid, signal.SIGKILL)


def test_nothing_is_said_of_what_is_gone() -> None:
    with subprocess.Popen(["true"]) as gone:
        pass
    assert not is_stopped(gone.pid)
    assert frozen([gone.pid]) == {}
