"""The looks that a person asks for: each writes what it found into ``evidence/`` and says the most of it in lines."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.event import ProcessKnown
from stresstui.core.model.units import format_value
from stresstui.core.run.fold import RunState
from stresstui.engine.launch.request import load_request
from stresstui.engine.process.kernel.regions import grown, resident_by_region
from stresstui.engine.process.kernel.stacks import kernel_stacks
from stresstui.engine.record import journal
from stresstui.engine.supervise.descriptors import group, read_descriptors
from stresstui.folder import EVIDENCE, JOURNAL
from stresstui.investigate import evidence
from stresstui.investigate.evidence import write_facts, write_text
from stresstui.investigate.pprof import ANNOUNCED, PROFILES, QUICK_S, NoAnswerError, fetch
from stresstui.investigate.tools import darwin, heaptrack, perf
from stresstui.investigate.tools.stacks import is_python, python_stacks
from stresstui.investigate.tools.tool import ToolError

SHOWN: Final = 12
"""Lines of a look that are shown; its file has all."""
SPARE_S: Final = 120.0
"""Seconds beyond its length that a tool may take to begin and to end."""


class Target(msgspec.Struct, frozen=True):
    """What is looked into."""

    run_dir: Path
    state: RunState
    """The run as folded when the look was asked for."""
    pids: dict[int, str]
    """Its processes under test, with their names."""


class Look(msgspec.Struct, frozen=True):
    """One look."""

    name: str
    """For people."""
    work: Callable[[], list[str]]
    """Looks; raises ToolError, NoAnswerError, ProfileError, TooCostlyError, OSError."""
    burdens_s: float = 0.0
    """How long it burdens the processes at most, seconds; 0 where it only reads what the kernel knows."""
    leaves_traces: bool = False
    """Whether something of it stays in the processes."""


def fds(at: Target) -> Look:
    """Open descriptors by kind, state and peer."""
    return Look("descriptors", lambda: _fds(at))


def memory(at: Target) -> Look:
    """Which mappings hold the memory; on macOS also what nothing points to."""
    stops = QUICK_S if darwin.is_here() else 0.0
    return Look("memory by mapping", lambda: _leaks(at) if darwin.is_here() else _memory(at), stops)


def stacks(at: Target) -> Look:
    """Where threads are."""
    if darwin.is_here():
        return Look("threads", lambda: _sample(at, 1.0), QUICK_S)
    return Look("threads", lambda: _stacks(at), QUICK_S if any(map(is_python, at.pids)) else 0.0)


def profiles(at: Target, addresses: tuple[str, ...], *, asked: bool) -> Look:
    """What Go programs hold, by function; ``asked`` says that their lack is a failure."""
    programs = programs_of(at.run_dir) | {address: address for address in addresses}
    return Look("Go profiles", lambda: _profiles(at, programs, asked=asked), QUICK_S if programs else 0.0)


def cpu(at: Target, seconds: float) -> Look:
    """Where CPU time goes."""
    work = (lambda: _sample(at, seconds)) if darwin.is_here() else (lambda: _perf(at, seconds))
    return Look("CPU", work, seconds + SPARE_S)


def allocations(at: Target, seconds: float) -> Look:
    """What is allocated and not freed, by function."""
    return Look("allocations", lambda: _heaptrack(at, seconds), seconds + SPARE_S, leaves_traces=True)


def _fds(at: Target) -> list[str]:
    groups = group(read_descriptors(at.pids))
    path = write_facts(at.run_dir, "fds", at.state.t, "Open descriptors", descriptors=groups)
    shown = [f"{g.count:>6}  {g.name}  {g.kind} {g.state} {g.peer or g.target}".rstrip() for g in groups[:SHOWN]]
    return [*shown, f"-> {path}"]


def _memory(at: Target) -> list[str]:
    regions = {f"{name} ({pid})": resident_by_region(pid) for pid, name in at.pids.items()}
    path = write_facts(at.run_dir, "memory", at.state.t, "Memory by mapping", regions=regions)
    rows = sorted(
        ((size, who, what) for who, sizes in regions.items() for what, size in grown({}, sizes)), reverse=True
    )
    shown = [f"{format_value(float(size), 'bytes'):>10}  {who}  {what}" for size, who, what in rows[:SHOWN]]
    return [*(shown or ["not readable: run as root, or as the user of the processes"]), f"-> {path}"]


def _stacks(at: Target) -> list[str]:
    kernel = {f"{name} ({pid})": kernel_stacks(pid) for pid, name in at.pids.items()}
    python = {f"{name} ({pid})": python_stacks(pid) for pid, name in at.pids.items() if is_python(pid)}
    path = write_facts(at.run_dir, "stacks", at.state.t, "Threads", kernel=kernel, python=python)
    shown = [f"{count:>4}  {who}: {place}" for who, places in kernel.items() for count, place in places[:SHOWN]]
    frames = [line for who, text in python.items() for line in (f"{who}:", *text.splitlines()[:SHOWN])]
    return [*shown, *frames, f"-> {path}"]


def programs_of(run_dir: Path) -> dict[str, str]:
    """Programs that give profiles, address to name: those that the run was started with, and announced ones."""
    events = journal.read(run_dir / JOURNAL)
    announced = {event.pprof: event.name for event in events if isinstance(event, ProcessKnown) and event.pprof}
    return {address: address for address in _asked_for(run_dir) if address != ANNOUNCED} | announced


def _asked_for(run_dir: Path) -> tuple[str, ...]:
    """What ``run --pprof`` was given; nothing where run.json cannot be read."""
    try:
        return load_request(run_dir).pprof
    except (OSError, msgspec.DecodeError):
        return ()


def _profiles(at: Target, programs: Mapping[str, str], *, asked: bool) -> list[str]:
    if not programs:
        text = "no Go program of this run gives its profiles; start it with --pprof announced (lab) or --pprof ADDRESS"
        if asked:
            raise NoAnswerError(text)
        return [text]
    shown = []
    for address, name in programs.items():
        for kind in PROFILES:
            shown += _profile(at, name, kind, fetch(address, kind))
    return shown


def _profile(at: Target, name: str, kind: str, text: str) -> list[str]:
    """Hold a profile against the first one of its kind, or keep it as that."""
    file = evidence.safe(name)
    first = at.run_dir / EVIDENCE / f"{kind}_{file}_baseline.txt"
    if not first.exists():
        write_text(at.run_dir, first.name, text)
        return [f"{name}: first profile of {kind} kept; ask again to see what grew since"]
    found = evidence.write_growth(at.run_dir, file, kind, at.state.t, (first.read_text(), text))
    return [f"{name}: {evidence.describe(one, kind)}" for one in found[:SHOWN]] or [f"{name}: nothing grew"]


def _perf(at: Target, seconds: float) -> list[str]:
    found = perf.record(at.pids, seconds)
    if not found:
        raise ToolError(f"no sample in {seconds:g} s: the processes hardly ran")
    title = f"{at.run_dir.name}, {seconds:g} s from {at.state.t:.0f} s on"
    path = write_text(at.run_dir, f"perf_{at.state.t:.0f}.svg", perf.flame_graph(found, title))
    hot = perf.hottest(found)
    rows = [{"function": name, "share": round(share, 4)} for name, share in hot]
    said = f"{seconds:g} s of perf; flame graph: {EVIDENCE}/{path.name}"
    write_facts(at.run_dir, "perf", at.state.t, "CPU by function", hottest=rows, text=said)
    return [*(f"{100 * share:5.1f} %  {name}" for name, share in hot[:SHOWN]), f"-> {path}"]


def _heaptrack(at: Target, seconds: float) -> list[str]:
    """Of the largest process: each that is attached to may crash."""
    sizes = {process.pid: process.rss or 0 for process in at.state.under_test()}
    pid = max(at.pids, key=lambda one: sizes.get(one, 0))
    name = f"heaptrack_{evidence.safe(at.pids[pid])}_{pid}"
    folder = evidence.folder(at.run_dir)
    recorded = heaptrack.attach(pid, seconds, folder / name)
    return heaptrack_told(at.run_dir, recorded, at.pids[pid], at.state.t)


def heaptrack_told(run_dir: Path, recorded: Path, program: str, t: float) -> list[str]:
    """Keep the summary of a recording for the report, and say it; raises ToolError, OSError."""
    leaks, totals = heaptrack.summary(recorded)
    rows = [
        {"function": one.function, "bytes": round(one.size), "count": one.count, "through": [one.place]}
        for one in leaks[:SHOWN]
    ]
    said = "; ".join(f"{name} {value}" for name, value in totals.items()) + f"; recording: {recorded.name}"
    write_facts(run_dir, f"heaptrack_{evidence.safe(program)}", t, f"Allocated and not freed by {program}",
                growth=rows, text=said)  # fmt: skip
    shown = [f"{format_value(one.size, 'bytes'):>10}  in {one.count} allocations  {one.function}  {one.place}".rstrip()
             for one in leaks[:SHOWN]]  # fmt: skip
    return [*(shown or ["nothing was left allocated"]), said, f"-> {recorded}"]


def _leaks(at: Target) -> list[str]:
    shown = []
    for pid, name in at.pids.items():
        blocks, size, text = darwin.leaks(pid)
        path = write_text(at.run_dir, f"leaks_{evidence.safe(name)}_{at.state.t:.0f}.txt", text)
        shown += [f"{name}: {blocks} blocks, {size} bytes that nothing points to", f"-> {path}"]
    return shown


def _sample(at: Target, seconds: float) -> list[str]:
    shown = []
    for pid, name in at.pids.items():
        text = darwin.sampled(pid, seconds)
        path = write_text(at.run_dir, f"sample_{evidence.safe(name)}_{at.state.t:.0f}.txt", text)
        shown.append(f"{name} -> {path}")
    return shown
