"""A clean environment: what else is busy on this machine, and what an earlier run has left."""

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from stresstui.core.model.check import Check
from stresstui.core.model.units import format_value
from stresstui.doctor.machine import read
from stresstui.doctor.verdicts import judged, ok, problem, warning
from stresstui.engine.control.registry import registered
from stresstui.engine.process.pidfile import supervisor_pid

if TYPE_CHECKING:
    import psutil

GROUP: Final = "Clean environment"
_BUSY_PRESSURE: Final = 10.0
"""Percent of time that something waited, over ten seconds, from where a run beside it says little about itself."""
_SWAP_USED: Final = 0.1
_NAMED_MAX: Final = 4
_FEW_BYTES: Final = 512 << 20
_LAB: Final = "stresstui.lab"
_SUPERVISOR: Final = "stresstui.supervise"


def look() -> list[Check]:
    """Load, pressure, memory and other runs; takes a few milliseconds."""
    memory = read_memory()
    return [_load(), *_pressures(), _memory(memory), _swap(memory), _runs()]


def _load() -> Check:
    load, cpus = os.getloadavg()[0], os.cpu_count() or 1
    complaint = "others keep the CPUs busy: times and rates may end as inconclusive" if load > cpus / 2 else ""
    mend = "wait until it is quiet, or take another machine"
    return judged(GROUP, "load", f"{load:.2f} on {cpus} CPUs", complaint, mend)


def _pressures() -> list[Check]:
    """Pressure stall information, where the kernel has it (Documentation/accounting/psi.rst)."""
    found = []
    for name in ("cpu", "io", "memory"):
        match = re.search(r"some avg10=([\d.]+)", read(Path("/proc/pressure") / name))
        if match:
            percent = float(match[1])
            complaint = f"something waits for {name} already" if percent > _BUSY_PRESSURE else ""
            mend = "wait until it is quiet"
            found.append(judged(GROUP, f"{name} pressure", f"{percent:g} % of 10 s", complaint, mend))
    return found


class Memory(NamedTuple):
    """Memory of the machine, bytes."""

    available: int
    swap: int
    swap_used: int


def read_memory() -> Memory:
    """What is free and what is swapped out; asks psutil only where there is no /proc, for it takes long to load."""
    lines = (line.split() for line in read(Path("/proc/meminfo")).splitlines())
    sizes = {words[0]: int(words[1]) * 1024 for words in lines if len(words) > 1 and words[1].isdigit()}
    if "MemAvailable:" in sizes:
        total = sizes.get("SwapTotal:", 0)
        return Memory(sizes["MemAvailable:"], total, total - sizes.get("SwapFree:", 0))
    import psutil  # noqa: PLC0415 - as said

    swap = psutil.swap_memory()
    return Memory(psutil.virtual_memory().available, swap.total, swap.used)


def _memory(memory: Memory) -> Check:
    free = memory.available
    found = f"{format_value(free, 'bytes')} available"
    if free < _FEW_BYTES:
        return problem(GROUP, "free memory", f"{found}: the kernel may kill the test", "end what uses it")
    return ok(GROUP, "free memory", found)


def _swap(memory: Memory) -> Check:
    if not memory.swap:
        return ok(GROUP, "swap", "none")
    complaint = "what is swapped out does not show in RSS" if memory.swap_used > _SWAP_USED * memory.swap else ""
    used, total = format_value(memory.swap_used, "bytes"), format_value(memory.swap, "bytes")
    return judged(GROUP, "swap", f"{used} of {total} in use", complaint, "swapoff -a && swapon -a")


def _runs() -> Check:
    live = [run_dir.name for run_dir in registered() if supervisor_pid(run_dir) is not None]
    if not live:
        return ok(GROUP, "other runs", "none is on")
    names = ", ".join(live[:_NAMED_MAX]) + (", ..." if len(live) > _NAMED_MAX else "")
    mend = f"'stresstui stop {live[0]}', or wait: two runs disturb each other"
    return warning(GROUP, "other runs", f"{len(live)} on: {names}", mend)


def leftovers() -> list[Check]:
    """Runs that no registry of here knows, and what is left of a lab whose run is over; looks at every process."""
    import psutil  # noqa: PLC0415 - as above

    table = list(psutil.process_iter(["pid", "ppid", "name", "cmdline"]))
    spared = _with_below({pid for run_dir in registered() if (pid := supervisor_pid(run_dir)) is not None})
    spared |= {os.getpid(), os.getppid()}
    supervisors = {one.pid: one for one in table if _runs_module(one, _SUPERVISOR)}
    unknown = [one for pid, one in supervisors.items() if pid not in spared and one.info["ppid"] not in supervisors]
    spared |= _with_below({one.pid for one in unknown})
    orphans = [one for one in table if _runs_module(one, _LAB) and one.pid not in spared]
    return [*_unknown_runs(unknown), _left_over(orphans)]


def _unknown_runs(supervisors: "list[psutil.Process]") -> list[Check]:
    """Runs of other users, or of a home of their own: they are on, and theirs."""
    if not supervisors:
        return []
    said = ", ".join(f"{Path(one.info['cmdline'][-1]).name} (pid {one.pid})" for one in supervisors[:_NAMED_MAX])
    mend = "wait, or ask who began them: two runs disturb each other"
    return [warning(GROUP, "runs of others", f"{len(supervisors)} on: {said}", mend)]


def _left_over(orphans: "list[psutil.Process]") -> Check:
    if not orphans:
        return ok(GROUP, "left over", "no process of an earlier run")
    said = ", ".join(f"{one.info['name']} ({one.pid}){_ports(one)}" for one in orphans[:_NAMED_MAX])
    mend = "kill " + " ".join(str(one.pid) for one in orphans[:_NAMED_MAX])
    return warning(GROUP, "left over", f"{len(orphans)} of an earlier run: {said}", mend)


def _runs_module(process: "psutil.Process", module: str) -> bool:
    return module in (process.info["cmdline"] or [])


def _ports(process: "psutil.Process") -> str:
    import psutil  # noqa: PLC0415 - as above

    try:
        ports = sorted({c.laddr.port for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN})
    except psutil.Error:
        return ""
    return f" listening on {', '.join(map(str, ports[:_NAMED_MAX]))}" if ports else ""


def _with_below(tops: set[int]) -> set[int]:
    """These processes, and all that are below them."""
    import psutil  # noqa: PLC0415 - as above

    found = set(tops)
    for pid in tops:
        try:
            found |= {child.pid for child in psutil.Process(pid).children(recursive=True)}
        except psutil.Error:
            continue
    return found


def idle_cpu(seconds: float = 1.0) -> Check:
    """How busy the CPUs are with nothing of this program's running; takes ``seconds``."""
    import psutil  # noqa: PLC0415 - as above

    busy = psutil.cpu_percent(seconds)
    complaint = "the machine's own work counts as disturbance" if busy > 100 / 4 else ""
    found = f"{busy:.0f} % busy before the run"
    return judged(GROUP, "idle baseline", found, complaint, "see who it is with top, and end it")
