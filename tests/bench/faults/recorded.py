"""What is done to the record of a run: disks that are full, read-only or frozen, files that are cut, moved, damaged."""

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

from stresstui.core.model.event import Exited
from stresstui.engine.process.find import descendants, look_up
from stresstui.engine.process.pidfile import supervisor_pid
from tests.bench.faults.register import fault
from tests.bench.faults.stage import Row, Stage, events_of, fill, samples_of, supervisor_of, until

DAMAGE = "engine/record/test_damage.py::"
LOSSES = "engine/record/test_losses.py::"
WATCHDOG = "engine/process/test_watchdog.py::"
PASSING = "sleep 3"
FAILING = "sleep 2; echo \"thread 'main' panicked at src/lib.rs:1:1\"; sleep 1; exit 1"


@fault("the journal refused by `ulimit -f`", test=LOSSES + "test_a_journal_that_is_refused_to_the_end_passes_nowhere")
def journal_refused(here: Stage) -> Row:
    run = here.begin(*here.talking(9), wrap=("bash", "-c", 'ulimit -f 14; exec "$@"', "x"), samples=3)
    here.ended(run)
    result = re.findall(r'"outcome": "(\w+)"', (run / "result.json").read_text())
    row = here.row(run)
    return Row(row.samples_lost, row.lines_lost, row.outcome, f"result.json says {result[0]}; {row.message}")


def _damaged(here: Stage, harm: str, script: str = FAILING) -> Row:
    run = here.ended(here.begin("sh", "-c", script))
    path = run / "journal.jsonl"
    data = path.read_bytes()
    lines = data.splitlines(keepends=True)
    if harm == "byte":
        at = data.index(b"panicked")
        data = data[:at] + b"P" + data[at + 1 :]
    elif harm == "half":
        samples = [line for line in lines if b'"event":"sample"' in line]
        dropped = set(samples[::2])
        data = b"".join(line for line in lines if line not in dropped)
    elif harm == "zeroed":
        third = len(data) // 3
        data = data[:third] + bytes(third) + data[2 * third :]
    path.write_bytes(data)
    codes = [here.box.run(*words).returncode for words in (("judge", str(run)), ("attach", "--headless", str(run)))]
    row = here.row(run, lines=False)
    return Row(row.samples_lost, None, row.outcome, f"judge, attach: {codes}; {row.message}")


@fault(
    "one byte of the only match line of a failed run damaged",
    test=DAMAGE + "test_a_byte_of_the_only_match_does_not_hide_the_failure",
)
def byte_damaged(here: Stage) -> Row:
    return _damaged(here, "byte")


@fault("half of the samples taken out afterwards", test=DAMAGE + "test_damage_is_counted_and_nothing_passes")
def half_of_samples(here: Stage) -> Row:
    return _damaged(here, "half")


@fault("the middle third zeroed afterwards", test=DAMAGE + "test_damage_is_counted_and_nothing_passes")
def third_zeroed(here: Stage) -> Row:
    return _damaged(here, "zeroed")


@fault("half of the samples of a passed run taken out", test=DAMAGE + "test_damage_is_counted_and_nothing_passes")
def half_of_passed(here: Stage) -> Row:
    return _damaged(here, "half", PASSING)


@fault("the middle third of a passed run zeroed", test=DAMAGE + "test_damage_is_counted_and_nothing_passes")
def third_of_passed(here: Stage) -> Row:
    return _damaged(here, "zeroed", PASSING)


@fault("the last line torn afterwards", test=DAMAGE + "test_a_journal_cut_short_has_not_ended")
def torn_line(here: Stage) -> Row:
    run = here.ended(here.begin(*here.talking(2)))
    path = run / "journal.jsonl"
    os.truncate(path, path.stat().st_size - 7)
    return here.row(run)


def _exited(run: Path) -> bool:
    return any(isinstance(event, Exited) for event in events_of(run))


def _full_at_end(here: Stage, seconds: float) -> Row:
    disk = here.small_disk()
    run = here.begin(*here.talking(3))
    filler = fill(disk)
    workload = [found.pid for found in descendants(supervisor_of(run))]
    until(lambda: not [pid for pid in workload[1:] if look_up(pid)], "the end of the workload")
    time.sleep(seconds)
    filler.unlink()
    return here.row(here.ended(run))


@fault(
    "disk full from before the end until 5 s after it",
    test=WATCHDOG + "test_a_disk_that_is_full_at_the_end_is_waited_for",
)
def disk_full_at_end(here: Stage) -> Row:
    return _full_at_end(here, 5)


@fault(
    "disk full for 40 s over the end",
    test=WATCHDOG + "test_whoever_asks_is_not_kept_waiting_for_a_full_disk",
    long=True,
)
def disk_full_40_s(here: Stage) -> Row:
    return _full_at_end(here, 40)


def _ext4(here: Stage, disk: Path, options: str = "errors=continue") -> str:
    """A real file system on a loop device under the reports; give the device."""
    image = here.folder / "image"
    with image.open("wb") as file:
        file.truncate(16 << 20)
    subprocess.run(("mkfs.ext4", "-q", "-O", "^has_journal", str(image)), check=True)
    found = subprocess.run(("losetup", "--show", "-f", str(image)), check=True, capture_output=True, text=True)
    device = found.stdout.strip()
    here.later(subprocess.run, ("losetup", "-d", device), check=False)
    disk.mkdir(parents=True, exist_ok=True)
    subprocess.run(("mount", "-o", options, device, str(disk)), check=True)
    here.later(subprocess.run, ("umount", "-l", str(disk)), check=False)
    return device


