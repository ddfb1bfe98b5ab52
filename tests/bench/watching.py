"""CPU and memory of what watches one program at 1 Hz, by its connections: stresstui's supervisor, and other tools.

Of stresstui both processes are counted, the supervisor and its guard. btop draws every two seconds, as it comes. CPU is
counted in nanoseconds (schedstat): the ticks of /proc/P/stat are 10 ms, and some tools take none in twenty seconds.
"kernel" is the floor: what the kernel takes for the counters, descriptors and sockets that stresstui reads, unread.
"""

import os
import pty
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.bench.collect import holding

SECONDS = 20
SETTLE = 6
SIZES = (10, 1_000, 10_000)
ROUNDS = 5
_TICKS = os.sysconf("SC_CLK_TCK")
GUIDE = "while true; do ps -o rss= -p {pid}; lsof -p {pid} | wc -l; netstat -an | grep -c ESTABLISHED; sleep 1; done"

Start = Callable[[int], "subprocess.Popen[bytes]"]


def main() -> None:
    print(f"{'':10}" + "".join(f"{size:>12,} connections" for size in SIZES), flush=True)
    tools = {name: start for name, start in TOOLS.items() if there(name)}
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for size in SIZES:
        with holding(size) as program:
            for _ in range(ROUNDS):
                for name, start in tools.items():
                    found.setdefault((name, size), []).append(measured(start, program.pid))
    for name in tools:
        medians = [tuple(map(statistics.median, zip(*found[name, size], strict=True))) for size in SIZES]
        print(f"{name:10}" + "".join(f"{cpu:>13.2f} % {rss:>5.0f} MiB" for cpu, rss in medians), flush=True)


def there(name: str) -> bool:
    return name in ("kernel", "stresstui", "guide") or shutil.which(name) is not None


def measured(start: Start, pid: int) -> tuple[float, float]:
    """Percent of a core and MiB of everything that the tool runs."""
    with running(start, pid) as watcher:
        time.sleep(SETTLE)
        before, began = cpu_of(watcher), time.monotonic()
        time.sleep(SECONDS)
        return 100 * (cpu_of(watcher) - before) / (time.monotonic() - began), rss_of(watcher) / 2**20


@contextmanager
def running(start: Start, pid: int) -> Iterator[int]:
    process = start(pid)
    try:
        yield process.pid
    finally:
        for child in [process.pid, *below(process.pid)]:
            with suppress(ProcessLookupError):
                os.kill(child, 15)
        process.wait()


def below(pid: int) -> list[int]:
    """Children and theirs, those that have ended but were not waited for too."""
    with suppress(OSError):
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return [deep for child in map(int, found) for deep in (child, *below(child))]
    return []


def cpu_of(pid: int) -> float:
    """CPU seconds of a process and all that it has run or runs."""
    total = 0.0
    for one in (pid, *below(pid)):
        with suppress(OSError):
            fields = Path(f"/proc/{one}/stat").read_text(encoding="utf-8").rsplit(") ", 1)[1].split()
            own, waited = sum(map(int, fields[11:13])), sum(map(int, fields[13:15]))
            threads = Path(f"/proc/{one}/task").glob("*/schedstat")
            exact = sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9
            total += max(exact, own / _TICKS - 1 / _TICKS) + waited / _TICKS
    return total


def rss_of(pid: int) -> float:
    total = 0
    for one in (pid, *below(pid)):
        with suppress(OSError):
            total += int(Path(f"/proc/{one}/statm").read_text(encoding="ascii").split()[1])
    return float(total * os.sysconf("SC_PAGE_SIZE"))


def supervisor(pid: int, interval: float = 1.0, folder: str = "") -> "subprocess.Popen[bytes]":
    """The supervisor in the foreground, on a request of its own."""
    folder = folder or tempfile.mkdtemp()
    code = (
        "import sys; from pathlib import Path\n"
        "from stresstui.core.model.scenario import RunnerKind, Scenario, CriterionSpec\n"
        "from stresstui.engine.launch.request import RunRequest, save_request\n"
        "from stresstui.engine.launch import request as r\n"
        "c = CriterionSpec(id='a', title='A', rule='growth(rss) < 1MiB/h')\n"
        "s = Scenario(name='bench', moves_bytes=False, criteria=(c,))\n"
        f"q = RunRequest(scenario=s, runner=RunnerKind.PID, pids=({pid},), interval={interval})\n"
        f"save_request(r.complete(q, 'bench'), Path({folder!r}))\n"
        f"from stresstui.supervise import supervise; sys.exit(supervise(Path({folder!r})))\n"
    )
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.DEVNULL, start_new_session=True)


def plain(*argv: str) -> Start:
    def start(pid: int) -> "subprocess.Popen[bytes]":
        words = [word.replace("{pid}", str(pid)) for word in argv]
        return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)

    return start


def on_a_terminal(*argv: str) -> Start:
    """A tool that draws; what it draws is read and thrown away by a thread of the bench."""

    def start(pid: int) -> "subprocess.Popen[bytes]":
        tool = " ".join(argv).format(pid=pid)
        words = ["script", "-qfc", f"stty rows 45 cols 160; TERM=xterm-256color LC_ALL=C.UTF-8 {tool}", "/dev/null"]
        master, slave = pty.openpty()
        process = subprocess.Popen(words, stdin=slave, stdout=subprocess.DEVNULL, start_new_session=True)
        os.close(slave)
        os.set_inheritable(master, False)
        return process

    return start


FLOOR = """
import os, socket, struct, sys, time
pid = sys.argv[1]
files = [os.open(path, os.O_RDONLY) for path in (f"/proc/{pid}/stat", "/proc/net/snmp", "/proc/net/netstat")]
fds, buffer = os.open(f"/proc/{pid}/fd", os.O_PATH), bytearray(1 << 16)
body = struct.pack("=B 2x B 48x I 4x", 0, 0, 0xF9E | 0x1000)  # as Collector asks: every state but TIME_WAIT
ask = struct.pack("=IHHII", 16 + len(body), 18, 0x301, 1, 0) + body
while True:
    for file in files:
        os.pread(file, 4096, 0)
    os.fstat(fds)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4) as link:
        link.send(ask)
        while struct.unpack_from("=IH", buffer, 0)[1] != 3:
            link.recv_into(buffer)
        buffer[4:6] = bytes(2)
    time.sleep(1)
"""
"""What a sample costs the kernel alone, in a loop that does no more than ask."""


TOOLS: dict[str, Start] = {
    "kernel": plain(sys.executable, "-S", "-c", FLOOR, "{pid}"),
    "stresstui": supervisor,
    "psrecord": plain("psrecord", "{pid}", "--interval", "1", "--log", "/dev/null", "--include-children"),
    "pidstat": plain("pidstat", "-u", "-r", "-d", "-v", "-p", "{pid}", "1"),
    "top": plain("top", "-b", "-d", "1", "-p", "{pid}"),
    "htop": on_a_terminal("htop", "-d", "10"),
    "btop": on_a_terminal("btop", "--utf-force"),
    "glances": plain("glances", "-q", "-t", "1"),
    "guide": plain("sh", "-c", GUIDE),
}


if __name__ == "__main__":
    main()
