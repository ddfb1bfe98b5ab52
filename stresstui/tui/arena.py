"""One arena of memory for all threads: a screen that is open for a day stays as large as it was after an hour."""

import contextlib
import ctypes
import sys
from typing import Final

_M_ARENA_MAX: Final = -8


def use_one_arena() -> None:
    """Have malloc keep one arena (mallopt(3), glibc), to be called before there are threads.

    Each thread would get its own, with free pieces in it that no other can use; the interpreter lets one run at a time.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
