"""Which processes a pattern means."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stresstui.engine.process.attached import Watched
from stresstui.engine.process.find import Found
from stresstui.engine.process.matching import Candidate, choose
from tests.engine.launcher import until


def candidates(*lines: str) -> list[Candidate]:
    """Processes by command line; the name is the program's, as the kernel has it."""
    found: list[Candidate] = []
    for pid, line in enumerate(lines, 1):
        argv = tuple(line.split(" "))
        program = argv[0].rpartition("/")[2]
        exe = argv[0] if argv[0].startswith("/") else f"/usr/bin/{program}"
        found.append(Candidate(Found(pid, 0, 1.0, program[:15]), argv, exe))
    return found


def taken(pattern: str, *lines: str) -> list[str]:
    choice = choose(re.compile(pattern), candidates(*lines))
    return [lines[found.pid - 1] for found in choice.taken]


@pytest.mark.parametrize(
    "program",
    [
        "./soakprog 60",
        "/opt/a_b/bin/soakprog",
        "python3 soakprog.py",
        "python3 -u -W ignore /srv/soakprog.py --port 80",
        "/usr/bin/python3.11 -m soakprog serve",
        "java -Xmx1g -cp lib.jar -jar soakprog.jar",
        "node /srv/soakprog/server.js",
        "bash ./soakprog.sh",
        "/opt/venv/bin/python /opt/venv/bin/soakprog",
    ],
)
def test_a_program_is_taken_and_who_speaks_of_it_is_not(program: str) -> None:
    bystanders = [
        "tail -f soakprog.log", "vim soakprog.c", "grep -r soakprog .", "sudo ./soakprog 60", "sh -c ./soakprog 60",
        "timeout 60 ./soakprog", "python3 -m http.server soakprog", "ssh box ./soakprog", "less +F soakprog.log",
        "python3 /usr/bin/stresstui run -- ./soakprog", "rsync soakprog box:", "curl http://h/soakprog",
    ]  # fmt: skip
    assert taken("soakprog", *bystanders, program) == [program]


def test_what_was_not_taken_is_told() -> None:
    choice = choose(re.compile("soakprog"), candidates("tail -f soakprog.log", "./soakprog", "sleep 5"))
    assert [found.name for found in choice.left_out] == ["tail"]


def test_arguments_tell_programs_apart_where_no_name_does() -> None:
    lines = ["./proxy --port 8080", "./proxy --port 9090", "sudo ./proxy --port 8080", "tail -f port-8080", "less 8080"]
    assert taken(r"--port 8080|port-8080", *lines) == ["./proxy --port 8080"]
    assert taken("8080", *lines[2:]) == ["sudo ./proxy --port 8080"]
    assert taken("8080", *lines[3:]) == []


def test_a_bystander_that_is_named_is_meant() -> None:
    assert taken("^tail$", "tail -f x.log", "./tailor tail") == ["tail -f x.log"]
    assert taken("sudo", "sudo ./proxy", "./proxy") == ["sudo ./proxy"]


def test_once_a_program_was_meant_no_bystander_takes_its_place() -> None:
    left = candidates("./proxy --like soakprog")
    assert choose(re.compile("soakprog"), left, by_program=True).taken == []
    assert len(choose(re.compile("soakprog"), left).taken) == 1


def test_real_processes_with_odd_names(tmp_path: Path) -> None:
    odd = tmp_path / "soak (x) R 1\n1 prog"
    shutil.copy(shutil.which("sleep") or "sleep", odd)
    log = tmp_path / "soak (x).log"
    log.touch()
    with subprocess.Popen([odd, "60"]) as program, subprocess.Popen(["tail", "-f", log]) as tail:
        watched = Watched((), r"soak \(x\)")
        try:
            for process in (program, tail):  # executed, and yet for a moment without arguments
                until(Path(f"/proc/{process.pid}/cmdline").read_bytes, "its arguments")
            assert watched.rescan()
            assert watched.pids == [program.pid]
            assert watched.describe() == (
                f"soak (x) R 1?1 ({program.pid}); not tail ({tail.pid}), with the word in their arguments only"
                " (--pid takes them)"
            )
        finally:
            program.kill()
            tail.kill()
