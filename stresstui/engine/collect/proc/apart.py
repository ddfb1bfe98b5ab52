"""Threads that a process does not show: with descriptors of their own (CLONE_FILES of unshare(2)), or elsewhere."""

import ctypes
import functools
import os
from typing import Any, Final, NamedTuple

from stresstui.engine.collect.proc import descriptors, procfs
from stresstui.engine.collect.proc.procfs import View

_KCMP: Final = {"x86_64": 312, "aarch64": 272}.get(os.uname().machine)
"""Number of kcmp(2), for which libc has no name."""
_FILES: Final = 2
_COMPARED_MAX: Final = 1_000
"""Threads of one process whose tables are compared: some microseconds each."""
_TABLES_MAX: Final = 30
_LOOKED_AT_MAX: Final = 30
"""Threads of one process that are looked at: the kernel takes .3 ms to show each of them."""


class Apart(NamedTuple):
    """Threads of a process of which it does not show all that they have."""

    threads: list[View]
    """Those that have other descriptors than it, or are in another network namespace."""
    tables: list[View]
    """One of them for each table of descriptors beside its own, where the kernel compares those."""


TOGETHER: Final = Apart([], [])


def find_apart(view: View) -> Apart:
    """Look for them; where the kernel does not compare tables, by how many descriptors they have."""
    pid, _, tid = str(view).partition("/task/")
    tids = procfs.threads(int(pid))
    tables = _tables(int(tid or pid), tids[:_COMPARED_MAX])
    count = _no_count if tables is not None else descriptors.count_fds
    namespace = procfs.net_namespace(view)
    alike = ((count(view), namespace), (None, None))
    near = [f"{pid}/task/{tid}" for tid in tids[:_LOOKED_AT_MAX]] if len(tids) > 1 else []
    others = [one for one in near if (count(one), procfs.net_namespace(one)) not in alike]
    own: list[View] = [f"{pid}/task/{tid}" for tid in tables or ()]
    return Apart(list(dict.fromkeys([*own, *others])), own)


def _no_count(_: View) -> None:
    """Where tables were compared, their sizes tell no more."""


def _tables(first: int, tids: list[str]) -> list[int] | None:
    """One thread for each table that is not that of the ``first``; None where they cannot be compared."""
    if len(tids) > 1 and _have_one_table(first, first) is None:
        return None
    known = [first]
    for tid in map(int, tids if len(tids) > 1 else ()):
        if len(known) <= _TABLES_MAX and all(_have_one_table(one, tid) is False for one in known):
            known.append(tid)
    return known[1:]


def _have_one_table(one: int, other: int) -> bool | None:
    """Whether two threads have the same; None where one has ended, or that may not be known."""
    if _KCMP is None:
        return None
    found = _libc().syscall(_KCMP, one, other, _FILES, 0, 0)
    return None if found < 0 else found == 0


@functools.cache
def _libc() -> Any:
    return ctypes.CDLL(None)
