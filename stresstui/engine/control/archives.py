"""A run in one file: a tar of its directory, compressed with Zstandard (RFC 8878); how it came out stands in front."""

import io
import os
import stat
import tarfile
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

import msgspec
import zstandard

from stresstui.core.model.errors import UNREADABLE
from stresstui.engine.control.runs import RunInfo
from stresstui.engine.record.checkpoint import CHECKPOINTS

SUFFIX: Final = ".tar.zst"
"""How an archive's name ends, behind the run's."""

_INFO: Final = "archived.json"
_INFO_MAX: Final = 1 << 20
_PASSED_OVER: Final = {"control.sock", "supervisor.pid", _INFO, CHECKPOINTS}


class ArchiveError(ValueError):
    """Raised where a file is no archive of a run; its message is one clause for people."""


def pack(info: RunInfo, archive: Path) -> int:
    """Put a run into an archive; give its size in bytes. Raises OSError."""
    fresh, run_dir = archive.with_name(archive.name + ".part"), info.directory
    with (
        fresh.open("xb") as file,
        zstandard.ZstdCompressor(level=10, write_checksum=True).stream_writer(file) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        _add_info(tar, info)
        for path in sorted(run_dir.rglob("*")):
            if (
                path.is_file()
                and not path.is_symlink()
                and not _PASSED_OVER.intersection(path.relative_to(run_dir).parts)
            ):
                tar.add(path, arcname=f"{run_dir.name}/{path.relative_to(run_dir)}", recursive=False)
    fresh.replace(archive)
    return archive.stat().st_size


def _add_info(tar: tarfile.TarFile, info: RunInfo) -> None:
    text = msgspec.json.encode(info, enc_hook=str)
    member = tarfile.TarInfo(f"{info.directory.name}/{_INFO}")
    member.size, member.mode = len(text), 0o600
    tar.addfile(member, io.BytesIO(text))


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack an archive into a folder; give the run's directory in it. Raises ArchiveError."""
    try:
        with archive.open("rb") as file, _opened(file) as tar:
            for member in tar:
                _extract(tar, member, folder)
    except (OSError, EOFError, tarfile.TarError, zstandard.ZstdError) as error:
        raise ArchiveError(f"it cannot be unpacked: {error}") from None
    found = [path.parent for path in folder.glob("*/run.json")]
    if len(found) != 1:
        raise ArchiveError("it does not hold one run")
    return found[0]


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write a file of an archive, if it is one and stays in the folder; raises ArchiveError."""
    place = PurePosixPath(member.name)
    if place.is_absolute() or ".." in place.parts or not (member.isfile() or member.isdir()):
        raise ArchiveError(f"it cannot be unpacked: {place} is no file of a run")
    # Python 3.11.0 to 3.11.3 have no filters; nothing that they keep out comes this far.
    filtered: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    tar.extract(member, folder, set_attrs=False, **filtered)
    written = folder / place
    written.chmod(member.mode & stat.S_IRWXU)
    os.utime(written, (member.mtime, member.mtime))


def archived(archive: Path) -> RunInfo | None:
    """How an archived run came out, as it was when it was archived; None where the file is no archive of a run."""
    try:
        with archive.open("rb") as file, _opened(file) as tar:
            member = tar.next()
            found = tar.extractfile(member) if member is not None and member.size < _INFO_MAX else None
            text = found.read() if found is not None else b""
        info = msgspec.json.decode(text, type=RunInfo, dec_hook=lambda kind, value: kind(value))
    except (OSError, EOFError, tarfile.TarError, zstandard.ZstdError, *UNREADABLE):
        return None
    return msgspec.structs.replace(info, directory=archive)


def _opened(file: IO[bytes]) -> tarfile.TarFile:
    return tarfile.open(fileobj=zstandard.ZstdDecompressor().stream_reader(file), mode="r|")
