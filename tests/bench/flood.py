"""How fast a program can print: into /dev/null, into ``cat``, and under a run; in turns, lines of a hundred bytes."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from stresstui.core.model.event import Sampled
from stresstui.engine.record import journal

ROUNDS = 5
SECONDS = 5
PRINTER = """
import os, sys, time
block = (b"x" * 99 + b"\\n") * 650
end, count = time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    count += os.write(1, block)
print(count, file=open(sys.argv[1], "w"))
"""


def main() -> None:
    rates: dict[str, list[float]] = {"/dev/null": [], "| cat": [], "stresstui": []}
    late: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "told"
        printer = [sys.executable, "-c", PRINTER, str(told), str(SECONDS)]
        for number in range(ROUNDS):
            for name, found in rates.items():
                if name == "stresstui":
                    late += under_a_run(printer, Path(folder) / str(number))
                else:
                    into(printer, cat=name == "| cat")
                found.append(int(told.read_text()) / SECONDS / 1e6)
    for name, found in rates.items():
        print(f"{name:10} {statistics.median(found):8.0f} MB/s")
    print(f"lateness of samples under the flood: median {statistics.median(late):.1f} ms, longest {max(late):.1f} ms")


def into(printer: list[str], *, cat: bool) -> None:
    if not cat:
        subprocess.run(printer, stdout=subprocess.DEVNULL, check=True)
        return
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as reader:
        subprocess.run(printer, stdout=reader.stdin, check=True)
        assert reader.stdin
        reader.stdin.close()


def under_a_run(printer: list[str], folder: Path) -> list[float]:
    """Run it; give how late each sample was, milliseconds."""
    argv = [sys.executable, "-m", "stresstui", "run", "--headless", "--interval", "100ms", "--report-dir", str(folder)]
    subprocess.run([*argv, "--", *printer], stdout=subprocess.DEVNULL, check=False)
    path = next(folder.glob("*/journal.jsonl"))
    times = [event.t for event in journal.read(path) if isinstance(event, Sampled)]
    return [abs(t * 10 - round(t * 10)) * 100 for t in times]


if __name__ == "__main__":
    main()
