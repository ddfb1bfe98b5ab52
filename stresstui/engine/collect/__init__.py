"""The collectors: the operating system read into samples, fast on Linux (``linux``), anywhere else by ``portable``."""

import sys

from stresstui.engine.collect.proc.facts import Classify, Key, ProcessFacts, RoleVersion, Roots, never_changes
from stresstui.engine.collect.protocol import Collector

__all__ = ["KINDS", "Classify", "Collector", "Key", "ProcessFacts", "Roots", "open_collector"]

KINDS = ("auto", "linux", "portable")
"""Names of the collectors; ``auto`` is the fastest that runs here."""


def open_collector(
    kind: str,
    roots: Roots,
    classify: Classify,
    role_version: RoleVersion = never_changes,
    *,
    monitor_pid: int | None = None,
) -> Collector:
    """Open a collector over the tree of ``roots``; raises ValueError for a kind that is unknown or not for this system.

    The process ``monitor_pid``, the supervisor, is never in the tree itself, but its own cost is in every sample.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown collector {kind!r}: choose one of {', '.join(KINDS)}")
    if kind == "linux" and sys.platform != "linux":
        raise ValueError(f"the linux collector does not run on {sys.platform}: choose auto or portable")
    # psutil takes long to import, and the fast path does without it.
    if kind == "portable" or sys.platform != "linux":
        from stresstui.engine.collect.portable import PortableCollector  # noqa: PLC0415  see above

        return PortableCollector(roots, classify, role_version, monitor_pid=monitor_pid)
    from stresstui.engine.collect.linux import LinuxCollector  # noqa: PLC0415  os.pread and netlink are Linux's

    return LinuxCollector(roots, classify, role_version, monitor_pid=monitor_pid)
