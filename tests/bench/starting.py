"""Seconds until a command is done, medians of interleaved rounds: an empty Python, the help, a run of ``true``.

As installed: with compiled modules, which a first round that does not count leaves behind.
"""

import os
import resource
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
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for turn in range(ROUNDS + 1):
            for name, argv in commands.items():
                seconds = _run(argv)
                if turn:
                    taken[name].append(seconds)
    for name, pairs in taken.items():
        walls, cpus = zip(*pairs, strict=True)
        print(
            f"{name:16} {1000 * statistics.median(walls):6.0f} ms, least {1000 * min(walls):6.0f} ms, "
            f"CPU {1000 * statistics.median(cpus):6.0f} ms"
        )


def _run(argv: list[str]) -> tuple[float, float]:
    """Run a command; give seconds, and CPU seconds of it and all it waited for (the supervisor is)."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=False, env=env)
    taken, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
