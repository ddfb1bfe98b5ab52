"""The packed form: Zstandard frames of whole lines (RFC 8878), an index of them, and a seek table behind that.

``zstdcat`` gives the text, and readers of zstd's seekable format (contrib/seekable_format) find the seek table. The
index holds checksums besides: of each frame as it is packed, and of the text up to its end. Where index or file are not
what was written, the frames are looked for one by one; what cannot be read stands as one damaged line each.
"""

import os
import struct
from collections.abc import Sequence
from typing import Final, NamedTuple
from zlib import crc32

import zstandard

TEXT: Final = 1 << 20
"""Bytes of text in a frame, about."""
TEXT_MAX: Final = 64 << 20
"""Bytes of text in a frame at most: a line longer than half of that is none of this program's."""
UNKNOWN: Final = -1

_MAGIC: Final = b"\x28\xb5\x2f\xfd"
_INDEX: Final = 0x184D2A5D
_SEEK_TABLE: Final = 0x184D2A5E
_SEEKABLE: Final = 0x8F92EAB1
_SKIPPED: Final = range(0x184D2A50, 0x184D2A60)
_SKIP: Final = struct.Struct("<II")
_ENTRY: Final = struct.Struct("<IIII")
_TRAILER: Final = struct.Struct("<II")
_PLACE: Final = struct.Struct("<II")
_FOOTER: Final = struct.Struct("<IBI")
_HEADER_MAX: Final = 18
_BLOCK: Final = 3
_RLE, _RESERVED = 1, 3
_CHECKSUM: Final = 4
_SEARCHED: Final = 1 << 16
_BROKEN: Final = b',"seal":"broken\n'


class Frame(NamedTuple):
    """One frame."""

    place: int
    """Where it is in the file, bytes."""
    packed: int
    """Bytes of it there; 0 for what could not be recognised as a frame."""
    size: int
    """Bytes of its text."""
    crc: int
    """CRC-32 of it as it is packed; UNKNOWN where no index says so."""
    upto: int
    """CRC-32 of all text up to its end; UNKNOWN as well."""


def pack_text(text: bytes, level: int) -> bytes:
    """One frame."""
    return zstandard.ZstdCompressor(level=level, write_checksum=True, write_content_size=True).compress(text)


def pack_index(frames: Sequence[Frame]) -> bytes:
    """What stands behind the frames."""
    entries = b"".join(_ENTRY.pack(*frame[1:]) for frame in frames)
    index = entries + _TRAILER.pack(crc32(entries), len(frames))
    table = b"".join(_PLACE.pack(frame.packed, frame.size) for frame in frames)
    table += _FOOTER.pack(len(frames), 0, _SEEKABLE)
    return _SKIP.pack(_INDEX, len(index)) + index + _SKIP.pack(_SEEK_TABLE, len(table)) + table


def find_frames(fd: int) -> list[Frame]:
    """The frames of a file: by its index where that is whole and fits, else by looking for them; raises OSError."""
    size = os.fstat(fd).st_size
    frames = _read_index(fd, size)
    return _look_for_frames(fd, size) if frames is None else frames


def text_of(fd: int, frame: Frame) -> bytes:
    """The text of a frame; where that is not what was packed, a damaged line of its length. Raises OSError."""
    packed = os.pread(fd, frame.packed, frame.place)
    if frame.packed and is_whole(packed, frame):
        try:
            text = zstandard.ZstdDecompressor().decompress(packed, max_output_size=frame.size)
        except zstandard.ZstdError:
            text = b""
        if len(text) == frame.size:
            return text
    return _BROKEN.rjust(frame.size, b"\0")[-frame.size :]


def is_whole(packed: bytes, frame: Frame) -> bool:
    """Whether this is the frame that was written, as far as an index tells; its own checksum tells the rest."""
    return len(packed) == frame.packed and frame.crc in (UNKNOWN, crc32(packed))


def _read_index(fd: int, size: int) -> list[Frame] | None:
    footer = os.pread(fd, _FOOTER.size, max(0, size - _FOOTER.size))
    if len(footer) < _FOOTER.size:
        return None
    count, _, magic = _FOOTER.unpack(footer)
    end = size - _SKIP.size - count * _PLACE.size - _FOOTER.size
    begin = end - _SKIP.size - count * _ENTRY.size - _TRAILER.size
    if magic != _SEEKABLE or begin < 0:
        return None
    index = os.pread(fd, end - begin, begin)
    entries, trailer = index[_SKIP.size : -_TRAILER.size], index[-_TRAILER.size :]
    if index[: _SKIP.size] != _SKIP.pack(_INDEX, end - begin - _SKIP.size):
        return None
    if trailer != _TRAILER.pack(crc32(entries), count):
        return None
    frames, place = list[Frame](), 0
    for packed, text, crc, upto in _ENTRY.iter_unpack(entries):
        if not packed or not 0 < text <= TEXT_MAX:
            return None
        frames.append(Frame(place, packed, text, crc, upto))
        place += packed
    return frames if place == begin else None


def _look_for_frames(fd: int, size: int) -> list[Frame]:
    """Every frame that is one, and one that is none for each stretch between them."""
    frames, place, in_hole = list[Frame](), 0, False
    while 0 <= place < size:
        skipped = _skipped(fd, place)
        if skipped:
            place, in_hole = place + skipped, False
            continue
        frame = _measured(fd, place, size)
        if frame is not None:
            frames.append(frame)
            place, in_hole = place + frame.packed, False
            continue
        if not in_hole:
            frames.append(Frame(place, 0, len(_BROKEN), UNKNOWN, UNKNOWN))
        place, in_hole = _next_magic(fd, place + 1), True
    return frames


def _skipped(fd: int, place: int) -> int:
    """Bytes of the skippable frame at a place; 0 where there is none."""
    head = os.pread(fd, _SKIP.size, place)
    if len(head) < _SKIP.size:
        return 0
    magic, length = _SKIP.unpack(head)
    return _SKIP.size + length if magic in _SKIPPED else 0


def _measured(fd: int, place: int, size: int) -> Frame | None:
    """The frame at a place, by its header and those of its blocks (RFC 8878, 3.1.1); None where there is none."""
    head = os.pread(fd, _HEADER_MAX, place)
    try:
        told = zstandard.get_frame_parameters(head)
        at = place + zstandard.frame_header_size(head)
    except zstandard.ZstdError:
        return None
    if not told.has_checksum or not 0 < told.content_size <= TEXT_MAX:
        return None
    last = False
    while not last:
        header = int.from_bytes(os.pread(fd, _BLOCK, at), "little")
        last, kind, length = bool(header & 1), header >> 1 & 3, header >> 3
        at += _BLOCK + (1 if kind == _RLE else length)
        if kind == _RESERVED or at + _CHECKSUM > size or not header:
            return None
    return Frame(place, at + _CHECKSUM - place, told.content_size, UNKNOWN, UNKNOWN)


def _next_magic(fd: int, place: int) -> int:
    """Where the next frame may begin; -1 where none does."""
    while piece := os.pread(fd, _SEARCHED, place):
        found = piece.find(_MAGIC)
        if found >= 0:
            return place + found
        if len(piece) < len(_MAGIC):
            break
        place += len(piece) - len(_MAGIC) + 1
    return -1
