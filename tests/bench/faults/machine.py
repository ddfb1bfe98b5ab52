"""What the machine does: clocks, process numbers, hidden processes, limits, memory."""

import os
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.faults.register import fault
from tests.bench.faults.stage import Row, Stage, samples_lost, samples_of, until

CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <sys/time.h>
static long offset(void) {
    const char *name = getenv("CLOCK_OFFSET_FILE");
    FILE *file = name ? fopen(name, "r") : 0;
    long found = 0;
    if (file) { if (fscanf(file, "%ld", &found) != 1) found = 0; fclose(file); }
    return found;
}
int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, at);
    if (clock == CLOCK_REALTIME) at->tv_sec += offset();
    return result;
}
"""


def _clock_set(here: Stage, seconds: int) -> Row:
    source, library, file = here.folder / "c.c", here.folder / "c.so", here.folder / "offset"
    source.write_text(CLOCK)
    subprocess.run(("cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"), check=True)
    file.write_text("0")
    here.box.env |= {"LD_PRELOAD": str(library), "CLOCK_OFFSET_FILE": str(file)}
    run = here.begin(*here.talking(5))
    file.write_text(str(seconds))
    here.ended(run)
    del here.box.env["LD_PRELOAD"]
    row = here.row(run)
    return Row(
        row.samples_lost,
        row.lines_lost,
        row.outcome,
        f"{samples_of(run)[-1].t:.0f} s long by its own clock; {row.message}",
    )


@fault("the wall clock set a year forward (preloaded clock)", test="")
def clock_forward(here: Stage) -> Row:
    return _clock_set(here, 365 * 86400)


@fault("the wall clock set a year back (preloaded clock)", test="")
def clock_back(here: Stage) -> Row:
    return _clock_set(here, -365 * 86400)


REUSE = """
import os, pathlib, subprocess, sys, time
first = None
for turn in range(12):
    if first is not None:
        pathlib.Path("/proc/sys/kernel/ns_last_pid").write_text(str(first - 1))
    child = subprocess.Popen(["sleep", "0.4"])
    subprocess.run(["true"])
    for _ in range(turn % 3):
        subprocess.run(["true"])
    first = first or child.pid
    assert child.pid == first, (child.pid, first)
    child.wait()
"""


@fault(
    "a pid used again twelve times in 5 s",
    test="engine/control/test_client.py::test_a_reused_pid_is_not_taken_for_the_supervisor",
)
def pid_reuse(here: Stage) -> Row:
    (here.folder / "reuse.py").write_text(REUSE)
    words = here.words(sys.executable, "reuse.py", options=("--headless",))
    alone = ("unshare", "--pid", "--fork", "--mount-proc", sys.executable, "-m", "stresstui", *words)
    done = subprocess.run(
        alone, cwd=here.folder, env=here.box.env, capture_output=True, text=True, check=False, timeout=60
    )
    run = here.box.directory()
    row = here.row(run, lines=False)
    counted = len({(p.pid, p.started) for s in samples_of(run) for p in s.sample.processes if p.name == "sleep"})
    return Row(
        row.samples_lost, None, row.outcome, f"exit {done.returncode}; {counted} sleepers told apart; {row.message}"
    )


@fault("/proc mounted with hidepid=2, as another user than root", test="")
def hidepid(here: Stage) -> Row:
    for path in (here.folder, here.folder / "talk.py", here.folder / "s.toml"):
        os.chown(path, 65534, 65534)
    # It may still read all files: the interpreter may be in a folder of root's.
    reads = "--inh-caps +dac_read_search --ambient-caps +dac_read_search"
    nobody = f"setpriv --reuid 65534 --regid 65534 --clear-groups {reads}"
    shell = f'mount -t proc -o hidepid=2 proc /proc && exec {nobody} "$@"'
    words = here.words(*here.talking(4), options=("--headless",))
    argv = ("unshare", "-m", "sh", "-c", shell, "x", sys.executable, "-m", "stresstui", *words)
    env = {**here.box.env, "HOME": str(here.folder), "TMPDIR": str(here.folder)}
    done = subprocess.run(argv, cwd=here.folder, env=env, capture_output=True, text=True, check=False, timeout=60)
    lines = [line for line in done.stdout.splitlines() if "passed" in line or "inconclusive" in line]
    run = here.box.directory()
    return Row(
        samples_lost(run),
        here.lines_lost(run),
        f"{'passed' if done.returncode == 0 else lines[-1:]} ({done.returncode})",
        (done.stderr or "nothing said").strip()[:160],
    )


@fault("nofile 34 for the monitor", test="")
def nofile_of_monitor(here: Stage) -> Row:
    run = here.begin(*here.talking(5), wrap=("bash", "-c", 'ulimit -n 34; exec "$@"', "x"))
    return here.row(here.ended(run))


@fault("a child at its nofile (EMFILE in its output)", test="")
def nofile_of_child(here: Stage) -> Row:
    script = (
        "ulimit -n 30; exec "
        + sys.executable
        + " -c \"import time; time.sleep(1.5); k=[open('/dev/null') for _ in range(99)]\""
    )
    run = here.begin("sh", "-c", script, samples=3)
    return here.row(here.ended(run), lines=False)


GREEDY = """
import os, pathlib, sys, time
pathlib.Path(sys.argv[1], "cgroup.procs").write_text(str(os.getpid()))
time.sleep(2.5)
kept = []
while True:
    kept.append(bytearray(4_000_000))
    time.sleep(0.05)
"""


@fault(
    "a worker killed for want of memory (60 MB control group), its parent ends with 0",
    test="cli/test_memory_kills.py::test_a_worker_that_the_kernel_killed_fails_a_run_whose_child_ends_well",
)
def out_of_memory(here: Stage) -> Row:
    group = Path(f"/sys/fs/cgroup/memory/stresstui_fault_{os.getpid()}")
    group.mkdir()
    here.later(group.rmdir)
    (group / "memory.limit_in_bytes").write_text("60M")
    (here.folder / "greedy.py").write_text(GREEDY)
    run = here.begin("sh", "-c", f"{sys.executable} greedy.py {group} & wait; sleep 2.5")
    here.ended(run)
    until(lambda: not (group / "cgroup.procs").read_text(), "an empty group")
    return here.row(run, lines=False)


@fault(
    "10,000 short processes a minute",
    test="engine/collect/proc/test_waited_cpu.py::test_children_that_live_between_two_samples",
)
def short_processes(here: Stage) -> Row:
    script = "i=0; while [ $i -lt 1700 ]; do /bin/true; i=$((i+1)); done"
    began = time.monotonic()
    run = here.begin("sh", "-c", f"sleep 0.8; {script}", samples=3)
    here.ended(run)
    took = time.monotonic() - began
    row = here.row(run, lines=False)
    return Row(
        row.samples_lost, None, row.outcome, f"1,700 in {took:.0f} s ({1700 / took * 60:,.0f} a minute); {row.message}"
    )


@fault("processes that vanish between two reads (four loops of forks)", test="")
def vanishing(here: Stage) -> Row:
    loop = "i=0; while [ $i -lt 300 ]; do (sleep 0.01 & sleep 0.01 & wait); i=$((i+1)); done"
    run = here.begin("sh", "-c", f"({loop}) & ({loop}) & wait", samples=3)
    return here.row(here.ended(run), lines=False)
