"""The seal of a line: which journal it belongs to, its number in it, and a checksum over both and the line.

``{"event":"note","t":1.5,"text":"x","seal":"3fa2.17.9a3f11c0"}`` is line 17 of the journal 3fa2. A sealed line is still
JSON, and ``grep`` finds in it what it found before.
"""

from typing import Final, NamedTuple
from zlib import crc32

_FIELD: Final = b',"seal":"'
_CRC: Final = 8
_END: Final = b'"}'
_NUMBER_MAX: Final = 15


class Seal(NamedTuple):
    """What a seal says."""

    journal: bytes
    """Name of the journal that the line was written into."""
    number: int
    """Number of the line in it, from 0."""


class BrokenSealError(ValueError):
    """Raised where a line is not what was written; its message is one clause for people."""


def seal_line(line: bytes, seal: Seal) -> bytes:
    """Put the seal behind a JSON object."""
    body = b"%s%s%s.%d" % (line[:-1], _FIELD, seal.journal, seal.number)
    return b"%s.%08x%s" % (body, crc32(body), _END)


def read_seal(line: bytes) -> Seal | None:
    """Read a line's seal and check it; None where it has none. Raises BrokenSealError."""
    place = line.rfind(_FIELD)
    if place < 0:
        return None
    body, crc = line[: -_CRC - 3], line[-_CRC - 3 :]
    if crc != b".%08x%s" % (crc32(body), _END):
        raise BrokenSealError("its checksum is wrong")
    journal, _, number = body[place + len(_FIELD) :].partition(b".")
    if not number.isdigit() or len(number) > _NUMBER_MAX:
        raise BrokenSealError("its number is none")
    return Seal(journal, int(number))
