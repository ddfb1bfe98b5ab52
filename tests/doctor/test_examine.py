"""Whether the doctor sees what would spoil a run."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
import psutil
import pytest

from stresstui.catalogue import load
from stresstui.core.model.check import Check, Level
from stresstui.doctor import limits, machine, quiet, sight, software
from stresstui.doctor.examine import before_run, worst
from stresstui.doctor.needs import Needs
from stresstui.doctor.quiet import Memory, read_memory
from stresstui.lab.process.binaries import MissingError


class _Room(NamedTuple):
    f_bavail: int = 25_600
    f_frsize: int = 4096


def named(checks: list[Check], name: str) -> Check:
    (found,) = [check for check in checks if check.name == name]
    return found


def test_what_is_not_ok_says_what_to_do(tmp_path: Path) -> None:
    for check in before_run(Needs(report_dir=tmp_path / "not" / "there" / "yet")):
        assert check.found
        assert bool(check.mend) == (check.level is not Level.OK), check


def test_a_disk_that_a_day_would_fill_is_a_problem(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("stresstui.doctor.machine.os.statvfs", lambda _: _Room())
    day = machine.look(Needs(duration=86_400.0, report_dir=tmp_path))
    assert named(day, "disk").level is Level.PROBLEM
    assert worst(day) is Level.PROBLEM
    assert named(machine.look(Needs(duration=600.0, report_dir=tmp_path)), "disk").level is Level.OK
    assert named(machine.look(Needs(duration=None, report_dir=tmp_path)), "disk").level is Level.PROBLEM


def test_the_probe_of_the_disk_leaves_nothing(tmp_path: Path) -> None:
    assert "4 MiB written" in machine.disk_speed(Needs(report_dir=tmp_path)).found
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("soft", "hard", "level"),
    [
        (1024, 524288, Level.WARNING),
        (4096, 4096, Level.OK),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, Level.OK),
    ],
)
def test_few_descriptors_are_told(monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, level: Level) -> None:
    monkeypatch.setattr("stresstui.doctor.limits.resource.getrlimit", lambda _: (soft, hard))
    check = named(limits.look(), "open files (nofile)")
    assert check.level is level
    assert ("524288" in check.mend) == (level is Level.WARNING)


@pytest.mark.parametrize(("text", "level"), [("32768\t60999", Level.OK), ("32768 33767", Level.WARNING)])
def test_few_ports_are_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, level: Level) -> None:
    path = tmp_path / "range"
    path.write_text(text)
    monkeypatch.setattr(limits, "_PORT_RANGE", path)
    assert named(limits.look(), "ephemeral ports").level is level


def test_a_machine_without_such_a_file_is_not_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(limits, "_PORT_RANGE", tmp_path / "none")
    assert all(check.name != "ephemeral ports" for check in limits.look())


def test_a_busy_machine_and_one_without_memory_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stresstui.doctor.quiet.os.getloadavg", lambda: (9.0 * (os.cpu_count() or 1), 0.0, 0.0))
    monkeypatch.setattr("stresstui.doctor.quiet.read_memory", lambda: Memory(100 << 20, 100, 90))
    checks = quiet.look()
    assert named(checks, "load").level is Level.WARNING
    assert named(checks, "free memory").level is Level.PROBLEM
    assert named(checks, "swap").level is Level.WARNING


def test_memory_is_read_without_what_takes_long_to_load(monkeypatch: pytest.MonkeyPatch) -> None:
    near = psutil.virtual_memory()
    assert abs(read_memory().available - near.available) < near.total / 10
    monkeypatch.setattr("stresstui.doctor.quiet.read", lambda _: "")
    assert abs(read_memory().available - near.available) < near.total / 10


def test_a_lab_without_a_run_is_left_over() -> None:
    code = "import time; print('up', flush=True); time.sleep(60)"
    orphan = subprocess.Popen((sys.executable, "-c", code, "stresstui.lab"), stdout=subprocess.PIPE)
    try:
        assert orphan.stdout is not None
        orphan.stdout.readline()
        deadline = time.monotonic() + 20
        while str(orphan.pid) not in (found := quiet.leftovers()[-1]).found + found.mend:
            # Four are named: others that run tests here may have more than that for a moment.
            if found.level is Level.WARNING and not found.found.startswith(("1 ", "2 ", "3 ", "4 ")):
                break
            assert time.monotonic() < deadline, found
        assert found.level is Level.WARNING
        assert found.mend.startswith("kill ")
    finally:
        orphan.kill()
        orphan.wait()
        if orphan.stdout is not None:
            orphan.stdout.close()


def test_a_run_that_no_registry_of_here_knows_is_on_and_not_left_over() -> None:
    """Its supervisor lives: another user's, or one with another home; to kill what it runs would end it."""
    lab = "import time; print('up', flush=True); time.sleep(60)"
    code = "import subprocess, sys; subprocess.run((sys.executable, '-c', sys.argv[1], 'stresstui.lab'))"
    command = (sys.executable, "-c", code, lab, "stresstui.supervise", "/theirs/ech_24h_of_theirs")
    supervisor = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert supervisor.stdout is not None
        supervisor.stdout.readline()
        (child,) = psutil.Process(supervisor.pid).children()
        *others, left = quiet.leftovers()
        assert f"ech_24h_of_theirs (pid {supervisor.pid})" in named(others, "runs of others").found
        assert str(child.pid) not in left.found + left.mend
    finally:
        os.killpg(supervisor.pid, signal.SIGKILL)
        supervisor.wait()
        if supervisor.stdout is not None:
            supervisor.stdout.close()


