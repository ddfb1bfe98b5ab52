"""A journal by the name of its plain form, whichever form it is in; places in it are places in its text."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stresstui.engine.record.stored.plain import PlainJournal
from stresstui.files import descriptor_of

if TYPE_CHECKING:
    from stresstui.engine.record.stored.packed import PackedJournal

PACKED_FROM: Final = 16 << 20
"""Bytes from which on a journal is packed: a shorter one stays for ``grep`` and ``tail``."""
PACKED_SUFFIX: Final = ".zst"
"""How the name of the packed form ends, behind that of the plain one."""


def open_journal(path: Path) -> "PlainJournal | PackedJournal":
    """Open one to read, at its start; raises OSError, FileNotFoundError where it is there in neither form."""
    try:
        return PlainJournal(path, descriptor_of(path))
    except FileNotFoundError:
        # The packed form is there before the plain one goes.
        fd = _descriptor_of_packed(path)
    from stresstui.engine.record.stored.packed import PackedJournal  # noqa: PLC0415 - short runs need it never

    try:
        return PackedJournal(fd)
    except BaseException:
        os.close(fd)
        raise


def _descriptor_of_packed(path: Path) -> int:
    try:
        return descriptor_of(packed_form(path))
    except FileNotFoundError:
        raise FileNotFoundError(2, os.strerror(2), str(path)) from None


def packed_form(path: Path) -> Path:
    """Where the packed form of a journal is."""
    return path.with_name(path.name + PACKED_SUFFIX)


def form_of(path: Path) -> Path:
    """The file that a journal is in."""
    packed = packed_form(path)
    return packed if not path.exists() and packed.exists() else path