@fault("disk read-only from before the end on (a real ext4 error)", long=True)
def disk_read_only_at_end(here: Stage) -> Row:
    device = _ext4(here, here.box.reports, "errors=remount-ro")
    words = here.words(*here.talking(4), options=("--headless",))
    viewer = here.box.start(*words)
    until(lambda: here.box.events() and len(samples_of(here.box.directory())) > 4, "samples")
    run = here.box.directory()
    Path("/sys/fs/ext4", Path(device).name, "trigger_fs_error").write_text("1")
    said, _ = viewer.communicate(timeout=120)
    row = here.row(here.ended(run))
    heard = f"the starter ({viewer.returncode}): {said.splitlines()[-1]}"
    return Row(row.samples_lost, row.lines_lost, row.outcome, heard)


@fault("no inodes left from before the end on", test="", long=False)
def no_inodes(here: Stage) -> Row:
    disk = here.small_disk("size=4m,nr_inodes=40")
    run = here.begin(*here.talking(4))
    taken = 0
    try:
        while True:
            (disk / f"f{taken}").touch()
            taken += 1
    except OSError:
        pass
    row = here.row(here.ended(run))
    missing = [line for line in here.box.run("attach", "--headless", run.name).stdout.splitlines() if "missing" in line]
    return Row(row.samples_lost, row.lines_lost, row.outcome, f"{row.message}{missing}")


@fault(
    "disk full for 3 s while 20 lines a second are printed",
    test="engine/output/test_pipe.py::test_what_a_full_disk_refused_is_marked_in_its_place",
)
def disk_full_for_seconds(here: Stage) -> Row:
    disk = here.small_disk()
    run = here.begin(*here.talking(8))
    filler = fill(disk)
    time.sleep(3)
    filler.unlink()
    return here.row(here.ended(run))


@fault(
    "disk full, then the supervisor killed", test=WATCHDOG + "test_a_full_disk_does_not_keep_the_guard_from_its_work"
)
def disk_full_and_killed(here: Stage) -> Row:
    disk = here.small_disk()
    run = here.begin(*here.talking(60))
    fill(disk)
    pids = [found.pid for found in descendants(supervisor_of(run))]
    began = time.monotonic()
    os.kill(supervisor_of(run), signal.SIGKILL)
    until(lambda: not [pid for pid in pids if look_up(pid)], "the end of the workload")
    row = here.row(run, lines=False)
    return Row(
        row.samples_lost, None, row.outcome, f"workload ended {time.monotonic() - began:.1f} s later; {row.message}"
    )


@fault("the file system frozen for 4 s (fsfreeze)", test="")
def frozen_disk(here: Stage) -> Row:
    disk = here.box.reports
    _ext4(here, disk)
    run = here.begin(*here.talking(9))
    subprocess.run(("fsfreeze", "-f", str(disk)), check=True)
    try:
        time.sleep(4)
    finally:
        subprocess.run(("fsfreeze", "-u", str(disk)), check=True)
    return here.row(here.ended(run))


def _behind_its_back(here: Stage, harm: str) -> Row:
    run = here.begin(*here.talking(8))
    where = run
    match harm:
        case "journal":
            (run / "journal.jsonl").unlink()
        case "cut":
            os.truncate(run / "journal.jsonl", 200)
        case "output":
            (run / "output.log").unlink()
        case "move":
            where = run.with_name("moved")
            run.rename(where)
        case "folder":
            shutil.rmtree(run)
    until(lambda: len(samples_of(where)) >= 2, "its return")
    time.sleep(1.5)
    listed = "live" if '"state":"live"' in here.box.run("runs", "--json").stdout else "not seen as live"
    row = here.row(here.ended(where))
    return Row(row.samples_lost, row.lines_lost, row.outcome, f"{listed}; {row.message}")


@fault("the journal deleted in mid-run", test=LOSSES + "test_a_deleted_journal_is_written_again_in_full")
def journal_deleted(here: Stage) -> Row:
    return _behind_its_back(here, "journal")


@fault("the journal cut to 200 bytes in mid-run", test=LOSSES + "test_a_cut_journal_can_still_be_read")
def journal_cut(here: Stage) -> Row:
    return _behind_its_back(here, "cut")


@fault("output.log deleted in mid-run", test=LOSSES + "test_deleted_output_is_a_doubt")
def output_deleted(here: Stage) -> Row:
    return _behind_its_back(here, "output")


@fault("the run's folder moved in mid-run", test=LOSSES + "test_a_moved_folder_is_told_and_has_the_result")
def folder_moved(here: Stage) -> Row:
    return _behind_its_back(here, "move")


@fault("the run's folder deleted in mid-run", test=LOSSES + "test_a_deleted_folder_comes_back_with_its_journal")
def folder_deleted(here: Stage) -> Row:
    return _behind_its_back(here, "folder")


@fault(
    "folder moved, then stopped by its old name",
    test="cli/test_viewers.py::test_a_moved_run_is_found_by_its_old_name_and_stopped",
)
def moved_and_stopped(here: Stage) -> Row:
    run = here.begin(*here.talking(60))
    moved = here.folder / "elsewhere"
    run.rename(moved)
    until(lambda: samples_of(moved), "samples")
    done = here.box.run("stop", run.name)
    until(lambda: look_up(supervisor_pid(moved) or 0) is None, "its end") if done.returncode == 0 else None
    row = here.row(moved)
    return Row(
        row.samples_lost,
        row.lines_lost,
        row.outcome,
        f"stop ({done.returncode}): {(done.stdout + done.stderr).strip()}",
    )
