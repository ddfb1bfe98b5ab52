"""What could be seen on this machine: capabilities of the kernel and of who asks. What cannot be seen is not 0."""

import os
import socket
import sys
from pathlib import Path
from typing import Final

from stresstui.core.model.check import Check
from stresstui.doctor.machine import read
from stresstui.doctor.verdicts import judged, ok, warning
from stresstui.engine.collect.cpu_budget import LATEST_S, LONGEST_S
from stresstui.engine.process.kernel.exits import ExitReports

GROUP: Final = "What can be seen"
_PERF_USER: Final = 1
"""perf_event_paranoid up to which a user may sample own processes with kernel frames (perf-security.rst)."""
_SOCK_DIAG: Final = 4
_CAP_PERFMON: Final = 38
_CAP_SYS_ADMIN: Final = 21
_CAP_SYS_PTRACE: Final = 19


def look() -> list[Check]:
    """What the collector and the tools for investigation may read; takes a millisecond."""
    if not sys.platform.startswith("linux"):
        text = "the portable collector: no sockets by state from the kernel, no pressure"
        return [warning(GROUP, "collector", text, "Linux sees more")]
    return [_others(), _sockets(), _pressure(), _perf(), _ptrace(), _kernel_log(), _ends()]


def _others() -> Check:
    if os.geteuid() == 0 or _may(_CAP_SYS_PTRACE):
        return ok(GROUP, "processes of others", "readable; all of the tree from /proc at each sample")
    found = "descriptors and sockets of other users' processes are not readable"
    return warning(GROUP, "processes of others", found, "run as their user or as root, if others are under test")


def _sockets() -> Check:
    """Netlink's socket table (sock_diag(7)); some sandboxes have none."""
    try:
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG).close()
    except OSError as error:
        found = f"no sock_diag ({error.strerror}): they are read from /proc/net, which is slower with many"
        return warning(GROUP, "sockets", found, "modprobe inet_diag tcp_diag udp_diag")
    apart = f"at most {LONGEST_S:.0f} s apart, {LATEST_S:.0f} s of a hundred thousand"
    found = f"sock_diag, at each sample; beyond 1 % of a core less often, {apart}"
    return ok(GROUP, "sockets", found)


def _pressure() -> Check:
    there = Path("/proc/pressure/cpu").exists()
    complaint = "" if there else "a saturated host is known by steal and lateness alone"
    return judged(GROUP, "pressure (PSI)", "there" if there else "the kernel has none", complaint, "boot with psi=1")


def _perf() -> Check:
    text = read(Path("/proc/sys/kernel/perf_event_paranoid"))
    level = int(text) if text.lstrip("-").isdigit() else None
    allowed = level is not None and (level <= _PERF_USER or _may(_CAP_PERFMON) or _may(_CAP_SYS_ADMIN))
    found = f"perf_event_paranoid {'not there' if level is None else level}"
    mend = "sysctl -w kernel.perf_event_paranoid=1"
    return judged(GROUP, "perf", found, "" if allowed else "'investigate --perf' would see no kernel frames", mend)


def _ptrace() -> Check:
    scope = read(Path("/proc/sys/kernel/yama/ptrace_scope")) or "0"
    found = f"ptrace_scope {scope}"
    complaint = "" if scope == "0" or _may(_CAP_SYS_PTRACE) else "stacks of running programs cannot be taken"
    return judged(GROUP, "ptrace", found, complaint, "sysctl -w kernel.yama.ptrace_scope=0, or run as root")


def _kernel_log() -> Check:
    try:
        os.close(os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK))
    except OSError as error:
        found = f"/dev/kmsg: {error.strerror}; who was killed for want of memory is told by counters alone"
        return warning(GROUP, "kernel log", found, "sysctl -w kernel.dmesg_restrict=0, or run as root")
    return ok(GROUP, "kernel log", "readable")


def _ends() -> Check:
    reports = ExitReports()
    listening = reports.listening
    reports.close()
    if listening:
        return ok(GROUP, "ends of processes", "reported by the kernel")
    found = "who aborts under a parent that says nothing is not told"
    return warning(GROUP, "ends of processes", found, "run as root, outside of containers")


def _may(capability: int) -> bool:
    """Whether this process has an effective capability (capabilities(7))."""
    for line in read(Path("/proc/self/status")).splitlines():
        if line.startswith("CapEff:"):
            return bool(int(line.split()[1], 16) >> capability & 1)
    return False
