"""A worker that a fault ends, and whose parent says nothing of it."""

import sys

import pytest

from stresstui.engine.process.kernel.log import KernelLog
from tests.cli.box import Box

SCENARIO = """
title = "Its worker falls"
duration = "{duration}"
moves_bytes = false

[command]
argv = ["{python}", "parent.py"]

[[criteria]]
id = "crashes"
title = "No crashes"
rule = "count(crashes) == 0"
"""
PARENT = """
import subprocess, sys, time
subprocess.run([sys.executable, "-c", "import ctypes, os, time; time.sleep(1.2); {fall}"], stderr=subprocess.DEVNULL)
time.sleep(60)
"""


@pytest.mark.parametrize("duration", ["2s", "5s"])
def test_a_fault_that_only_the_kernel_tells_fails_the_run(box: Box, duration: str) -> None:
    (box.folder / "parent.py").write_text(PARENT.format(fall="ctypes.string_at(0)"))
    (box.folder / "s.toml").write_text(SCENARIO.format(python=sys.executable, duration=duration))
    log = KernelLog()
    try:
        done = box.run("run", "--headless", "--interval", "200ms", "--scenario-file", "s.toml")
        if not log.faults():
            pytest.skip("the kernel's log cannot be read here, or says nothing of faults")
    finally:
        log.close()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 process of the system under test crashed" in done.stdout
    (ended,) = [each for each in box.result()["criteria"] if each["id"] == "crashes"]
    assert (ended["verdict"], ended["value"]) == ("failed", 1)


@pytest.mark.usefixtures("told_ends")
def test_an_abort_that_not_even_the_log_tells_fails_the_run(box: Box) -> None:
    (box.folder / "parent.py").write_text(PARENT.format(fall="os.abort()"))
    (box.folder / "s.toml").write_text(SCENARIO.format(python=sys.executable, duration="3s"))
    done = box.run("run", "--headless", "--interval", "200ms", "--scenario-file", "s.toml")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "killed by SIGABRT, says the kernel" in (box.directory() / "journal.jsonl").read_text()
