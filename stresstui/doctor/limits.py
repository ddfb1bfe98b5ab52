"""Limits that a stress test meets long before the program under test does: descriptors, ports, processes."""

import resource
from pathlib import Path
from typing import Final

from stresstui.core.model.check import Check
from stresstui.doctor.machine import read
from stresstui.doctor.verdicts import judged, ok, warning
from stresstui.engine.process.run_group import why_none

GROUP: Final = "Limits"
NOFILE: Final = 4096
"""Descriptors below which a thousand connections through two proxies, each with two ends, can run out."""
PORTS: Final = 20_000
"""Ephemeral ports below which 150 connections a second, each a minute in TIME_WAIT, run out on one address."""
_PORT_RANGE: Final = Path("/proc/sys/net/ipv4/ip_local_port_range")


def look() -> list[Check]:
    """What may be used; takes a millisecond."""
    return [_descriptors(), *_ports(), *_processes(), _run_group()]


def _run_group() -> Check:
    """Whether a run can have a control group, out of which no fork leads."""
    why = why_none()
    if not why:
        return ok(GROUP, "control group", "a run gets one of its own: all that it starts is ended with it")
    mend = "start as root or with --unit; else a process that leaves its session and clears its environment"
    return warning(GROUP, "control group", f"none of a run's own ({why})", f"{mend} outlives a killed supervisor")


def _descriptors() -> Check:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    few = soft not in (unlimited, -1) and soft < NOFILE
    more = (
        f"ulimit -n {'unlimited' if hard == unlimited else hard}" if hard == unlimited or hard > soft else "limits.conf"
    )
    complaint = "the program under test may run out of descriptors by itself" if few else ""
    found = "unlimited" if soft == unlimited else f"{soft:,} (hard {'none' if hard == unlimited else f'{hard:,}'})"
    return judged(GROUP, "open files (nofile)", found, complaint, f"raise it before the run: {more}")


def _ports() -> list[Check]:
    words = read(_PORT_RANGE).split()
    if len(words) != 2 or not all(word.isdigit() for word in words):  # noqa: PLR2004 - the file has two numbers
        return []
    low, high = map(int, words)
    count = high - low + 1
    complaint = "a high connection rate uses them up in TIME_WAIT" if count < PORTS else ""
    mend = 'sysctl -w net.ipv4.ip_local_port_range="15000 64999"'
    return [judged(GROUP, "ephemeral ports", f"{count:,} ({low}-{high})", complaint, mend)]


def _processes() -> list[Check]:
    if not hasattr(resource, "RLIMIT_NPROC"):
        return []
    soft, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    if soft == resource.RLIM_INFINITY:
        return [ok(GROUP, "processes (nproc)", "unlimited")]
    complaint = "threads of the program under test count too" if soft < NOFILE else ""
    return [judged(GROUP, "processes (nproc)", f"{soft:,}", complaint, "ulimit -u unlimited")]
