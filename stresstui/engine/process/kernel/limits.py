"""Limits that the kernel keeps for one process (getrlimit(2)), as anybody may read them."""

import re
from pathlib import Path
from typing import Final

_OPEN_FILES: Final = re.compile(r"^Max open files +(\d+) ", re.MULTILINE)


def descriptor_limit(pid: int) -> int | None:
    """Descriptors that a process may have open now, its soft limit; None where there is none, or it cannot be read."""
    try:
        found = _OPEN_FILES.search(Path(f"/proc/{pid}/limits").read_text(errors="replace"))
    except OSError:
        return None
    return int(found[1]) if found else None
