"""Does the monitor leak? A day of events at full speed through what a supervisor keeps, and through the real screen.

Run it by hand: ``python tests/bench/day.py [HOURS]``; a day takes about ten minutes. The memory of both processes, by
the time of the run that they have taken in, is judged by the program's own judge of growth, as ``stresstui growth``
does it.
"""

import os
import random
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from stresstui.core.growth.kind import Kind
from stresstui.core.growth.replay import replay
from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Sampled
from stresstui.core.model.sample import Role
from stresstui.engine.clock import RunClock
from stresstui.engine.process.pidfile import write_pid_file
from stresstui.engine.record.recorder import Recorder
from stresstui.report.monitor_log import MonitorLog
from tests.tui.scripted_run import report, sample, scenario, started

HOUR = 3600
STEP = 60
"""Seconds of the run between two looks at memory."""
PATIENCE_S = 120.0
KEYS = ("5", "e", "\x1b", "6", "e", "\x1b", "1", "e", "\x1b", "7", "?", "\x1b", "v", "\x1b", "n")
"""What a person does now and then."""
_APP = "import sys; from pathlib import Path; from stresstui.tui.start import run_app; run_app(Path(sys.argv[1]))"
_ASKED = b"\x1b[6n"


def day(seconds: int) -> Iterator[Event]:
    """A run with everything in it: breaches, restarts, notes, problems, panics, reports each second."""
    noise = random.Random(3)
    yield started(scenario(), float(seconds))
    yield ev.PhaseBegan(0.0, ev.Phase.WARM_UP)
    for second in range(seconds):
        t = float(second)
        if second == 30:
            yield ev.PhaseBegan(t, ev.Phase.SOAK)
        crowded = second % (2 * HOUR) > 2 * HOUR - 60
        fds = 150 if crowded else 28 + noise.randrange(4)
        yield sample(second, rss=45 + noise.random() * 3, fds=fds, established=60 + noise.randrange(8))
        yield report(second, 92e6, noise)
        yield from _now_and_then(t, second, noise)


def _now_and_then(t: float, second: int, noise: random.Random) -> Iterator[Event]:
    if second % 7 == 0:
        pid = 1000 + second
        yield ev.ProcessKnown(t, pid, Role.SUT, f"worker-{pid}")
        yield ev.ProcessKnown(t, pid, Role.SUT, f"worker-{pid}", "ended", "status 0")
    if second % 600 == 0:
        yield ev.Problem(t, "collector", f"a process could not be read: {noise.random()}")
    if second % HOUR == 0:
        yield ev.Noted(t, f"an hour has gone, {noise.random()}", "person")
        yield ev.Matched(t, "skip", f"skipped: {noise.random()}")


def resident(pid: int | str) -> float:
    """Resident memory of a process, bytes."""
    return float(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE"))


def record(directory: Path, seconds: int) -> None:
    """Be the part of a supervisor that keeps something; print its memory after each step."""
    log = MonitorLog(directory.parent)

    def listen(event: Event, state: object) -> None:
        if isinstance(event, Sampled):
            log.write_due(state)  # type: ignore[arg-type]

    recorder = Recorder(directory / "journal.jsonl", RunClock(), listen, lambda _: None)
    for event in day(seconds):
        recorder.record(event)
        if isinstance(event, Sampled) and event.t % STEP == 0:
            print(event.t, resident("self"), flush=True)
    recorder.close()


def through_recorder(directory: Path, seconds: int) -> list[tuple[float, float]]:
    """Memory of the supervisor's part by the time of the run."""
    argv = (sys.executable, __file__, "--record", str(directory), str(seconds))
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=True)
    return [(float(t), float(value)) for t, value in map(str.split, done.stdout.splitlines())]


