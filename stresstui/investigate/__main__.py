"""``python -m stresstui.investigate RUN_DIR ADDRESS...``: the process that profiles a run's Go programs."""

import asyncio
import contextlib
import sys
from pathlib import Path

from stresstui.engine.control.client import note
from stresstui.investigate.follow import follow


def main(argv: list[str]) -> int:
    """Follow the run to its end."""
    run_dir = Path(argv[1])

    def say(text: str) -> None:
        with contextlib.suppress(OSError):  # the run has ended meanwhile: the file has it
            note(run_dir, text, by="investigate")

    asyncio.run(follow(run_dir, tuple(argv[2:]), say))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
