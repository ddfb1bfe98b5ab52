"""A run in one file: a tar of its directory, compressed with Zstandard (RFC 8878)."""

import tarfile
from pathlib import Path
from typing import Final

import zstandard

SUFFIX: Final = ".tar.zst"
"""How an archive's name ends, behind the run's."""

_FIRST: Final = ("run.json", "result.json", "summary.md")
_PASSED_OVER: Final = ("control.sock", "supervisor.pid")


class ArchiveError(ValueError):
    """Raised where a file is no archive of a run; its message is one clause for people."""


def pack(run_dir: Path, archive: Path) -> int:
    """Put a run into an archive, what is read first in front; give its size in bytes. Raises OSError."""
    fresh = archive.with_name(archive.name + ".part")
    with (
        fresh.open("xb") as file,
        zstandard.ZstdCompressor(level=10).stream_writer(file) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in _members(run_dir):
            tar.add(path, arcname=f"{run_dir.name}/{path.relative_to(run_dir)}", recursive=False)
    fresh.replace(archive)
    return archive.stat().st_size


def _members(run_dir: Path) -> list[Path]:
    found = [path for path in run_dir.rglob("*") if path.is_file() and not path.is_symlink()]
    wanted = [path for path in found if path.name not in _PASSED_OVER]
    return sorted(wanted, key=lambda path: (path.name not in _FIRST, path))


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack an archive into a folder; give the run's directory in it. Raises ArchiveError."""
    try:
        with (
            archive.open("rb") as file,
            zstandard.ZstdDecompressor().stream_reader(file) as packed,
            tarfile.open(fileobj=packed, mode="r|") as tar,
        ):
            tar.extractall(folder, filter="data")
    except (OSError, EOFError, tarfile.TarError, zstandard.ZstdError) as error:
        raise ArchiveError(f"it cannot be unpacked: {error}") from None
    found = [path.parent for path in folder.glob("*/run.json")]
    if len(found) != 1:
        raise ArchiveError("it does not hold one run")
    return found[0]
