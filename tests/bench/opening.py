"""Opening, judging and jumping in a run of 24 hours: plain and packed, with its checkpoints and without."""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from stresstui.core.model import event as ev
from stresstui.core.run.fold import fold
from stresstui.engine.clock import RunClock
from stresstui.engine.record import journal
from stresstui.engine.record.checkpoint import CHECKPOINTS, fold_run
from stresstui.engine.record.recorder import Recorder
from stresstui.engine.record.stored.opened import packed_form
from stresstui.engine.record.stored.rewrite import pack_journal
from stresstui.engine.record.tape import Tape
from stresstui.folder import JOURNAL
from tests.bench.fold import GROWTH, PLAIN, beginning, second

DAY = 86_400
JUMPS = 30


def write_day(directory: Path, seconds: int = DAY) -> Path:
    """Write a run of four processes as the supervisor would, a second at a time."""
    path = directory / JOURNAL
    recorder, late = Recorder(path, RunClock(), None, lambda _: None), 0.0
    for event in beginning((*PLAIN, *GROWTH), seconds):
        recorder.record(event)
    for t in range(seconds):
        for event in second(t):
            began = time.perf_counter()
            recorder.record(event)
            late = max(late, time.perf_counter() - began)
    recorder.record(ev.Exited(float(seconds), 0))
    recorder.end(ev.Ended(seconds + 1.0, "2026-01-01T00:00:00Z"))
    recorder.close()
    sizes = sum(place.stat().st_size for place in (directory / CHECKPOINTS).iterdir())
    print(f"journal {path.stat().st_size / 2**20:.1f} MiB, checkpoints {sizes / 2**20:.1f} MiB;", end=" ")
    print(f"the slowest event took the supervisor {1000 * late:.0f} ms (the one that brought a checkpoint)")
    return path


def made(directory: Path) -> Path:
    directory.mkdir(mode=0o700)
    return directory


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = f"{folder}/state"  # the key of its checkpoints goes with it
        path = write_day(made(Path(folder) / "day"))
        for form in ("plain", "packed"):
            if form == "packed":
                before, began = time.process_time(), time.monotonic()
                assert not pack_journal(path)
                cpu, size = time.process_time() - before, packed_form(path).stat().st_size / 2**20
                print(f"packed in                  {time.monotonic() - began:7.3f} s ({cpu:.2f} CPU), {size:.1f} MiB")
            print(f"as it lies on the disk: {form}")
            measure(path)
        shutil.rmtree(path.parent / CHECKPOINTS)
        print(f"open, without checkpoints  {timed(lambda: fold(journal.read(path))):7.3f} s")


def measure(path: Path) -> None:
    print(f"open, with checkpoints     {timed(lambda: fold_run(path)):7.3f} s, {memory_of(path, 'fold_run')} MiB")
    print(f"judge, as a command        {commanded('judge', path.parent):7.3f} s")
    print(f"report --html, the same    {commanded('report', path.parent, '--html'):7.3f} s, {page_of(path.parent)} MB")
    tape, pick = Tape(path), random.Random(1)
    jumps = [timed(lambda: tape.wind(pick.uniform(0, DAY))) for _ in range(JUMPS)]
    print(f"jump, median and longest   {statistics.median(jumps):7.3f} s, {max(jumps):.3f} s of {JUMPS}")


def timed(action: object) -> float:
    began = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - began


def page_of(directory: Path) -> str:
    """Size of its page."""
    return f"{(directory / 'report.html').stat().st_size / 1e6:.2f}"


def commanded(command: str, directory: Path, *options: str) -> float:
    (directory / "run.json").write_text("{}")
    argv = [sys.executable, "-m", "stresstui", command, str(directory), *options]
    return timed(lambda: subprocess.run(argv, stdout=subprocess.DEVNULL, check=False))


def memory_of(path: Path, what: str) -> int:
    """Peak resident set of a fresh process that opens it, MiB."""
    code = (
        f"import resource; from pathlib import Path; from stresstui.engine.record.checkpoint import {what} as f\n"
        f"f(Path({str(path)!r})); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    return int(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


if __name__ == "__main__":
    main()
