"""Seconds until a command is done, medians of interleaved rounds: an empty Python, the help, a run of ``true``."""

import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 9


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "--help": [sys.executable, "-m", "stresstui", "--help"],
            "run -- true": [
                sys.executable, "-m", "stresstui", "run", "--headless", "--report-dir", folder, "--", "true",
            ],
        }  # fmt: skip
        taken: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, argv in commands.items():
                began = time.monotonic()
                subprocess.run(argv, stdout=subprocess.DEVNULL, check=False)
                taken[name].append(time.monotonic() - began)
    for name, seconds in taken.items():
        print(f"{name:16} {1000 * statistics.median(seconds):6.0f} ms, least {1000 * min(seconds):6.0f} ms")


if __name__ == "__main__":
    main()
