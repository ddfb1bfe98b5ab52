"""The private folder of one lab run: keys and configurations, locked while the run lives, removed at its end."""

import contextlib
import fcntl
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

_PREFIX = "stresstui-lab-"
_LOCK = "lock"
_NEWBORN = 5.0  # seconds in which a folder may not be locked yet


class Workspace:
    """A folder for the run's owner only."""

    def __init__(self) -> None:
        """Make it, removing those that killed runs have left; raises OSError."""
        _sweep()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        """Where files lie; 0700."""
        self._lock = os.open(self.folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def write(self, name: str, document: object) -> Path:
        """Write a configuration as JSON, readable by its owner only."""
        return self.write_text(name, json.dumps(document))

    def write_text(self, name: str, text: str) -> Path:
        """Write a file of the run, readable by its owner only."""
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")
        return path

    def close(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(_PREFIX + "*"):
        with contextlib.suppress(OSError):
            found = folder.stat()
            grown = time.time() - found.st_mtime > _NEWBORN
            if grown and found.st_uid == os.getuid() and _abandoned(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _abandoned(folder: Path) -> bool:
    lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(lock)
    return True
