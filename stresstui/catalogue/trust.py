"""Whose word a file is: a scenario names commands, so nobody else may have written it, or be able to."""

import os
import stat
from pathlib import Path

from stresstui.catalogue.error import ScenarioError

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def check_trusted(path: Path) -> None:
    """Raise ScenarioError where somebody else may have written a file, or could put another in its place."""
    real = path.resolve()
    _check_one(path, real, _status(real), "")
    for folder in real.parents:
        found = _status(folder)
        if found is not None and not (found.st_mode & _OTHERS_WRITE and found.st_mode & stat.S_ISVTX):
            _check_one(path, folder, found, f"the folder {folder} ")


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None  # whoever reads it says why


def _check_one(path: Path, place: Path, found: os.stat_result | None, what: str) -> None:
    if found is None:
        return
    if found.st_mode & _OTHERS_WRITE:
        who = "everybody" if found.st_mode & stat.S_IWOTH else "its group"
        raise ScenarioError(f"{path}: {what or ''}can be written by {who}; chmod go-w {place}")
    if found.st_uid not in (0, os.geteuid()):
        raise ScenarioError(
            f"{path}: {what}belongs to another user (uid {found.st_uid}); copy it to a place of your own, or chown it"
        )
