"""What must hold around any command."""

import os
import sys
from pathlib import Path


def describe_obstacle() -> str:
    """Say in one line why no command can be carried out here; empty where one can."""
    try:
        folder = os.getcwd()  # noqa: PTH109 - the text is looked at, not the path
    except OSError as error:
        return f"the working directory cannot be used ({error.strerror}); change to another one"
    for number, argument in enumerate(sys.argv[1:], 1):
        if not _is_text(argument):
            return (
                f"argument {number} is not UTF-8: {argument!r}; a script that is named in UTF-8 can pass such bytes on"
            )
    return (
        "" if _is_text(folder) else f"the name of the working directory is not UTF-8: {folder!r}; change to another one"
    )


def describe_mount(path: object) -> str:
    """Say how what is missing comes back, where it is /proc; at the end of a sentence, empty where it is not."""
    missing = str(path).startswith("/proc/") and not Path("/proc/self").exists()
    return "; /proc says what processes do, and is not mounted: mount -t proc proc /proc" if missing else ""


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
