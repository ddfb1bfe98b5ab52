"""How late a screen is on a slow link: seconds from a sample's writing until the terminal shows it, and bytes a second.

Run it by hand: ``python -m tests.bench.link [SECONDS] [COLUMNSxLINES] [BYTES_A_SECOND]``. The real app in a pseudo
terminal that is read at that rate and answers as a terminal does; a sample's second is its number of descriptors. The
goal at 960 B/s: the clock and the values in sight are never more than 2 s old, from the first paint on.
"""

import contextlib
import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

import pyte

from stresstui.core.model.event import encode_event
from tests.tui.scripted_run import run_events, sample, write_run

HISTORY = 600
_APP = "import sys; from pathlib import Path; from stresstui.tui.start import run_app; run_app(Path(sys.argv[1]))"
_CLOCK = re.compile(r"(\d\d):(\d\d):(\d\d) of")
_VALUE = re.compile(r"File descriptors\D+?(\d{3,4})\b")
_STEP_S = 0.02


def shown(screen: "pyte.Screen") -> tuple[int | None, int | None]:
    """The second that the clock shows, and that which the value is of."""
    text = "\n".join(screen.display)
    clock, value = _CLOCK.search(text), _VALUE.search(text)
    at = None if clock is None else sum(int(n) * f for n, f in zip(clock.groups(), (3600, 60, 1), strict=True))
    return at, None if value is None else int(value[1])


def measure(directory: Path, seconds: int, columns: int, lines: int, rate: int) -> None:
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
    screen = pyte.Screen(columns, lines)
    stream = pyte.ByteStream(screen)
    app = subprocess.Popen(
        [sys.executable, "-c", _APP, str(directory)], stdin=slave, stdout=slave, stderr=slave, env=environment,
        start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    began = now = time.monotonic()
    written, taken, first, changed, seen = HISTORY, 0, None, 0, b""
    late: dict[str, list[float]] = {"clock": [], "value": []}
    ages = {"clock": 0.0, "value": 0.0}
    due: dict[int, float] = {}
    try:
        while now < began + seconds:
            now = time.monotonic()
            if now - began >= written - HISTORY:
                with (directory / "journal.jsonl").open("ab") as journal:
                    journal.write(encode_event(sample(written, fds=written)) + b"\n")
                due[written] = now
                written += 1
            room = int((now - began) * rate) - taken
            if room <= 0 or not select.select([master], [], [], 0)[0]:
                taken = max(taken, int((now - began - _STEP_S) * rate))  # an idle link saves nothing up
                time.sleep(_STEP_S)
            else:
                data = os.read(master, min(room, 64))
                taken += len(data)
                changed += len(data)
                stream.feed(data)
                seen = seen[-3:] + data
                os.write(master, b"\x1b[1;1R" * seen.count(b"\x1b[6n"))
                first = first or (now - began if "ech_24h" in screen.display[0] else None)
            for name, at in zip(late, shown(screen), strict=True):
                if at is not None and at in due and at > ages[name]:
                    ages[name] = at
                newest = [t for s, t in due.items() if s > ages[name]]
                late[name].append(now - min(newest) if ages[name] and newest else 0.0)
    finally:
        app.terminate()
        end = time.monotonic() + 3
        with contextlib.suppress(OSError):  # its side is gone
            while time.monotonic() < end and app.poll() is None:
                if select.select([master], [], [], 0.05)[0]:
                    os.read(master, 1 << 16)
        app.wait()
        os.close(master)
    print(f"{columns}x{lines} at {rate} B/s: name after {first or -1:.1f} s, {changed / seconds:.0f} B/s;", end=" ")
    for name, ages_of in late.items():
        known = sorted(ages_of)
        print(f"{name} late by {known[-1]:.1f} s at most, {known[len(known) // 2]:.1f} s in the middle;", end=" ")
    print(flush=True)


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    columns, lines = (int(part) for part in (sys.argv[2] if len(sys.argv) > 2 else "80x24").split("x"))
    rate = int(sys.argv[3]) if len(sys.argv) > 3 else 960
    with tempfile.TemporaryDirectory() as folder:
        directory = write_run(Path(folder) / "run", run_events(HISTORY))
        measure(directory, seconds, columns, lines, rate)


if __name__ == "__main__":
    main()
