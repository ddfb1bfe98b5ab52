"""What a run's program allocated from its start to its end: heaptrack's recording, read when the run is over."""

import subprocess
from pathlib import Path
from typing import Final

from stresstui.core.run.fold import RunState
from stresstui.engine.launch.allocations import RECORDING, interpreter
from stresstui.folder import EVIDENCE
from stresstui.investigate import evidence, looks
from stresstui.investigate.tools.tool import ToolError

READ_S: Final = 60.0
"""Seconds that a recording may take to be read while somebody waits for the run's reports."""
NOTHING: Final = "heaptrack recorded nothing: the program is linked statically, or Go's, or a shell stood before it"


def tell_recorded(state: RunState, run_dir: Path) -> None:
    """Keep the summary of the recording for the report, or why there is none; raises OSError."""
    raw = run_dir / EVIDENCE / RECORDING
    try:
        looks.heaptrack_told(run_dir, _interpreted(raw), state.scenario.name, state.t)
    except ToolError as error:
        evidence.write_facts(run_dir, "heaptrack", state.t, "Allocations from the start", text=str(error))


def _interpreted(raw: Path) -> Path:
    """The recording with the names of functions; the raw one goes."""
    program = interpreter()
    if program is None or not raw.is_file() or not raw.stat().st_size:
        raise ToolError(NOTHING)
    into = raw.with_suffix(".txt")
    with raw.open("rb") as given, into.open("wb") as read:
        try:
            subprocess.run((program,), stdin=given, stdout=read, stderr=subprocess.DEVNULL, timeout=READ_S, check=True)
        except (OSError, subprocess.SubprocessError) as error:
            why = "took too long to read" if isinstance(error, subprocess.TimeoutExpired) else "could not be read"
            raise ToolError(f"the recording {why}; it is {raw.name}") from None
    raw.unlink()
    return into
