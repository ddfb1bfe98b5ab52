"""Record RSS and descriptors of small real programs once: `python -m tests.core.growth.record MINUTES` (Linux)."""

import gzip
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
TRACES = HERE / "traces"
SMALL = ["idle", "fd_leak", "fd_churn", "warm_up", "cache", "slow_leak", "breathe", "staircase", "bursts"]
PAGE = 4096


def _commands(room: Path) -> dict[str, list[str]]:
    sawtooth = room / "sawtooth"
    subprocess.run(["gcc", "-O1", "-o", sawtooth, HERE / "programs" / "sawtooth.c"], check=True)
    small = str(HERE / "programs" / "small.py")
    commands = {name: [sys.executable, small, name] for name in SMALL}
    return commands | {"sawtooth": [str(sawtooth), "0"], "sawtooth_leak": [str(sawtooth), "1024"]}


def _read(pid: int) -> tuple[int, int]:
    proc = Path(f"/proc/{pid}")
    resident = int((proc / "statm").read_text().split()[1]) * PAGE
    return resident, len(list((proc / "fd").iterdir()))


def _sample(children: dict[str, subprocess.Popen[bytes]], seconds: int) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {name: ["t,rss,fds"] for name in children}
    start = time.monotonic()
    for tick in range(1, seconds + 1):
        time.sleep(max(0.0, start + tick - time.monotonic()))
        for name, child in children.items():
            rss, fds = _read(child.pid)
            rows[name].append(f"{time.monotonic() - start:.2f},{rss},{fds}")
    return rows


def record(minutes: float) -> None:
    with tempfile.TemporaryDirectory() as room:
        commands = _commands(Path(room))
        children = {name: subprocess.Popen(command) for name, command in commands.items()}
        try:
            rows = _sample(children, round(minutes * 60))
        finally:
            for child in children.values():
                child.terminate()
                child.wait()
    TRACES.mkdir(exist_ok=True)
    for name, lines in rows.items():
        (TRACES / f"{name}.csv.gz").write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


if __name__ == "__main__":
    record(float(sys.argv[1]))
