"""Standard streams that end no command: a reader who has gone, a full disk, a narrow encoding, a closed descriptor."""

import errno
import io
import os
import select
import sys
from typing import Final

_STREAMS: Final = (0, 1, 2)


class _ForgivingFile(io.FileIO):
    """Writes what can be written; the rest is dropped, and said once on standard error unless nobody reads any more."""

    def __init__(self, fd: int) -> None:
        super().__init__(fd, "w", closefd=False)
        self.trouble: OSError | None = None

    def write(self, data: object, /) -> int:
        """Write bytes; where that is not possible any more they are taken for written."""
        view = memoryview(data)  # type: ignore[arg-type]
        if self.trouble is None:
            try:
                return self._write_some(view)
            except OSError as error:
                self._give_up(error)
        return view.nbytes

    def _write_some(self, view: memoryview) -> int:
        """Write what the descriptor takes; wait where it was made non-blocking and is full."""
        while (written := super().write(view)) is None:
            select.select((), (self.fileno(),), ())
        return written

    def _give_up(self, error: OSError) -> None:
        self.trouble = error
        if error.errno != errno.EPIPE and self.fileno() == 1:
            sys.stderr.write(
                f"stresstui: standard output cannot be written: {error.strerror}; what follows is not shown\n"
            )
            sys.stderr.flush()


def open_streams() -> None:
    """Put the forgiving streams in the place of Python's own."""
    for fd in _STREAMS:
        try:
            os.fstat(fd)
        except OSError:  # it was closed by who started this: no file of ours may take its number
            os.open(os.devnull, os.O_RDWR)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - lives as long as this
    sys.stderr = _stream(2, sys.stderr)
    sys.stdout = _stream(1, sys.stdout)


def _stream(fd: int, own: object) -> io.TextIOWrapper:
    encoding = getattr(own, "encoding", None) or "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(_ForgivingFile(fd)), encoding=encoding, errors="replace", line_buffering=True
    )


def reader_has_gone() -> bool:
    """Whether standard output is written in vain."""
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return isinstance(raw, _ForgivingFile) and raw.trouble is not None
