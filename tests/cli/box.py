"""A folder in which runs are made through the command line, as a person would."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stresstui.core.model.event import Ended, Event, Sampled
from stresstui.engine.record import journal
from tests.engine.launcher import end_supervisor

DEADLINE_S = 25.0
STRESSTUI = (sys.executable, "-m", "stresstui")
SCENARIO = """
title = "Shown"
moves_bytes = false
{more}

[[criteria]]
id = "few"
title = "Few descriptors"
rule = "{rule}"
"""


def until(check: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + DEADLINE_S
    while not (found := check()):
        assert time.monotonic() < end, f"waited in vain for {what}"
        time.sleep(0.03)
    return found


class Box:
    """A folder in which runs are made, and ended whatever a test does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reports = folder / "reports" / "stress-tests"
        self.env = {
            **os.environ,
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
            "NO_COLOR": "1",
            "TERM": "xterm-256color",
        }
        self.started: list[subprocess.Popen[str]] = []

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (*STRESSTUI, *arguments), cwd=cwd or self.folder, env=self.env, capture_output=True, text=True,
            timeout=DEADLINE_S, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self, *arguments: str, **given: Any) -> "subprocess.Popen[str]":
        given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **given}
        process = subprocess.Popen(
            (*STRESSTUI, *arguments), cwd=self.folder, env=self.env, text=True, start_new_session=True, **given
        )
        self.started.append(process)
        return process

    def scenario(self, rule: str, more: str = "") -> str:
        path = self.folder / "shown.toml"
        path.write_text(SCENARIO.format(rule=rule, more=more))
        return str(path)

    def directory(self) -> Path:
        """The newest run."""
        return max(self.reports.glob("*/run.json")).parent

    def events(self) -> list[Event]:
        found = sorted(self.reports.glob("*/journal.jsonl"))
        return list(journal.read(found[-1])) if found else []

    def wait(self, check: Callable[[Event], bool], what: str) -> Event:
        found: Event = until(lambda: next((event for event in self.events() if check(event)), None), what)
        return found

    def wait_for_samples(self, count: int) -> None:
        def enough() -> bool:
            return sum(isinstance(event, Sampled) and bool(event.sample.processes) for event in self.events()) >= count

        until(enough, f"{count} samples of the child")

    def wait_end(self) -> None:
        self.wait(lambda event: isinstance(event, Ended), "the end")

    def result(self) -> Any:
        return json.loads((self.directory() / "result.json").read_text())

    def close(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        for request in self.reports.glob("*/run.json"):
            end_supervisor(request.parent)
