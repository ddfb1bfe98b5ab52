"""Memory of a screen that is open for a day: one arena for all threads, and no second look at what stays."""

import contextlib
import ctypes
import gc
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


def collect_from_now() -> None:
    """Look for garbage again, where that was put off for the start; what is there by now is there for good."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
