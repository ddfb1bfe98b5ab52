import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stresstui.core.model.sample import ProcessSample, Role, Sample
from stresstui.engine.collect import Classify, Collector, open_collector
from stresstui.engine.collect.proc.facts import RoleVersion, never_changes

CHILD = Path(__file__).with_name("child.py")
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and netlink")


class Child:
    """The child program, told what to do; ends with its standard input."""

    def __init__(self, *prefix: str) -> None:
        self.process = subprocess.Popen(
            [*prefix, sys.executable, str(CHILD)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.extra: list[int] = []

    @property
    def pid(self) -> int:
        return self.process.pid

    def tell(self, *command: Any) -> Any:
        assert self.process.stdin
        print(json.dumps(command), file=self.process.stdin, flush=True)
        return self.answer()

    def kill_at_end(self, pid: int) -> int:
        self.extra.append(pid)
        return pid

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, f"the child ended with {self.process.wait()}"
        return json.loads(line)

    def end(self) -> None:
        for pid in self.extra:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            if self.process.returncode is None:
                self.process.communicate(timeout=20)
        except (subprocess.TimeoutExpired, BrokenPipeError):
            self.process.kill()
            self.process.communicate()
        for pid in self.extra:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


@contextlib.contextmanager
def started(*prefix: str) -> Iterator[Child]:
    made = Child(*prefix)
    try:
        made.tell("spin", 0)
        yield made
    finally:
        made.end()


@pytest.fixture
def child() -> Iterator[Child]:
    with started() as made:
        yield made


def can_unshare() -> bool:
    return (
        sys.platform == "linux"
        and not subprocess.run(["unshare", "-rn", "true"], check=False, capture_output=True).returncode
    )


@pytest.fixture
def apart() -> Iterator[Child]:
    """A child in a network namespace of its own."""
    if not can_unshare():
        pytest.skip("may not make a network namespace")
    with started("unshare", "-rn") as made:
        made.tell("raise_loopback")
        yield made


@pytest.fixture(params=[pytest.param("linux", marks=linux_only), "portable"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


Open = Callable[..., Collector]


@pytest.fixture
def opened() -> Iterator[Open]:
    made: list[Collector] = []

    def make(
        kind: str,
        *roots: int,
        classify: Classify = lambda _: Role.SUT,
        role_version: RoleVersion = never_changes,
        monitor_pid: int | None = None,
    ) -> Collector:
        made.append(open_collector(kind, lambda: roots, classify, role_version, monitor_pid=monitor_pid))
        return made[-1]

    yield make
    for collector in made:
        collector.close()


class Watch:
    """A collector over the child, on a clock that leaves room for every socket table."""

    def __init__(self, collector: Collector, pid: int) -> None:
        self.collector = collector
        self.pid = pid
        self.t = 0.0

    def sample(self) -> Sample:
        self.t += 1000.0
        return self.collector.collect(self.t)

    def child(self) -> ProcessSample:
        return self.of(self.pid)

    def of(self, pid: int) -> ProcessSample:
        (found,) = [p for p in self.sample().processes if p.pid == pid]
        return found


@pytest.fixture
def watch(kind: str, child: Child, opened: Open) -> Watch:
    return Watch(opened(kind, child.pid), child.pid)


@pytest.fixture
def fast(child: Child, opened: Open) -> Watch:
    return Watch(opened("linux", child.pid), child.pid)