class Screen:
    """The real app in a terminal that answers."""

    def __init__(self, directory: Path) -> None:
        self._master, slave = os.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
        environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
        argv = [sys.executable, "-c", _APP, str(directory)]
        self.process = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        self._journal = str(directory / "journal.jsonl")
        self.sent = 0

    def press(self, key: str) -> None:
        """Press a key."""
        os.write(self._master, key.encode())

    def drain(self, seconds: float) -> None:
        """Take what it sends, and say that it was shown."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and select.select([self._master], [], [], left)[0]:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:  # it has gone, and its side of the terminal with it
                return
            self.sent += len(data)
            for _ in range(data.count(_ASKED)):
                os.write(self._master, b"\x1b[1;1R")

    def catch_up(self, size: int) -> None:
        """Wait until it has read so many bytes of the journal; raises TimeoutError."""
        deadline = time.monotonic() + PATIENCE_S
        while self._position() < size:
            if time.monotonic() > deadline:
                raise TimeoutError("the screen does not read")
            self.drain(0.01)

    def _position(self) -> int:
        folder = Path(f"/proc/{self.process.pid}/fd")
        for link in folder.iterdir():
            try:
                if str(link.readlink()) == self._journal:
                    info = Path(f"/proc/{self.process.pid}/fdinfo/{link.name}").read_text()
                    return int(re.findall(r"pos:\s+(\d+)", info)[0])
            except OSError:
                continue
        return -1

    def close(self) -> None:
        """End it."""
        self.process.terminate()
        self.drain(1.0)
        self.process.wait()
        os.close(self._master)


def steps_of(journal: Path) -> Iterator[tuple[float, bytes]]:
    """A recorded journal, a step's bytes at a time, with the time up to which they go."""
    batch, due = [], STEP
    with journal.open("rb") as lines:
        for line in lines:
            batch.append(line)
            if b'"event":"sample"' in line[:40] and float(re.findall(rb'"t":([\d.]+)', line)[0]) >= due:
                yield float(due), b"".join(batch)
                batch, due = [], due + STEP


def through_screen(recorded: Path, directory: Path) -> list[tuple[float, float]]:
    """Memory of the screen by the time of the run, which it is given a minute at a time."""
    directory.mkdir()
    write_pid_file(directory)  # this process stands for the supervisor
    points, size, screen = [], 0, None
    try:
        for number, (t, data) in enumerate(steps_of(recorded)):
            with (directory / "journal.jsonl").open("ab") as journal, (directory / "output.log").open("ab") as output:
                journal.write(data)
                output.write(b"".join(b"a line of output, %d of minute %d\n" % (i, number) for i in range(STEP)))
            size += len(data)
            screen = screen or Screen(directory)
            screen.catch_up(size)
            screen.press(KEYS[number % len(KEYS)])
            screen.drain(0.05)
            points.append((t, resident(screen.process.pid)))
    finally:
        if screen is not None:
            screen.close()
    print(f"screen: {screen.sent / 1e6 if screen else 0:.0f} MB drawn", file=sys.stderr)
    return points


def verdict(who: str, points: list[tuple[float, float]], seconds: int) -> str:
    """A line of the table."""
    found = replay(points, Kind.RSS, float(seconds))
    mib = [value / 2**20 for _, value in points]
    hour = [value / 2**20 for t, value in points if t >= HOUR] or mib
    interval = f"[{found.ci[0] / 2**20:.2f}, {found.ci[1] / 2**20:.2f}]" if found.ci else "-"
    slope = "-" if found.slope_per_hour is None else f"{found.slope_per_hour / 2**20:.2f}"
    levels = " | ".join(f"{value:.1f}" for value in (mib[0], hour[0], mib[-1], max(mib)))
    word = "LEAK" if found.leak else "no leak"
    cells = (who, len(points), levels, f"{slope} {interval}", found.state.value, word, len(found.alarms), found.reason)
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    if sys.argv[1:2] == ["--record"]:
        record(Path(sys.argv[2]), int(sys.argv[3]))
        return
    seconds = int(float(sys.argv[1] if len(sys.argv) > 1 else 24) * HOUR)
    with tempfile.TemporaryDirectory() as folder:
        recorded = Path(folder) / "recorded"
        recorded.mkdir()
        began = time.monotonic()
        kept = through_recorder(recorded, seconds)
        print(f"supervisor's part: {time.monotonic() - began:.0f} s", file=sys.stderr)
        print(
            "| process | looks | MiB first | after 1 h | last | most | MiB/h of run | state | verdict | alarms | why |"
        )
        print("|---|---|---|---|---|---|---|---|---|---|---|")
        print(verdict("supervisor", kept, seconds), flush=True)
        shown = through_screen(recorded / "journal.jsonl", Path(folder) / "shown")
        print(verdict("screen", shown, seconds))


if __name__ == "__main__":
    main()
