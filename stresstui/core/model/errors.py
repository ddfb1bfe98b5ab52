"""What can be wrong with what is read."""

from typing import Final

import msgspec

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading a file of JSON raises that was damaged: it is none any more, no text, or bottomless."""


class RecordError(ValueError):
    """Raised where an event that was read is none that a run can have had; its message is one clause for people."""
