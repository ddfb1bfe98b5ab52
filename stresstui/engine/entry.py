"""The supervisor as a program: ``python -m stresstui.engine.entry RUN_DIR`` runs what ``run.json`` there asks for."""

import asyncio
import contextlib
import gc
import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from stresstui.core.run.fold import RunState
from stresstui.engine.collect import open_collector
from stresstui.engine.control import server
from stresstui.engine.launch.request import NobodyAskedError, take_request
from stresstui.engine.process.malloc import give_back_large
from stresstui.engine.process.pidfile import write_pid_file
from stresstui.engine.process.watchdog import Guard
from stresstui.engine.record.recorder import OnEnd, OnEvent, OnSample, both, say_traceback
from stresstui.engine.supervise.supervisor import Supervisor
from stresstui.folder import SUPERVISOR_LOG

USAGE: Final = 2
"""Exit status of a supervisor that was started where there was one before."""
INTERNAL_ERROR: Final = 70
"""Exit status of a supervisor that failed itself."""


def run(
    run_dir: Path,
    on_event: OnEvent | None = None,
    on_end: OnEnd | None = None,
    on_sample: OnSample | None = None,
    guard: Guard | None = None,
) -> int:
    """Run what ``run.json`` asks for; return the exit code of the run. Takes over signals and children of the process.

    ``on_event`` hears of every event, ``on_sample`` of every sample, ``on_end`` of the end, when the
    journal has been written. ``guard`` is one that was forked already. Raises OSError, ValueError for a bad request.
    """
    gc.freeze()  # what was loaded stays: it need not be looked through again and again
    gc.enable()
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.setsid()
    give_back_large()
    request, listener, guard = take_request(run_dir), both(on_event, on_sample), guard or Guard()
    make = partial(Supervisor, run_dir, request, listener, open_collector, guard)
    state = asyncio.run(_run(run_dir, make, on_end))
    guard.dismiss()
    return INTERNAL_ERROR if state.exit_code is None else state.exit_code


async def _run(run_dir: Path, make: Callable[[], Supervisor], on_end: OnEnd | None) -> RunState:
    supervisor = make()
    write_pid_file(run_dir)  # behind the journal: a second supervisor in the same folder gets no further
    async with server.serve(run_dir, supervisor):
        return await supervisor.run(on_end)


def as_program(run_dir: Path, work: Callable[[], int]) -> int:
    """Run and give the exit status, whatever goes wrong: a traceback is for supervisor.log alone."""
    try:
        return work()
    except FileExistsError:  # the journal: there is or was a supervisor here, and its record stays its own
        with contextlib.suppress(OSError):
            sys.stderr.write(f"stresstui: {run_dir} holds a run already; a folder is for one run\n")
        return USAGE
    except NobodyAskedError as error:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"stresstui: {error}\n")
        _remove_empty(run_dir)
        return INTERNAL_ERROR
    except Exception:  # noqa: BLE001 - the last resort: the starter reads this in supervisor.log
        say_traceback()
        return INTERNAL_ERROR


def _remove_empty(run_dir: Path) -> None:
    """A folder in which no run was ever asked for is none: nothing finds it, and nobody would remove it."""
    with contextlib.suppress(OSError):
        if [path.name for path in run_dir.iterdir()] == [SUPERVISOR_LOG]:
            (run_dir / SUPERVISOR_LOG).unlink()
            run_dir.rmdir()


def main(argv: list[str]) -> int:
    """Run as a program: one argument, the run's directory."""
    run_dir = Path(argv[1]).absolute()
    return as_program(run_dir, partial(run, run_dir))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
