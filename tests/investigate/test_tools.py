"""What the system's tools say, as it was recorded, and what they are asked."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stresstui.core.model.scenario import RunnerKind
from stresstui.core.run.fold import RunState
from stresstui.engine.launch.allocations import RECORDING, traced
from stresstui.engine.launch.plan import Plan, RunnerError
from stresstui.investigate.recorded import tell_recorded
from stresstui.investigate.tools import darwin, heaptrack
from stresstui.investigate.tools.tool import PACKAGES, ToolError, needed, run_tool

PRINTED = """reading file "att.zst" - please wait, this might take some time...
Debuggee command was: ./leaky 60
finished reading file, now analyzing data:

MEMORY LEAKS
4.10K leaked over 1 calls from
__GI__IO_file_doallocate
  at ./libio/filedoalloc.c:101
  in /lib/x86_64-linux-gnu/libc.so.6
4.10K leaked over 1 calls from:
    main
      at /home/leaky.c:8
5.24M leaked over 80 calls from
remember_forever(std::vector<int>&)
  at /home/leaky.c:6
  in /home/leaky
total runtime: 7.69s.
calls to allocation functions: 80 (10/s)
temporary memory allocations: 0 (0/s)
peak heap memory consumption: 5.24M
peak RSS (including heaptrack overhead): 10.00M
total memory leaked: 5.24M
"""


def test_what_heaptrack_prints_is_read_the_largest_leak_first() -> None:
    leaks, totals = heaptrack.parse(PRINTED)
    assert [(one.function, one.size, one.count, one.place) for one in leaks] == [
        ("remember_forever(std::vector<int>&)", 5.24e6, 80, "/home/leaky.c:6"),
        ("__GI__IO_file_doallocate", 4100.0, 1, "./libio/filedoalloc.c:101"),
    ]
    assert totals["total memory leaked"] == "5.24M"
    assert heaptrack.parse("") == ([], {})
    assert heaptrack.parse("5.24M leaked over 80 calls from")[0][0].function == ""


REFUSED = """injecting heaptrack into application via GDB, this might take some time...
71\t../sysdeps/unix/sysv/linux/clock_nanosleep.c: No such file or directory.
Couldn't write extended state status: Bad address.
No symbol "heaptrack_inject" in current context.
injection finished
"""


def test_that_gdb_could_not_put_heaptrack_in_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "heaptrack").write_text(f"#!/bin/sh\ncat <<'EOF'\n{REFUSED}EOF\nexec sleep 60\n")
    for name in ("heaptrack", "gdb", "heaptrack_print"):
        (tmp_path / name).touch(mode=0o755)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    said = rf"heaptrack into process {os.getpid()}: Couldn't write extended .* address; 'stresstui run --heaptrack'"
    with pytest.raises(ToolError, match=said):
        heaptrack.attach(os.getpid(), 60.0, tmp_path / "rec")
    assert heaptrack.refusal(REFUSED.replace("injection finished\n", "")) == "", "gdb is not done"
    assert heaptrack.refusal("injecting ...\ninjection finished\n") == ""


def test_a_missing_tool_is_said_with_its_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match=r"heaptrack is not installed \(apt install heaptrack\)"):
        heaptrack.attach(1, 1.0, tmp_path / "x")
    with pytest.raises(ToolError, match="xcode-select"):
        darwin.leaks(1)
    for name in PACKAGES:
        with pytest.raises(ToolError, match=name):
            needed(name)


def test_a_tool_that_fails_is_quoted_in_one_line() -> None:
    with pytest.raises(ToolError, match="failed: one two; see"):
        run_tool((sys.executable, "-c", "import sys; sys.exit('one\\ntwo')"), 30.0)
    with pytest.raises(ToolError, match="did not end within"):
        run_tool((sys.executable, "-c", "import time; time.sleep(60)"), 0.01)
    assert run_tool(("sh", "-c", "echo yes; exit 1"), 30.0, fine=(0, 1)) == "yes\n"


def test_the_commands_of_macos_are_those_of_its_manual() -> None:
    """Command lines only: nobody has run them there."""
    assert darwin.leaks_command(7) == ("leaks", "--nostacks", "7")
    assert darwin.sample_command(7, 30.0) == ("sample", "7", "30", "-mayDie")
    assert darwin.sample_command(7, 0.2)[2] == "1"
    assert darwin.is_here() is (sys.platform == "darwin")


def test_what_leaks_says_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    said = "Process 93: 12345 nodes malloced for 800 KB\nProcess 93: 3 leaks for 144 total leaked bytes.\n"
    monkeypatch.setattr(darwin, "needed", lambda *names: None)
    monkeypatch.setattr(darwin, "run_tool", lambda *given, **more: said)
    assert darwin.leaks(93) == (3, 144, said)


LEAKY = """
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <stdio.h>
void *table[100000]; int n;
__attribute__((noinline)) void remember_forever(void) { table[n] = malloc(4096); memset(table[n++], 1, 4096); }
int main(void) { puts("up"); fflush(stdout); while (n < 60000) { remember_forever(); usleep(2000); } return 0; }
"""


@pytest.fixture(scope="session")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real program that leaks; skipped where nobody can compile it."""
    folder = tmp_path_factory.mktemp("leaky")
    (folder / "leaky.c").write_text(LEAKY)
    try:
        done = subprocess.run(("cc", "-g", "-O1", "leaky.c", "-o", "leaky"), cwd=folder, check=False)
    except OSError:
        pytest.skip("no C compiler here")
    if done.returncode:
        pytest.skip("the C compiler does not work here")
    return folder / "leaky"


def test_heaptrack_names_the_function_of_a_process_that_is_on(leaky: Path, tmp_path: Path) -> None:
    process = subprocess.Popen((leaky,), stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            recorded = heaptrack.attach(process.pid, 1.0, tmp_path / "rec")
        except ToolError as error:
            pytest.skip(str(error))  # not installed, or not allowed here
        leaks, totals = heaptrack.summary(recorded)
        assert leaks[0].function == "remember_forever"
        assert leaks[0].size >= 4096
        assert "total memory leaked" in totals
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_a_recording_from_the_start_is_told_for_the_report(leaky: Path, tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    try:
        plan = traced(Plan(RunnerKind.COMMAND, (str(leaky),)), folder)
    except RunnerError as error:
        pytest.skip(str(error))
    process = subprocess.Popen(plan.argv, env={**os.environ, **plan.env}, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not ((folder / RECORDING).exists() and (folder / RECORDING).stat().st_size):  # it is written by pages
        assert time.monotonic() < deadline
        time.sleep(0.05)
    process.terminate()
    process.wait()
    tell_recorded(RunState(), tmp_path)
    (path,) = folder.glob("heaptrack*.json")
    assert "remember_forever" in path.read_text()


def test_a_program_that_nothing_was_recorded_of_is_told_so(tmp_path: Path) -> None:
    tell_recorded(RunState(), tmp_path)
    (path,) = (tmp_path / "evidence").glob("heaptrack*.json")
    assert "linked statically" in path.read_text()
