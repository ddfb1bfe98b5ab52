"""Checkpoints: what the first lines of a journal were folded to, so that a long run opens at once.

A checkpoint is a help, not a truth: where there is none to be trusted a journal is folded from its start. It is trusted
where this user wrote it (a keyed digest: a state that a stranger pickled is never loaded), with the very code that
reads it, and where the bytes that it stands for are those that were written.
"""

import contextlib
import math
import os
import sys
import zlib
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from stresstui.core.model.errors import UNREADABLE
from stresstui.core.run.fold import RunState, advance
from stresstui.engine.record import journal
from stresstui.engine.record.beginning import NOTHING, Beginning
from stresstui.engine.record.stored.opened import open_journal
from stresstui.files import owner_of, read_plain, write_whole
from stresstui.places import state_folder

CHECKPOINTS: Final = "checkpoints"
"""Folder of the checkpoints in a run's directory; each is called after its second of the run."""
EVERY_S: Final = 160.0
"""Seconds of a run between two checkpoints, at least; no shorter run has one. A jump folds what is between two."""
SHARE: Final = 1 / 540
"""The same as a share of what has passed: after the first day they become rarer, so that a month's stay few."""

_AT_FIRST_S: Final = 2.0
"""Seconds of a run in which it is spared what it needs for checkpoints: it may be over by then."""
_LEVEL: Final = 3
_DIGEST: Final = 32
_TRIED: Final = 3
_PACKED_MAX: Final = 64 << 20


class _Header(msgspec.Struct, frozen=True):
    code: str
    beginning: Beginning


class Checkpoints:
    """Writes a run's checkpoints."""

    def __init__(self) -> None:
        """None was written yet."""
        self._last_t = 0.0
        self._code = ""

    def due(self, t: float) -> bool:
        """Whether it is time for one; to be asked at each sample."""
        if not self._code and t >= _AT_FIRST_S:
            self._code = _code()  # now: the files may be another version's when a day has passed
        return t - self._last_t >= max(EVERY_S, t * SHARE)

    def write(self, state: RunState, beginning: Beginning, directory: Path) -> None:
        """Write one; raises OSError where the disk or the folder does not take it."""
        self._last_t = state.t
        import pickle  # noqa: PLC0415 - like the next: short runs need it never

        import zstandard  # noqa: PLC0415

        header = msgspec.json.encode(_Header(self._code, beginning)) + b"\n"
        content = header + zstandard.ZstdCompressor(_LEVEL).compress(pickle.dumps(state, pickle.HIGHEST_PROTOCOL))
        digest = _digest_of(content, _make_key())
        folder = directory / CHECKPOINTS
        folder.mkdir(mode=0o700, exist_ok=True)
        write_whole(folder / f"{round(state.t):09d}", digest + content, durable=False)


def fold_run(path: Path) -> RunState:
    """Fold a whole journal, from its checkpoint on where it has a good one; raises OSError and RecordError."""
    state, beginning = resume(path)
    for event in journal.read(path, beginning):
        advance(state, event)
    return state


def resume(path: Path, until: float = math.inf) -> tuple[RunState, Beginning]:
    """The newest state that a journal can be folded on from, none after ``until`` seconds; what of it is in that."""
    for place in _found(path.parent / CHECKPOINTS, until)[:_TRIED]:
        with contextlib.suppress(OSError, *UNREADABLE):
            content = read_plain(place, _PACKED_MAX)
            digest, content = content[:_DIGEST], content[_DIGEST:]
            if _is_own(content, digest):
                header, _, packed = content.partition(b"\n")
                found = msgspec.json.decode(header, type=_Header)
                if found.code == _code() and found.beginning.t <= until and _stands(path, found.beginning):
                    return _unpacked(packed), found.beginning
    return RunState(), NOTHING


def _is_own(content: bytes, digest: bytes) -> bool:
    """Whether this user wrote it; compared as digests, so that how long that takes tells nothing."""
    key = _read_key()
    return _digest_of(_digest_of(content, key), key) == _digest_of(digest, key)


def _digest_of(content: bytes, key: bytes) -> bytes:
    """Make a keyed digest. By way of ``hashlib`` it would load OpenSSL, 4 MiB for as long as a run lasts."""
    try:
        from _blake2 import blake2b  # noqa: PLC0415 - what hashlib has it from
    except ImportError:
        from hashlib import blake2b  # noqa: PLC0415

    return blake2b(content, digest_size=_DIGEST, key=key).digest()


def _unpacked(packed: bytes) -> RunState:
    """The state that this user wrote, as its digest has shown."""
    import pickle  # noqa: PLC0415 - as above

    import zstandard  # noqa: PLC0415

    state: RunState = pickle.loads(zstandard.ZstdDecompressor().decompress(packed))  # noqa: S301 - as said
    return state


def _found(folder: Path, until: float) -> list[Path]:
    """Checkpoints of up to a second after ``until``, the newest first."""
    try:
        names = sorted((path for path in folder.iterdir() if path.name.isdigit()), reverse=True)
    except OSError:
        return []
    return [path for path in names if int(path.name) <= until + 1]


def _stands(path: Path, beginning: Beginning) -> bool:
    """Whether the journal still begins with the bytes that were written."""
    with closing(open_journal(path)) as file:
        return file.crc_of(beginning.size) == beginning.crc


def _key_path() -> Path:
    return state_folder() / "checkpoint.key"


def _read_key() -> bytes:
    """Read this user's key; raises OSError where there is none that only this user can have written."""
    path = _key_path()
    key = read_plain(path, _DIGEST)
    if len(key) != _DIGEST or owner_of(path) != os.geteuid():
        raise PermissionError(f"{path} is no key of this user's")
    return key


def _make_key() -> bytes:
    """Read this user's key, or make it; raises OSError."""
    try:
        return _read_key()
    except FileNotFoundError:
        _key_path().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(_key_path(), os.urandom(_DIGEST))
        return _read_key()


@cache
def _code() -> str:
    """What tells this code from any other that might fold differently."""
    root = Path(__file__).parents[2]
    files = sorted(path for folder in ("core", "engine/record") for path in (root / folder).rglob("*.py"))
    text = repr([(path.name, found.st_size, found.st_mtime_ns) for path in files for found in (path.stat(),)])
    return f"{sys.version}:{zlib.crc32(text.encode()):08x}"
