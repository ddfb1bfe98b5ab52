"""The control socket of a run, also where its directory has a path too long for a socket's address (unix(7))."""

import contextlib
import os
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

CONTROL: Final = "control.sock"
"""Name of the socket in a run's directory."""

_CREDENTIALS: Final = struct.Struct("3i")
_PATH_MAX: Final = 100
_AGAIN_S: Final = 0.02


@contextlib.contextmanager
def short_path(run_dir: Path) -> Iterator[str]:
    """A path of the socket that fits into an address, for as long as the context lasts; raises OSError."""
    path = str(run_dir.absolute() / CONTROL)
    if len(os.fsencode(path)) < _PATH_MAX:
        yield path
    elif sys.platform == "linux":
        fd = os.open(run_dir, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield f"/proc/self/fd/{fd}/{CONTROL}"
        finally:
            os.close(fd)
    else:
        import tempfile  # noqa: PLC0415 - costly, and few folders have names so long

        with tempfile.TemporaryDirectory(prefix="st", dir="/tmp") as folder:
            link = Path(folder) / "d"
            link.symlink_to(run_dir.absolute())
            yield str(link / CONTROL)


def listen(run_dir: Path) -> socket.socket:
    """Make the socket, readable by its owner only, replacing one that was left behind; raises OSError."""
    (run_dir / CONTROL).unlink(missing_ok=True)
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with short_path(run_dir) as path:
            server.bind(path)
        (run_dir / CONTROL).chmod(0o600)
        server.listen()
        server.setblocking(False)
    except BaseException:
        server.close()
        raise
    return server


def connect(run_dir: Path, timeout_s: float) -> socket.socket:
    """Connect to the supervisor of a run; raises OSError when nobody answers."""
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.settimeout(timeout_s)
    try:
        with short_path(run_dir) as path:
            _wait_in_line(client, path, timeout_s)
        _check_peer(client)
    except BaseException:
        client.close()
        raise
    return client


def peer_uid(connected: socket.socket) -> int | None:
    """Uid of who is at the other end; None where the system does not say."""
    if sys.platform != "linux":
        return None
    _, uid, _ = _CREDENTIALS.unpack(connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))
    return int(uid)


def _check_peer(client: socket.socket) -> None:
    """Whoever can write in a run's folder can put a socket there: only this user's own supervisor is talked to."""
    uid = peer_uid(client)
    if uid not in (None, os.geteuid()):
        raise PermissionError(f"it is run by another user (uid {uid}); ask as that user")


def _wait_in_line(client: socket.socket, path: str, timeout_s: float) -> None:
    """Connect; where too many wait already the kernel says "try again" at once (connect(2), EAGAIN)."""
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            client.connect(path)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError from None
            time.sleep(_AGAIN_S)
        else:
            return
