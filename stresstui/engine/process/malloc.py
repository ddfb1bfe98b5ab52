"""How the C library's allocator keeps memory (mallopt(3), glibc); any other library keeps what it does."""

import contextlib
import ctypes
import sys
from typing import Final

_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8
_LARGE: Final = 256 << 10


def use_one_arena() -> None:
    """Have malloc keep one arena, to be called before there are threads.

    Each thread would get its own, with free pieces in it that no other can use; the interpreter lets one run at a time.
    """
    _set(_M_ARENA_MAX, 1)


def give_back_large() -> None:
    """Have the system get back at once what is freed in large pieces.

    Otherwise the first of them to be freed has glibc keep the next, of up to 32 MiB: what a table of a hundred thousand
    sockets takes for a tenth of a second would be resident all the time.
    """
    _set(_M_TRIM_THRESHOLD, _LARGE)  # which has the threshold of a piece of its own stay where it is, too


def _set(option: int, value: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(option, value)
