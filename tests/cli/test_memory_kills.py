"""A worker that the kernel kills for want of memory, for real, in a small control group."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui.engine.process.kernel.exits import ExitReports
from stresstui.engine.process.kernel.log import KernelLog
from tests.cli.box import Box

GROUPS = Path("/sys/fs/cgroup/memory")
SCENARIO = """
title = "It takes what there is"
duration = "60s"
moves_bytes = false
until_exit = true

[command]
argv = ["sh", "-c", "{python} greedy.py {group} & wait; sleep 2.5"]

[[criteria]]
id = "memory"
title = "Memory is bounded"
rule = "max(rss) < 1GiB"
"""
GREEDY = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1], "cgroup.procs").write_text(str(os.getpid()))
time.sleep(2.5)
kept = []
while True:
    kept.append(bytearray(4_000_000))
    time.sleep(0.05)
"""


@pytest.fixture
def group() -> Iterator[Path]:
    """A control group of 60 MB, version 1."""
    found = GROUPS / f"stresstui_test_{os.getpid()}"
    try:
        found.mkdir()
    except OSError:
        pytest.skip("no control group of version 1 can be made here")
    try:
        (found / "memory.limit_in_bytes").write_text("60M")
        yield found
    finally:
        found.rmdir()


def test_a_worker_that_the_kernel_killed_fails_a_run_whose_child_ends_well(box: Box, group: Path) -> None:
    (box.folder / "greedy.py").write_text(GREEDY)
    (box.folder / "s.toml").write_text(SCENARIO.format(python=sys.executable, group=group))
    log = KernelLog()
    try:
        done = box.run("run", "--headless", "--scenario-file", "s.toml")
        readable = bool(log.memory_kills())
    finally:
        log.close()
    assert done.returncode == (1 if readable else 3), done.stdout + done.stderr
    assert "for want of memory" in done.stdout


def test_a_worker_that_lived_for_less_than_a_sample_is_of_the_run_all_the_same(box: Box, group: Path) -> None:
    (box.folder / "greedy.py").write_text(GREEDY.replace("time.sleep(2.5)", "").replace("time.sleep(0.05)", ""))
    (box.folder / "s.toml").write_text(
        SCENARIO.format(python=sys.executable, group=group).replace("& wait; sleep 2.5", "& wait; sleep 0.5")
    )
    log, reports = KernelLog(), ExitReports()
    try:
        done = box.run("run", "--headless", "--interval", "5s", "--scenario-file", "s.toml")
        told = bool(log.memory_kills()) and reports.listening
    finally:
        log.close()
        reports.close()
    assert done.returncode == (1 if told else 3), done.stdout + done.stderr
    assert "for want of memory" in done.stdout


@pytest.mark.usefixtures("told_ends")
def test_a_program_of_others_that_the_kernel_killed_leaves_the_verdict_alone(box: Box, group: Path) -> None:
    (box.folder / "greedy.py").write_text(GREEDY)
    path = box.scenario("max(fds) < 100")
    killed = box.folder / "killed"
    greedy = f"{sys.executable} {box.folder / 'greedy.py'} {group}; echo $? >{killed}"
    watching = f"until [ -s {killed} ]; do sleep 0.2; done; sleep 2.5"  # as slow as the machine is
    with subprocess.Popen(("sh", "-c", greedy)):
        done = box.run("run", "--headless", "--interval", "400ms", "--scenario-file", path, "--", "sh", "-c", watching)
    assert killed.read_text() == "137\n"
    assert done.returncode == 0, done.stdout
    assert "for want of memory" in done.stdout
