"""Where the processor time goes, top fifteen each, by hand: ``python -m tests.bench.profiles [NAME...]``.

supervisor: samples of 50,000 connections of which 500 are replaced in a second, on the loop's side too. day: a run of
four hours folded without a checkpoint. flood: a program that prints as fast as it can, under a run. cProfile counts
calls dearly: read the order, and not the seconds.
"""

import argparse
import cProfile
import io
import pstats
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from stresstui.core.model.event import Sampled
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import CommandRun, RunnerKind, Scenario
from stresstui.core.run.fold import fold
from stresstui.engine import entry
from stresstui.engine.clock import RunClock
from stresstui.engine.collect import open_collector
from stresstui.engine.launch.request import RunRequest, complete, save_request
from stresstui.engine.record import journal
from stresstui.engine.record.recorder import Recorder
from stresstui.engine.supervise.process_tracker import ProcessTracker
from stresstui.folder import JOURNAL
from tests.bench import churn, flood, opening

TOP = 15
CONNECTIONS, RATE = 50_000, 500
WARM_UP, TABLES, BETWEEN_S = 3, 6, 5
HOURS = 4


def main(names: list[str]) -> None:
    for name in names or PARTS:
        text = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            stats = pstats.Stats(str(PARTS[name](Path(folder))), stream=text)
        stats.sort_stats("tottime").print_stats(TOP)
        shown = [line for line in text.getvalue().splitlines() if line.strip() and "reduced" not in line]
        print(f"\n{name}", *shown[1:], sep="\n", flush=True)


def made() -> cProfile.Profile:
    return cProfile.Profile(timer=time.thread_time)


def kept(profile: cProfile.Profile, folder: Path) -> Path:
    profile.dump_stats(folder / "profile")
    return folder / "profile"


def supervisor(folder: Path) -> Path:
    """Each sample reads a table, seconds apart, as the cadence would have it."""
    profile, parts = made(), CONNECTIONS // churn.IN_ONE_PROCESS
    with ExitStack() as stack:
        children = [stack.enter_context(churn.started(churn.IN_ONE_PROCESS, RATE / parts)) for _ in range(parts)]
        for child in children:
            assert child.stdout
            child.stdout.readline()
        pids = [child.pid for child in children]
        collector = stack.enter_context(closing(open_collector("linux", lambda: pids, lambda _: Role.SUT)))
        recorder, tracker = Recorder(folder / JOURNAL, RunClock(), None, lambda _: None), ProcessTracker()
        for number in range(WARM_UP + TABLES):
            time.sleep(BETWEEN_S if number >= WARM_UP else 1)
            if number >= WARM_UP:
                profile.enable()
            sample, events = tracker.track(collector.collect(number * 60.0))
            recorder.record(Sampled(sample.t, sample))
            for event in events:
                recorder.record(event)
            profile.disable()
        for child in children:
            assert child.stdin
            child.stdin.close()
    return kept(profile, folder)


def day(folder: Path) -> Path:
    profile, path = made(), opening.write_day(folder, HOURS * 3600)
    profile.runcall(lambda: fold(journal.read(path)))
    return kept(profile, folder)


def flooded(folder: Path) -> Path:
    """All threads of the supervisor, in a process of its own, since it takes signals and children over."""
    code = f"from pathlib import Path; from tests.bench import profiles; profiles.flood_here(Path({str(folder)!r}))"
    subprocess.run([sys.executable, "-c", code], check=True)
    return folder / "profile"


def flood_here(folder: Path) -> None:
    printer = (sys.executable, "-c", flood.PRINTER, str(folder / "told"), str(flood.SECONDS))
    scenario = Scenario(name="flood", moves_bytes=False, command=CommandRun(argv=printer))
    save_request(complete(RunRequest(scenario=scenario, runner=RunnerKind.COMMAND), "flood"), folder)
    profiles, run = [made()], threading.Thread.run

    def profiled(thread: threading.Thread) -> None:
        profiles.append(made())
        profiles[-1].runcall(run, thread)

    vars(threading)["Thread"].run = profiled
    profiles[0].runcall(entry.run, folder)
    pstats.Stats(*profiles).dump_stats(folder / "profile")


PARTS: dict[str, Callable[[Path], Path]] = {"supervisor": supervisor, "day": day, "flood": flooded}

if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("names", nargs="*", choices=[[], *PARTS], metavar="NAME")
    main(asked.parse_args().names)
