"""What the screen costs: bytes sent to the terminal and CPU, at one sample a second.

Run it by hand: ``python tests/bench/drawing.py [SECONDS] [COLUMNSxLINES]``. The goal at 160x45 is below 25 kB/s and
below 3 CPU seconds a minute. It starts the real app in a pseudo terminal, on a run that it writes meanwhile.
"""

import fcntl
import os
import random
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from stresstui.core.model.event import encode_event
from tests.tui.scripted_run import report, run_events, sample, write_run

HISTORY = 600
SETTLE = 6
_APP = "import sys; from pathlib import Path; from stresstui.tui.start import run_app; run_app(Path(sys.argv[1]))"


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def drain(fd: int, until: float) -> int:
    """Read what the app sends until then, and answer as a terminal does; how many bytes it was."""
    count, seen = 0, b""
    while (left := until - time.monotonic()) > 0:
        if not select.select([fd], [], [], left)[0]:
            continue
        try:
            seen = seen[-3:] + os.read(fd, 1 << 16)
            count += len(seen) - min(3, count)
            os.write(fd, b"\x1b[1;1R" * seen.count(b"\x1b[6n"))
        except OSError:  # the app has gone, and its side of the terminal with it
            break
    return count


def play(directory: Path, second: int, noise: random.Random) -> None:
    """Write what a supervisor writes in one second."""
    now = sample(second, rss=45 + noise.random(), established=60 + noise.randrange(8), fds=26 + noise.randrange(4))
    with (directory / "journal.jsonl").open("ab") as journal:
        journal.write(encode_event(now) + b"\n" + encode_event(report(second, 92e6, noise)) + b"\n")
    with (directory / "output.log").open("ab") as output:
        output.write(f"STRESSTUI connections_total={second * 20} bytes_total={second * 92e6:.0f}\n".encode())


def measure(directory: Path, seconds: int, columns: int, lines: int) -> tuple[float, float]:
    """Bytes a second, and CPU seconds a minute."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = os.environ | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONUTF8": "1"}
    argv = [sys.executable, "-c", _APP, str(directory)]
    app = subprocess.Popen(argv, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True)
    os.close(slave)
    noise = random.Random(2)
    sent, cpu = 0, 0.0
    try:
        for tick in range(SETTLE + seconds):
            if tick == SETTLE:
                sent, cpu = 0, cpu_seconds(app.pid)
            play(directory, HISTORY + tick, noise)
            sent += drain(master, time.monotonic() + 1.0)
        spent = cpu_seconds(app.pid) - cpu
    finally:
        app.terminate()
        drain(master, time.monotonic() + 1.0)
        app.wait()
        os.close(master)
    return sent / seconds, spent * 60 / seconds


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    columns, lines = (int(part) for part in (sys.argv[2] if len(sys.argv) > 2 else "160x45").split("x"))
    with tempfile.TemporaryDirectory() as folder:
        directory = write_run(Path(folder) / "run", run_events(HISTORY))
        sent, cpu = measure(directory, seconds, columns, lines)
    print(f"{columns}x{lines}: {sent / 1000:.1f} kB/s, {cpu:.2f} CPU s/min")


if __name__ == "__main__":
    main()
