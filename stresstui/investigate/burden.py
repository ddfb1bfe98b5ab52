"""Says to a run's supervisor when it is looked into, so that what is measured meanwhile judges nothing."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from stresstui.engine.control import client

Say = Callable[[str], None]
"""Takes a line for people."""


@contextlib.contextmanager
def burdening(run_dir: Path, what: str, seconds: float, say: Say, *, leaves_traces: bool = False) -> Iterator[None]:
    """Leave the time of the context out of the criteria, ``seconds`` at most where nobody says that it is over.

    What leaves traces in the processes bends everything to the end of the run. Where the supervisor does not take it
    (it has ended, or is an older one) that is said, and the look goes on.
    """
    by = f"{what.partition(' ')[0]} {os.getpid()}"
    try:
        client.burden(run_dir, what, by, None if leaves_traces else seconds, everything=leaves_traces)
    except OSError as error:
        say(f"its time is NOT left out of the criteria: {error}")
        yield
        return
    try:
        yield
    finally:
        if not leaves_traces:
            with contextlib.suppress(OSError):  # the run has ended meanwhile
                client.burden(run_dir, what, by, 0.0)
