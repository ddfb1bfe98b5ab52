"""What is freed in large pieces is not resident any more; so it is of a supervisor."""

import subprocess
import sys

import pytest

from tests.engine.collect.conftest import linux_only

MIB = 1 << 20
GIVING = "from stresstui.engine.process import malloc\nmalloc.give_back_large()"
SUPERVISING = (
    "import contextlib\nfrom pathlib import Path\nfrom stresstui.engine import entry\n"
    "with contextlib.suppress(OSError):\n    entry.run(Path('no such folder'))"
)
KEEPING = """
from pathlib import Path

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

first = b"x" * (24 << 20)
del first  # has glibc keep what is freed from here on, where nobody tells it not to
before, small = resident(), []
for _ in range(3):
    large = set(range(150_000))
    small.append(b"y" * (200 << 10))
    del large
print(resident() - before)
"""


@linux_only
@pytest.mark.parametrize("way", [GIVING, SUPERVISING], ids=["told", "supervisor"])
def test_large_pieces_are_given_back(way: str) -> None:
    told, untold = (
        int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
        for code in (way + KEEPING, KEEPING)
    )
    if untold < 6 * MIB:
        pytest.skip("a C library that keeps nothing")
    assert told < untold / 2
