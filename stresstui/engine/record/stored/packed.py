"""The packed form, read at any place of its text; it does not grow."""

import os
from bisect import bisect_right
from itertools import accumulate
from typing import Final
from zlib import crc32

from stresstui.engine.record.stored.frames import UNKNOWN, find_frames, is_whole, text_of


class PackedJournal:
    """An open one; its methods raise OSError."""

    def __init__(self, fd: int) -> None:
        """Take over a descriptor."""
        self._fd = fd
        self._frames: Final = find_frames(fd)
        self._ends: Final = list(accumulate(frame.size for frame in self._frames))
        self._place = 0
        self._opened = -1
        self._text = b""
        self._whole_up_to = 0

    @property
    def size(self) -> int:
        """Bytes of text."""
        return self._ends[-1] if self._ends else 0

    def seek(self, place: int) -> None:
        """Go to a byte of the text."""
        self._place = place

    def read(self, most: int) -> bytes:
        """The next bytes, at most so many; none at the end."""
        number = bisect_right(self._ends, self._place)
        if number == len(self._ends):
            return b""
        begin = self._place - (self._ends[number] - self._frames[number].size)
        piece = self._open(number)[begin : begin + most]
        self._place += len(piece)
        return piece

    def crc_of(self, size: int) -> int | None:
        """CRC-32 of the first bytes; None where there are not so many, or a frame of theirs is not what was written."""
        if size > self.size:
            return None
        number = bisect_right(self._ends, size)
        if not all(self._is_whole(one) for one in range(self._whole_up_to, number)):
            return None
        self._whole_up_to = max(self._whole_up_to, number)
        crc, begin = (self._frames[number - 1].upto, self._ends[number - 1]) if number else (0, 0)
        return crc32(self._open(number)[: size - begin], crc) if size > begin else crc

    def was_cut(self, place: int) -> bool:
        """Whether the text became less than was read of it: what is packed is never written to."""
        del place
        return False

    def close(self) -> None:
        """Close it."""
        os.close(self._fd)

    def _open(self, number: int) -> bytes:
        if number != self._opened:
            self._opened, self._text = number, text_of(self._fd, self._frames[number])
        return self._text

    def _is_whole(self, number: int) -> bool:
        frame = self._frames[number]
        return frame.upto != UNKNOWN and is_whole(os.pread(self._fd, frame.packed, frame.place), frame)
