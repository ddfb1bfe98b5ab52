"""Where a fault is caused: a folder, a talking workload whose every line is numbered, and what a run came to."""

import contextlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stresstui.core.model.event import Event, Sampled
from stresstui.engine.process.pidfile import supervisor_pid
from stresstui.engine.record import journal
from stresstui.folder import JOURNAL
from tests.cli.box import Box

INTERVAL_S = 0.25
PATIENCE_S = 30.0
TALK = """
import os, pathlib, signal, sys, time
said = pathlib.Path(sys.argv[2])
end, number = time.monotonic() + float(sys.argv[1]), 0
while time.monotonic() < end:
    number += 1
    os.write(1, b"line %d %s\\n" % (number, b"." * 200))
    said.write_text(str(number))
    time.sleep(.05)
"""
SCENARIO = """
title = "Faults"
moves_bytes = false

[[criteria]]
id = "few"
title = "Few descriptors"
rule = "max(fds) < 1000"

[[criteria]]
id = "ends_well"
title = "Ends with status 0"
rule = "exit_status == 0"

[[criteria]]
id = "no_panic"
title = "No panic"
rule = "count(panics) == 0"
"""


@dataclass(frozen=True)
class Row:
    """What a fault did to a run; None where the column does not apply."""

    samples_lost: int | None
    lines_lost: int | None
    outcome: str
    message: str


def until(check: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:
    """Look again and again; raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not (found := check()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited in vain for {what}")
        time.sleep(0.03)
    return found


class Stage:
    """One fault's own folder; ``disk`` is where the run's record goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.box = Box(folder)
        self.said = folder / "said"
        self.talk = folder / "talk.py"
        self.talk.write_text(TALK)
        self.scenario()
        self._undo = contextlib.ExitStack()

    def scenario(self, criterion: str = "") -> None:
        """Write the scenario, with one more criterion."""
        more = f'[[criteria]]\nid = "more"\ntitle = "More"\nrule = "{criterion}"\n' if criterion else ""
        (self.folder / "s.toml").write_text(SCENARIO + more)

    def talking(self, seconds: float) -> tuple[str, ...]:
        """A workload that says a numbered line twenty times a second."""
        return (sys.executable, str(self.talk), str(seconds), str(self.said))

    def begin(self, *command: str, options: tuple[str, ...] = (), wrap: tuple[str, ...] = (), samples: int = 4) -> Path:
        """Start a detached run and wait for samples of it; give its folder."""
        done = subprocess.run(
            (*wrap, sys.executable, "-m", "stresstui", *self.words(*command, options=("--detach", *options))),
            cwd=self.folder, env=self.box.env, capture_output=True, text=True, check=False, timeout=PATIENCE_S,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        run = self.box.directory()
        until(lambda: len(samples_of(run)) >= samples, "samples")
        return run

    def words(self, *command: str, options: tuple[str, ...] = ()) -> tuple[str, ...]:
        """The arguments of a run of the scenario."""
        start = ("run", "--scenario-file", str(self.folder / "s.toml"), "--interval", f"{INTERVAL_S * 1000:.0f}ms")
        return (*start, *options, "--", *command)

    def small_disk(self, options: str = "size=256k") -> Path:
        """Put a disk of its own under the reports, which goes with the stage."""
        self.box.reports.mkdir(parents=True)
        subprocess.run(("mount", "-t", "tmpfs", "-o", f"mode=755,{options}", "none", str(self.box.reports)), check=True)
        self._undo.callback(subprocess.run, ("umount", "-l", str(self.box.reports)), check=False)
        return self.box.reports

    def later(self, undo: Callable[..., Any], *given: Any, **more: Any) -> None:
        """Have something done when the stage is left."""
        self._undo.callback(undo, *given, **more)

    def ended(self, run: Path) -> Path:
        """Wait until no supervisor is left."""
        until(lambda: supervisor_pid(run) is None, "the end of the supervisor")
        return run

    def row(self, run: Path, *, heard: str = "", lines: bool = True) -> Row:
        """What became of a run, by the command that judges it."""
        judged = self.box.run("judge", str(run))
        outcome, why = verdict_of(judged.stdout + judged.stderr)
        told = "; ".join(part for part in (heard, why) if part)
        return Row(samples_lost(run), self.lines_lost(run) if lines else None, f"{outcome} ({judged.returncode})", told)

    def lines_lost(self, run: Path) -> int:
        """Numbered lines that were said and are not in the output that was kept."""
        kept = b"".join(path.read_bytes() for path in run.glob("output.log*"))
        found = {int(number) for number in re.findall(rb"^line (\d+) \.{200}$", kept, re.MULTILINE)}
        last = int(self.said.read_text() or 0) if self.said.exists() else 0
        return len(set(range(1, last + 1)) - found)

    def close(self) -> None:
        """Leave nothing behind."""
        self.box.close()
        self._undo.close()


@contextlib.contextmanager
def stage() -> Iterator[Stage]:
    """A stage in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="fault"))
    here = Stage(folder)
    try:
        yield here
    finally:
        here.close()
        shutil.rmtree(folder, ignore_errors=True)


def events_of(run: Path) -> list[Event]:
    """What can be read of a run's journal."""
    try:
        return list(journal.read(run / JOURNAL))
    except (OSError, ValueError):
        return []


def samples_of(run: Path) -> list[Sampled]:
    """Its samples."""
    return [event for event in events_of(run) if isinstance(event, Sampled)]


def samples_lost(run: Path) -> int | None:
    """Ticks of the grid, up to the last sample, of which the journal has none."""
    ticks = [int(event.t / INTERVAL_S + 1e-6) for event in samples_of(run)]
    return None if not ticks else ticks[-1] + 1 - len(set(ticks))


def verdict_of(text: str) -> tuple[str, str]:
    """The outcome in the first line of ``judge``, and its first reason, which follows indented."""
    lines = text.splitlines() or ["?"]
    outcome = re.sub(r" \(recorded: \S+\)$", "", lines[0]).rpartition(": ")[2].strip()
    return outcome, lines[1].strip() if len(lines) > 1 else ""


def supervisor_of(run: Path) -> int:
    """Pid of the living supervisor."""
    pid = supervisor_pid(run)
    assert pid is not None
    return pid


def fill(disk: Path, leave: int = 0) -> Path:
    """Fill a disk; give the file that does."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    if leave:
        os.truncate(filler, filler.stat().st_size - leave)
    return filler
