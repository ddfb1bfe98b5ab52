"""The kernel's word, from the first sample on to the last: real processes that break."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stresstui.core.model.event import Event, ProcessKnown
from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.core.run.fold import RunState
from stresstui.engine.process.kernel.exits import ExitReports
from stresstui.engine.supervise.deaths.death_watch import DeathWatch

BREAKS = "import os, signal; input(); os.kill(os.getpid(), signal.{})"


class Watched:
    """A watch, and what it has recorded."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        context: Any = SimpleNamespace(record=self.events.append, ending=False)
        self.watch = DeathWatch(context, RunState, lambda: None)

    def sees_break(self, signal: str) -> int:
        """The pid of a process that was sampled, was ended by a signal, and was waited for in silence."""
        with subprocess.Popen([sys.executable, "-c", BREAKS.format(signal)], stdin=subprocess.PIPE) as child:
            self.watch.observe(Sample(0.0, (ProcessSample(child.pid, 1, "worker", Role.SUT, 1),)))
            child.communicate(b"\n")
        return child.pid


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.watch.close()


def test_a_run_in_which_nothing_died_is_told_nothing_of(watched: Watched) -> None:
    watched.watch.observe(Sample(0.0))
    watched.watch.observe(Sample(1.0))
    watched.watch.settle(2.0)
    assert watched.events == []


def test_a_fault_that_nobody_else_tells_is_told_at_the_last(watched: Watched) -> None:
    listening = ExitReports()
    if not listening.listening:
        pytest.skip("this process may not listen to the kernel's proc connector")
    pid = watched.sees_break("SIGSEGV")
    deadline = time.monotonic() + 20
    while pid not in {fault.pid for fault in listening.faults()}:  # a second listener: the kernel has sent it to both
        assert time.monotonic() < deadline
        os.sched_yield()
    listening.close()
    watched.watch.settle(1.0)
    assert watched.events == [ProcessKnown(1.0, pid, Role.SUT, "worker", "ended", "killed by SIGSEGV, says the kernel")]


def descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def test_who_closes_listens_no_longer(watched: Watched) -> None:
    open_before = descriptors()
    other = Watched()
    if descriptors() == open_before:
        pytest.skip("this process may not listen to the kernel")
    other.watch.close()
    assert descriptors() == open_before
