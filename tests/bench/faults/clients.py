"""What is done through the control socket, and by folders that others made."""

import os
import resource
import socket
import time
from pathlib import Path

from stresstui.core.text.printable import printable
from stresstui.engine.control.client import ControlError, note
from tests.bench.faults.register import fault
from tests.bench.faults.stage import Row, Stage, supervisor_of

CLIENT = "engine/control/test_client.py::"
NOTES = "engine/control/test_server.py::test_a_run_takes_so_many_notes_and_no_more"
NAMES = "core/run/test_fold.py::test_names_beyond_what_a_run_keeps_are_told_once_and_those_of_rules_are_followed"
HOSTILE = "cli/test_hostile.py::"


def _rss_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


@fault("90 idle clients at nofile 64", test=CLIENT + "test_idle_clients_cost_no_sample_and_shut_nobody_out")
def idle_clients(here: Stage) -> Row:
    run = here.begin(*here.talking(9), wrap=("bash", "-c", 'ulimit -n 64; exec "$@"', "x"))
    clients = [socket.socket(socket.AF_UNIX) for _ in range(90)]
    before = Path.cwd()
    os.chdir(run)
    taken = 0
    for client in clients:
        client.setblocking(False)
        try:
            client.connect("control.sock")
            taken += 1
        except OSError:
            pass
    os.chdir(before)
    time.sleep(2)
    noted = here.box.run("note", run.name, "still here")
    for client in clients:
        client.close()
    row = here.row(here.ended(run))
    return Row(
        row.samples_lost, row.lines_lost, row.outcome, f"{taken} connected; note meanwhile: exit {noted.returncode}"
    )


@fault(
    "312,000 metric names",
    test=NAMES,
)
def metric_names(here: Stage) -> Row:
    script = (
        "import time\nfor n in range(312_000):\n print('STRESSTUI m%d=1' % n)\n if n % 2000 == 0: time.sleep(.05)\n"
    )
    path = here.folder / "names.py"
    path.write_text(script + "time.sleep(2)\n")
    run = here.begin("python3", str(path))
    most, supervisor = 0.0, supervisor_of(run)
    while (run / "supervisor.pid").exists():
        try:
            most = max(most, _rss_mib(supervisor))
        except OSError:
            break
        time.sleep(0.2)
    here.ended(run)
    began = time.monotonic()
    here.box.run("attach", "--headless", run.name)
    row = here.row(run, lines=False)
    return Row(
        row.samples_lost,
        None,
        row.outcome,
        f"supervisor {most:.0f} MiB, attach {time.monotonic() - began:.1f} s; {row.message}",
    )


@fault(
    "a million notes (10,000 are taken)",
    test=NOTES,
)
def million_notes(here: Stage) -> Row:
    run = here.begin(*here.talking(45))
    refused, said, taken, began = 0, "", 0, time.monotonic()
    for number in range(1_000_000):
        try:
            note(run, f"note {number} " + "x" * 100)
            taken += 1
        except ControlError as error:
            refused, said = refused + 1, str(error)
        if refused >= 1000 or time.monotonic() - began > 30:
            break
    most = _rss_mib(supervisor_of(run))
    here.box.run("stop", run.name)
    here.ended(run)
    began = time.monotonic()
    here.box.run("attach", "--headless", run.name)
    row = here.row(run)
    told = f"{taken} taken, then {refused} refused: {printable(said, 60)}; {most:.0f} MiB"
    told += f"; attach {time.monotonic() - began:.1f} s"
    return Row(row.samples_lost, row.lines_lost, row.outcome, told)


STARTED = (
    b'{"event":"started","t":0.0,"run":"r","wall":"2026-01-01T00:00:00Z","runner":"command",'
    b'"scenario":{"name":"x","title":"t"}}\n'
)


def _hostile(here: Stage, journal: bytes | None, *, made: str = "") -> Row:
    run = here.box.reports / "bad"
    run.mkdir(parents=True)
    (run / "run.json").write_text('{"scenario": {"name": "x", "title": "t"}, "runner": "command"}')
    if journal is not None:
        (run / "journal.jsonl").write_bytes(journal)
    if made == "fifo":
        (run / "run.json").unlink()
        os.mkfifo(run / "run.json")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began, told = time.monotonic(), []
    for words in (("runs",), ("judge", "bad"), ("attach", "--headless", "bad")):
        done = here.box.run(*words)
        assert len(done.stderr.splitlines()) <= 1, done.stderr
        told.append(done.returncode)
    took = time.monotonic() - began
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    del before
    row = here.row(run, lines=False)
    return Row(
        None, None, row.outcome, f"runs, judge, attach: {told} in {took:.1f} s, <= {most:.0f} MiB; {row.message}"
    )


FOLDERS = HOSTILE + "test_files_that_are_none_end_in_one_line"
RECORDS = HOSTILE + "test_records_that_cannot_be_pass_nothing"


@fault("a run folder whose run.json is a FIFO", test=FOLDERS)
def hostile_fifo(here: Stage) -> Row:
    return _hostile(here, STARTED, made="fifo")


@fault("a journal with `t = 1e308`", test=RECORDS)
def hostile_late(here: Stage) -> Row:
    return _hostile(here, STARTED + b'{"event":"note","t":1e308,"text":"a"}\n{"event":"ended","t":1e308}\n')


@fault("a journal line of 100 MB", test=RECORDS)
def hostile_long(here: Stage) -> Row:
    return _hostile(
        here, STARTED + b'{"event":"note","t":1,"text":"' + b"x" * 100_000_000 + b'"}\n{"event":"ended","t":2}\n'
    )


@fault("a journal nested 100,000 deep", test=RECORDS)
def hostile_deep(here: Stage) -> Row:
    return _hostile(here, STARTED + b'{"event":"note","t":1,"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n")


@fault("a journal of wrong types", test=RECORDS)
def hostile_types(here: Stage) -> Row:
    return _hostile(here, STARTED.replace(b'"name":"x"', b'"name":5') + b'{"event":"ended","t":2}\n')
