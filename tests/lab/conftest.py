"""Starts the real lab as a child and listens to what it says."""

import os
import queue
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

DEADLINE = 40.0


class RunningLab:
    """A lab process, its lines as they come, and everything it has announced."""

    def __init__(self, argv: list[str], temporary: Path, environment: dict[str, str]) -> None:
        self.temporary = temporary
        self.lines: list[str] = []
        self._leaving = False
        self._queue: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            argv,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TMPDIR": str(temporary)} | environment,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
            if self._leaving:
                break
        self._queue.put(None)

    def until(self, found: Callable[[str], bool]) -> str:
        """Return the first new line for which found is true; fails at the deadline or the end of output."""
        end = time.monotonic() + DEADLINE
        while True:
            line = self._queue.get(timeout=max(0.01, end - time.monotonic()))
            assert line is not None, f"the lab ended early: {self.lines[-5:]}"
            self.lines.append(line)
            if found(line):
                return line

    def state(self, name: str) -> dict[str, str]:
        """Wait for a state and return the line's fields."""
        line = self.until(lambda line: line.startswith(f"STRESSTUI_STATE state={name}"))
        return dict(part.split("=", 1) for part in shlex.split(line)[1:])

    def metrics(self, enough: Callable[[dict[str, float]], bool] = lambda _: True) -> dict[str, float]:
        """Wait for a metrics line that is enough and return it."""
        return numbers(self.until(lambda line: line.startswith("STRESSTUI ") and enough(numbers(line))))

    def processes(self) -> dict[str, tuple[str, int]]:
        """Return the role and pid of every process announced so far, by name."""
        found = {}
        for line in self.lines:
            if line.startswith("STRESSTUI_PROCESS "):
                fields = dict(part.split("=", 1) for part in shlex.split(line)[1:])
                found[fields["name"]] = (fields["role"], int(fields["pid"]))
        return found

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def finish(self) -> int:
        """Wait for the end, keep every line, and return the exit status."""
        status = self.process.wait(DEADLINE)
        while (line := self._queue.get(timeout=DEADLINE)) is not None:
            self.lines.append(line)
        return status

    def nothing_left(self) -> None:
        """Fail unless every announced process and every file is gone within five seconds."""
        self.eventually(lambda: not self._left())
        assert self._left() == []

    def eventually(self, true: Callable[[], bool]) -> bool:
        """Return whether a condition comes true within five seconds."""
        end = time.monotonic() + 5.0
        while not (so := true()) and time.monotonic() < end:
            threading.Event().wait(0.02)
        return so

    def stop_listening(self) -> None:
        """Close the read end of the lab's standard output, as a supervisor that dies would."""
        self._leaving = True
        self._reader.join(10)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _left(self) -> list[str]:
        alive = [name for name, (_, pid) in self.processes().items() if _runs(pid)]
        return alive + [path.name for path in self.temporary.iterdir()]

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self._reader.join(10)
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def numbers(line: str) -> dict[str, float]:
    """Return the fields of a metrics line; fails on anything that is not a number."""
    return {name: float(value) for name, value in (part.split("=") for part in line.split(" ")[1:])}


StartLab = Callable[..., RunningLab]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[StartLab]:
    started: list[RunningLab] = []

    def start(*arguments: str, program: list[str] | None = None, **environment: str) -> RunningLab:
        argv = [sys.executable, *(program or ["-m", "stresstui.lab", "--settle", "0s"]), *arguments]
        temporary = tmp_path / f"tmp{len(started)}"
        temporary.mkdir()
        running = RunningLab(argv, temporary, environment)
        started.append(running)
        return running

    yield start
    for running in started:
        running.close()
