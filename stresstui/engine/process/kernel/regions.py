"""Which mappings of a process hold its memory (proc_pid_smaps(5)), and which grew."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Final

_HEAD: Final = re.compile(r"[0-9a-f]+-[0-9a-f]+ (\S+) \S+ \S+ \d+\s*(.*)$")
_KIB: Final = 1024


def resident_by_region(pid: int) -> dict[str, int]:
    """Resident bytes by what is mapped: a file, ``[heap]``, ``[stack]``, ``anonymous``; empty where not readable."""
    try:
        text = Path(f"/proc/{pid}/smaps").read_text(errors="replace")
    except OSError:
        return {}
    return parse(text)


def parse(text: str) -> dict[str, int]:
    """The same of a text."""
    sizes: dict[str, int] = defaultdict(int)
    name = ""
    for line in text.splitlines():
        if head := _HEAD.match(line):
            name = head[2] or "anonymous"
        elif line.startswith("Rss:"):
            sizes[name] += int(line.split()[1]) * _KIB
    return dict(sizes)


def grown(before: dict[str, int], after: dict[str, int]) -> list[tuple[str, int]]:
    """Regions that hold more than before, in bytes, the most first."""
    change = {name: size - before.get(name, 0) for name, size in after.items()}
    return sorted(((name, size) for name, size in change.items() if size > 0), key=lambda one: -one[1])
