"""``stresstui investigate``: look into a run's processes while it is on."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from stresstui.cli.find_run import find_run
from stresstui.cli.options import DURATION, report_dir_option
from stresstui.cli.runs_of import folded
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.core.run.fold import RunState

_SHOWN: Final = 12
_PERF_USUAL: Final = "30s"


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option("--fds", is_flag=True, help="Open descriptors by kind, state and peer, the most first.")
@click.option("--memory", is_flag=True, help="Which mappings hold the memory.")
@click.option("--stacks", is_flag=True, help="Where threads are in the kernel; frames of Python programs by py-spy.")
@click.option(
    "--heap", is_flag=True, help="Go: which functions hold memory and goroutines, against the end of warm-up."
)
@click.option("--perf", type=DURATION, is_flag=False, flag_value=_PERF_USUAL, metavar="[DURATION]",
              help=f"Where CPU time goes, as a flame graph  [{_PERF_USUAL}]")  # fmt: skip
@click.option("--pprof", metavar="ADDRESS", multiple=True, help="Where a Go program gives its profiles. Repeatable.")
@report_dir_option
def investigate(
    *,
    run: str | None,
    fds: bool,
    memory: bool,
    stacks: bool,
    heap: bool,
    perf: float | None,
    pprof: tuple[str, ...],
    report_dir: Path,
) -> None:
    """Look into the processes under test of RUN, which is on; without options at all but --perf.

    What is found is shown and kept in evidence/. A note in the run says when it was looked into: what that costs falls
    on its numbers too. 'run --pprof' profiles a run's Go programs by itself.
    """
    run_dir = find_run(run, report_dir, live=True)
    state = folded(run_dir)
    pids = {process.pid: process.name for process in state.under_test()}
    if not pids:
        refuse(f"stresstui investigate: {run_dir.name} has no process under test just now", ExitCode.INCONCLUSIVE)
    every = not (fds or memory or stacks or heap or perf or pprof)
    looks: list[tuple[bool, str, Callable[[], list[str]]]] = [
        (fds or every, "descriptors", lambda: _fds(run_dir, state, pids)),
        (memory or every, "memory by mapping", lambda: _memory(run_dir, state, pids)),
        (stacks or every, "threads", lambda: _stacks(run_dir, state, pids)),
        (heap or every or bool(pprof), "Go profiles", lambda: _heap(run_dir, state, pprof, every=every)),
        (perf is not None, "CPU", lambda: _perf(run_dir, state, pids, perf or 0.0)),
    ]
    wanted = [(name, look) for asked, name, look in looks if asked]
    _note(run_dir, f"looking into {', '.join(name for name, _ in wanted)}")
    failed = [name for name, look in wanted if not _done(name, look)]
    sys.exit(ExitCode.COULD_NOT_RUN if len(failed) == len(wanted) else ExitCode.PASSED)


def _done(name: str, look: Callable[[], list[str]]) -> bool:
    """Look and show; what cannot be had is said with what to do."""
    from stresstui.engine.supervise.descriptors import TooCostlyError
    from stresstui.investigate.perf import PerfError
    from stresstui.investigate.pprof import NoAnswerError
    from stresstui.investigate.profile import ProfileError

    say(f"== {name}")
    try:
        lines = look()
    except (TooCostlyError, PerfError, NoAnswerError, ProfileError, OSError) as error:
        say(f"  {error}")
        return False
    for line in lines:
        say(f"  {line}")
    return True


def _note(run_dir: Path, text: str) -> None:
    from stresstui.engine.control import client

    try:
        client.note(run_dir, text, by="investigate")
    except OSError as error:
        say(f"not noted in the run: {error}", err=True)


def _fds(run_dir: Path, state: "RunState", pids: dict[int, str]) -> list[str]:
    from stresstui.engine.supervise.descriptors import group, read_descriptors
    from stresstui.investigate.evidence import write_facts

    groups = group(read_descriptors(pids))
    path = write_facts(run_dir, "fds", state.t, "Open descriptors", descriptors=groups)
    shown = [f"{g.count:>6}  {g.name}  {g.kind} {g.state} {g.peer or g.target}".rstrip() for g in groups[:_SHOWN]]
    return [*shown, f"-> {path}"]


def _memory(run_dir: Path, state: "RunState", pids: dict[int, str]) -> list[str]:
    from stresstui.core.model.units import format_value
    from stresstui.engine.process.kernel.regions import grown, resident_by_region
    from stresstui.investigate.evidence import write_facts

    regions = {f"{name} ({pid})": resident_by_region(pid) for pid, name in pids.items()}
    path = write_facts(run_dir, "memory", state.t, "Memory by mapping", regions=regions)
    rows = sorted(
        ((size, who, what) for who, sizes in regions.items() for what, size in grown({}, sizes)), reverse=True
    )
    shown = [f"{format_value(float(size), 'bytes'):>10}  {who}  {what}" for size, who, what in rows[:_SHOWN]]
    return [*(shown or ["not readable: run as root, or as the user of the processes"]), f"-> {path}"]


def _stacks(run_dir: Path, state: "RunState", pids: dict[int, str]) -> list[str]:
    from stresstui.engine.process.kernel.stacks import kernel_stacks
    from stresstui.investigate.evidence import write_facts
    from stresstui.investigate.stacks import is_python, python_stacks

    kernel = {f"{name} ({pid})": kernel_stacks(pid) for pid, name in pids.items()}
    python = {f"{name} ({pid})": python_stacks(pid) for pid, name in pids.items() if is_python(pid)}
    path = write_facts(run_dir, "stacks", state.t, "Threads", kernel=kernel, python=python)
    shown = [f"{count:>4}  {who}: {place}" for who, places in kernel.items() for count, place in places[:_SHOWN]]
    frames = [line for who, text in python.items() for line in (f"{who}:", *text.splitlines()[:_SHOWN])]
    return [*shown, *frames, f"-> {path}"]


def _heap(run_dir: Path, state: "RunState", addresses: tuple[str, ...], *, every: bool) -> list[str]:
    from stresstui.investigate import evidence
    from stresstui.investigate.pprof import PROFILES, NoAnswerError, fetch

    programs = _programs(run_dir) | {address: address for address in addresses}
    if not programs:
        text = "no Go program of this run gives its profiles; start it with --pprof announced (lab) or --pprof ADDRESS"
        if every:
            return [text]
        raise NoAnswerError(text)
    shown = []
    for address, name in programs.items():
        file = "".join(letter if letter.isalnum() or letter in "-." else "_" for letter in name)
        for kind in PROFILES:
            text = fetch(address, kind)
            first = run_dir / evidence.FOLDER / f"{kind}_{file}_baseline.txt"
            if not first.exists():
                evidence.write_text(run_dir, first.name, text)
                shown.append(f"{name}: first profile of {kind} kept; ask again to see what grew since")
                continue
            found = evidence.write_growth(run_dir, file, kind, state.t, (first.read_text(), text))
            shown += [f"{name}: {evidence.describe(one, kind)}" for one in found[:_SHOWN]] or [f"{name}: nothing grew"]
    return shown


def _programs(run_dir: Path) -> dict[str, str]:
    """Addresses and names of the programs that announced where they give profiles."""
    from stresstui.core.model.event import ProcessKnown
    from stresstui.engine.record import journal

    events = journal.read(run_dir / journal.JOURNAL)
    return {event.pprof: event.name for event in events if isinstance(event, ProcessKnown) and event.pprof}


def _perf(run_dir: Path, state: "RunState", pids: dict[int, str], seconds: float) -> list[str]:
    from stresstui.investigate import evidence
    from stresstui.investigate.perf import PerfError, flame_graph, hottest, record

    stacks = record(pids, seconds)
    if not stacks:
        raise PerfError(f"no sample in {seconds:g} s: the processes did not run")
    title = f"{run_dir.name}, {seconds:g} s from {state.t:.0f} s on"
    path = evidence.write_text(run_dir, f"perf_{state.t:.0f}.svg", flame_graph(stacks, title))
    hot = hottest(stacks)
    rows = [{"function": name, "share": round(share, 4)} for name, share in hot]
    evidence.write_facts(run_dir, "perf", state.t, "CPU by function", hottest=rows, text=f"flame graph: {path.name}")
    return [*(f"{100 * share:5.1f} %  {name}" for name, share in hot[:_SHOWN]), f"-> {path}"]
