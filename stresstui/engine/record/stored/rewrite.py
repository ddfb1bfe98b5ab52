"""Packing the journal of a long run that has ended: nothing is lost, whatever happens on the way.

The packed form is written under another name, brought to the disk, read back and compared; only then it takes its
name, and only after that the plain form goes. Where any of it fails the plain form stays, which is as good.
"""

import os
from pathlib import Path
from typing import Final
from zlib import crc32

import zstandard

from stresstui.engine.record.stored.frames import TEXT, TEXT_MAX, Frame, pack_index, pack_text
from stresstui.engine.record.stored.opened import packed_form
from stresstui.engine.record.stored.packed import PackedJournal
from stresstui.files import descriptor_of, open_own

LEVEL: Final = 6
"""Zstandard's: of a day 9 leaves 22 to 25 MiB, 6 leaves 25 to 27 in half the time, 3 leaves 28 to 30."""

_CHUNK: Final = 1 << 20
_READ: Final = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


class PackError(OSError):
    """Raised where what was written is not what was read."""


def pack_journal(path: Path) -> str:
    """Pack a journal that nobody writes to any more; say why it stays plain, nothing where it does not."""
    try:
        plain = descriptor_of(path)
    except FileNotFoundError:
        return ""
    except OSError as error:
        return _why(error)
    try:
        _pack(plain, path)
    except (OSError, MemoryError, zstandard.ZstdError) as error:
        return _why(error)
    finally:
        os.close(plain)
    return ""


def _why(error: Exception) -> str:
    return f"the journal stays as it is, not packed: {getattr(error, 'strerror', None) or error}"


def _pack(plain: int, path: Path) -> None:
    folder = open_own(path.parent)
    packed = packed_form(path).name
    fresh = f".{packed}.{os.urandom(8).hex()}"
    try:
        fd = os.open(fresh, _READ, 0o600, dir_fd=folder)
        try:
            _write(plain, fd)
            os.fsync(fd)
            _compare(plain, fd)
            os.replace(fresh, packed, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            os.unlink(fresh, dir_fd=folder)
            raise
        finally:
            os.close(fd)
        os.fsync(folder)
        os.unlink(path.name, dir_fd=folder)
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(plain: int, fd: int) -> None:
    """Write all frames and what stands behind them, with the time of the plain form."""
    frames, place, crc, rest = list[Frame](), 0, 0, b""
    while chunk := os.read(plain, _CHUNK):
        rest += chunk
        cut = rest.rfind(b"\n") + 1
        if len(rest) >= TEXT and (cut or len(rest) >= TEXT_MAX // 2):
            text, rest = (rest[:cut], rest[cut:]) if cut else (rest, b"")
            crc = crc32(text, crc)
            frames.append(_append(fd, text, place, crc))
            place += frames[-1].packed
    if rest:
        frames.append(_append(fd, rest, place, crc32(rest, crc)))
    _write_all(fd, pack_index(frames))
    found = os.fstat(plain)
    os.utime(fd, ns=(found.st_atime_ns, found.st_mtime_ns))


def _append(fd: int, text: bytes, place: int, upto: int) -> Frame:
    packed = pack_text(text, LEVEL)
    _write_all(fd, packed)
    return Frame(place, len(packed), len(text), crc32(packed), upto)


def _write_all(fd: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(fd, left) :]


def _compare(plain: int, fd: int) -> None:
    """Read both again and compare them byte by byte; raises PackError where they differ."""
    packed, place = PackedJournal(fd), 0
    while text := packed.read(TEXT_MAX):
        if os.pread(plain, len(text), place) != text:
            raise PackError(0, f"its packed form differs behind byte {place}")
        place += len(text)
    size = os.fstat(plain).st_size
    if place != size or packed.crc_of(size) is None:
        raise PackError(0, f"its packed form has {place} bytes of {size}")