def test_who_may_not_look_is_told_what_stays_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    if not sys.platform.startswith("linux"):
        pytest.skip("of Linux")
    monkeypatch.setattr(sight, "_may", lambda _: False)
    monkeypatch.setattr("stresstui.doctor.sight.os.geteuid", lambda: 1000)
    assert named(sight.look(), "processes of others").level is Level.WARNING
    monkeypatch.setattr(sight, "read", lambda path: "3" if "perf" in path.name else "")
    assert named(sight.look(), "perf").level is Level.WARNING
    monkeypatch.setattr(sight, "_may", lambda _: True)
    assert named(sight.look(), "perf").level is Level.OK


def test_a_lab_that_lacks_its_program_is_a_problem_only_where_it_is_needed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def missing() -> str:
        raise MissingError("sing-box not found: pip install something")

    monkeypatch.setattr("stresstui.doctor.software.binaries.sing_box", missing)
    monkeypatch.setenv("PATH", str(tmp_path))
    wanted = software.look(Needs(scenario=load("ech_24h"), runner="lab"))
    assert named(wanted, "sing-box").level is Level.PROBLEM
    assert named(wanted, "sing-box").found == "sing-box not found: the lab's ech, hysteria, tuic, plain cannot run"
    assert named(software.look(Needs(runner="command")), "sing-box").level is Level.WARNING
    assert named(software.look(Needs(scenario=load("reality_24h"), runner="lab")), "sing-box").level is Level.WARNING
    assert named(wanted, "cargo").level is Level.WARNING
    assert named(software.look(Needs(runner="cargo")), "cargo").level is Level.PROBLEM


def test_an_old_rust_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, said in (("cargo", ""), ("rustc", "rustc 1.75.0 (82e1608df 2023-12-21)")):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\necho '{said}'\n")
        path.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    check = named(software.look(Needs()), "rustc")
    assert check.level is Level.WARNING
    assert "asks for 1.90" in check.found


def test_checks_are_json() -> None:
    check = Check("Machine", "disk", Level.PROBLEM, "full", "free some")
    assert msgspec.json.decode(msgspec.json.encode(check), type=Check) == check
