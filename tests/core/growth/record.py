"""Record RSS and descriptors of real programs once: `python -m tests.core.growth.record MINUTES [NAME...]` (Linux)."""

import gzip
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil

from tests.core.growth.subjects import Subject, subjects

TRACES = Path(__file__).parent / "traces"


class Recording:
    """One program while it runs, and its rows so far."""

    def __init__(self, subject: Subject, stack: ExitStack) -> None:
        self.part = subject.part
        self.rows = ["t,rss,fds"]
        self.top = _started(subject.command, stack)
        if subject.load:
            time.sleep(0.5)
            _started(subject.load, stack)

    def row(self, t: float) -> None:
        """Read its processes once; one that has just ended counts nothing."""
        meant: list[psutil.Process] = [self.top]
        with suppress(psutil.Error):
            if self.part:
                meant = [child for child in self.top.children(recursive=True) if self.part in " ".join(child.cmdline())]
        with suppress(psutil.Error):
            read = [(process.memory_info().rss, process.num_fds()) for process in meant]
            if read:
                self.rows.append(f"{t:.2f},{sum(rss for rss, _ in read)},{sum(fds for _, fds in read)}")


def _started(command: tuple[str, ...], stack: ExitStack) -> psutil.Popen:
    child = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stack.callback(child.wait)
    stack.callback(child.terminate)
    return child


def record(minutes: float, names: list[str]) -> None:
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        chosen = {name: subject for name, subject in subjects(room).items() if not names or name in names}
        running = {name: Recording(subject, stack) for name, subject in chosen.items()}
        start = time.monotonic()
        for tick in range(1, round(minutes * 60) + 1):
            time.sleep(max(0.0, start + tick - time.monotonic()))
            for one in running.values():
                one.row(time.monotonic() - start)
    TRACES.mkdir(exist_ok=True)
    for name, one in running.items():
        (TRACES / f"{name}.csv.gz").write_bytes(gzip.compress(("\n".join(one.rows) + "\n").encode(), mtime=0))


if __name__ == "__main__":
    record(float(sys.argv[1]), sys.argv[2:])
