"""A workload whose every allocation is recorded from its start on, by heaptrack's library loaded into it."""

import subprocess
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.scenario import RunnerKind
from stresstui.engine.launch.cargo_command import is_cargo_test
from stresstui.engine.launch.plan import Plan, RunnerError

RECORDING: Final = "heaptrack.raw"
"""Name of the recording, as heaptrack's library writes it."""
_TRIPLE_S: Final = 60.0


def library() -> Path:
    """Heaptrack's library that a program is started with; raises RunnerError where it is not installed."""
    found = _beside("libheaptrack_preload.so")
    if found is None:
        raise RunnerError("heaptrack is not installed (apt install heaptrack)")
    return found


def interpreter() -> Path | None:
    """The program that reads such a recording; None where it is not installed."""
    return _beside("libexec/heaptrack_interpret")


def _beside(name: str) -> Path | None:
    """A part of heaptrack, which is where its own script looks for it."""
    import shutil  # noqa: PLC0415 - it loads four ways of packing archives

    tool = shutil.which("heaptrack")
    path = Path(tool).resolve().parent.parent / "lib" / "heaptrack" / name if tool else None
    return path if path is not None and path.is_file() else None


def traced(plan: Plan, folder: Path) -> Plan:
    """The same plan with the program's allocations recorded in ``folder``; raises RunnerError.

    Of a command it is the process itself that is recorded, not what it starts; of cargo, each test binary that it runs.
    """
    names = {"LD_PRELOAD": str(library()), "DUMP_HEAPTRACK_OUTPUT": str(folder / RECORDING)}
    if plan.runner is RunnerKind.CARGO or is_cargo_test(plan.argv):
        if any(letter.isspace() for value in names.values() for letter in value):
            raise RunnerError(
                f"cargo takes no runner with blanks in a path, and {folder} has some; --report-dir elsewhere"
            )
        words = " ".join(f"{name}={value}" for name, value in names.items())
        names = {f"CARGO_TARGET_{_triple(plan.cwd)}_RUNNER": f"env {words}"}
    elif plan.runner is not RunnerKind.COMMAND:
        raise RunnerError(f"heaptrack records what cargo or a command starts, not a run by {plan.runner.value}")
    return msgspec.structs.replace(plan, env={**plan.env, **names})


def _triple(cwd: str) -> str:
    """The host's target as cargo writes it in the names of variables; raises RunnerError."""
    try:
        done = subprocess.run(
            ("rustc", "-vV"), cwd=cwd, capture_output=True, text=True, timeout=_TRIPLE_S, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RunnerError(f"rustc does not say its target: {error}") from None
    host = next((line[6:] for line in done.stdout.splitlines() if line.startswith("host: ")), "")
    if not host:
        raise RunnerError("rustc -vV names no host")
    return host.strip().upper().replace("-", "_").replace(".", "_")
