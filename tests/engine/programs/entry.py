"""A supervisor that tells what it judged at the end, and whose disk may be full for a while."""

import os
import resource
import sys
from pathlib import Path

import msgspec

from stresstui.core.model.event import Event, Sampled
from stresstui.core.run.fold import RunState
from stresstui.engine import entry


def fill_disk(event: Event, state: RunState) -> None:
    """From the fourth sample to the tenth no file can grow."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    if isinstance(event, Sampled) and state.samples in (4, 10):
        size = 1 if state.samples == 4 else hard
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def tell(state: RunState, directory: Path) -> None:
    seen = (state.criteria, state.summaries, state.series, state.reasons, state.outcome, state.exit_code, state.samples)
    (directory / "live.json").write_bytes(msgspec.json.encode(seen, enc_hook=list))
    if "failing" in sys.argv:
        raise ValueError("the report cannot be written")


def main() -> int:
    os.umask(0o077)
    return entry.run(Path(sys.argv[-1]), fill_disk if "full_disk" in sys.argv else None, tell)


if __name__ == "__main__":
    sys.exit(main())
