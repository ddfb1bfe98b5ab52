"""Files in folders where somebody else may be at work: opened by the folder's descriptor, no link followed.

What is read is a plain file of bounded size: a FIFO, a device or a link that waits under its name is refused at once.
What is written goes into a folder that is this user's alone, under a name that nobody can guess, and then into place.
"""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, Final

SMALL_MAX: Final = 16 << 20
"""Bytes that a file has at most which is read as a whole."""
_READ: Final = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
_MAKE: Final = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | os.O_NOFOLLOW
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def descriptor_of(path: Path) -> int:
    """Descriptor of a plain file to read; raises OSError, also for a link, a FIFO or a device, without waiting."""
    fd = os.open(path, _READ)
    if stat.S_ISREG(os.fstat(fd).st_mode):
        return fd
    os.close(fd)
    raise OSError(errno.EINVAL, "it is not a plain file", str(path))


def open_plain(path: Path) -> BinaryIO:
    """Open a plain file to read; raises OSError as ``descriptor_of`` does."""
    return os.fdopen(descriptor_of(path), "rb")


def read_plain(path: Path, most: int = SMALL_MAX) -> bytes:
    """Read a plain file as a whole; raises OSError, also where it has more than ``most`` bytes."""
    with open_plain(path) as file:
        if os.fstat(file.fileno()).st_size > most:
            raise OSError(errno.EFBIG, f"it has more than {most} bytes", str(path))
        return file.read(most)


def read_named(path: Path) -> bytes:
    """Read what a person named, a pipe of the shell's too; raises OSError, also of a device or a pipe without a writer.

    To open a named pipe into which nothing is ever written would wait for ever.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb", buffering=0) as file:
        kind = os.fstat(file.fileno()).st_mode
        if stat.S_ISCHR(kind) or stat.S_ISBLK(kind):
            raise OSError(errno.EINVAL, "a device, not a file", str(path))
        first = file.read(1)  # None where a writer is there who has not written yet
        if first == b"" and stat.S_ISFIFO(kind):
            raise OSError(errno.EPIPE, "a pipe that nobody writes to", str(path))
        os.set_blocking(file.fileno(), True)
        return (first or b"") + file.readall()


def text_named(path: Path) -> str:
    """The same as text of UTF-8, with a mark of byte order or without; raises OSError, or ValueError with the line."""
    data = read_named(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line}: not UTF-8 text; save the file as UTF-8") from None


def place_of(fd: int, path: Path) -> Path | None:
    """Where an open file is that was at ``path``; None where nothing leads to it any more, as its file system has gone.

    On systems that do not tell, and where the folder cannot be looked into, it is where it was.
    """
    try:
        path.stat()
    except FileNotFoundError:
        pass
    except OSError:
        return path
    else:
        return path
    try:
        now = Path(f"/proc/self/fd/{fd}").readlink()
    except OSError:
        return path
    return now if os.path.exists(now) else None  # noqa: PTH110 - Path.exists raises where it may not look


def owner_of(path: Path) -> int | None:
    """Uid of who a file or folder belongs to, a link not followed; None where it cannot be told."""
    try:
        return path.lstat().st_uid
    except OSError:
        return None


def why_shared(folder: Path) -> str:
    """Why others could put files into a folder, or into the place where it is to be made; empty where they cannot."""
    there = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    found = there.stat()
    if found.st_uid not in (0, os.geteuid()):
        return f"{there} belongs to another user (uid {found.st_uid})"
    sticky = found.st_mode & stat.S_ISVTX and there != folder
    return f"everybody can write in {there}" if found.st_mode & stat.S_IWOTH and not sticky else ""


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, which nobody else can write in whatever the umask; raises OSError."""
    for place in reversed((folder, *folder.parents)):
        if place.is_dir():
            continue
        try:
            place.mkdir(mode=0o755)
        except FileExistsError:
            if not place.is_dir():  # else another run has just made it
                raise NotADirectoryError(errno.ENOTDIR, "a file, not a folder", str(place)) from None


def open_own(folder: Path) -> int:
    """Descriptor of a folder of this user's in which nobody else can write; raises OSError for any other."""
    fd = os.open(folder, _FOLDER)
    found = os.fstat(fd)
    why = ""
    if found.st_uid != os.geteuid():
        why = f"it belongs to another user (uid {found.st_uid})"
    elif found.st_mode & _OTHERS_WRITE:
        why = "others can write in it"
    if why:
        os.close(fd)
        raise PermissionError(errno.EPERM, why, str(folder))
    return fd


def open_in_own(path: Path, flags: int = 0) -> int:
    """Descriptor of a file to write, mode 0600, made where there is none, in this user's own folder; raises OSError."""
    folder = open_own(path.parent)
    try:
        return os.open(path.name, _MAKE | flags, 0o600, dir_fd=folder)
    finally:
        os.close(folder)


def write_whole(path: Path, content: bytes, *, durable: bool = True, mode: int = 0o600) -> Path:
    """Put a file in its place in one step, so that no reader ever sees half of it; raises OSError.

    It is written for this user only, unless its mode says else, in a folder that is this user's alone, whatever was put
    under its name. What is not ``durable`` may be lost with the machine's power, and keeps nobody waiting for the disk.
    """
    folder = open_own(path.parent)
    try:
        write_whole_in(folder, path.name, content, durable=durable, mode=mode)
    finally:
        os.close(folder)
    return path


def write_whole_in(folder: int, name: str, content: bytes, *, durable: bool = True, mode: int = 0o600) -> None:
    """The same in the folder of a descriptor, wherever that folder is by now; raises OSError."""
    unfinished = f".{name}.{os.urandom(8).hex()}"
    fd = os.open(unfinished, _MAKE | os.O_EXCL, mode, dir_fd=folder)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(content)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.replace(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        os.unlink(unfinished, dir_fd=folder)
        raise
