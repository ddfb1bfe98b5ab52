"""A workload that cannot be brought up: an outcome of a run, not an error of this program."""

import errno
import os
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Final


class CannotStart(Exception):  # noqa: N818 - see the module
    """Raised when the workload cannot be brought up; ``cause`` as in the event Exited."""

    def __init__(self, cause: str, detail: str) -> None:
        super().__init__(detail)
        self.cause = cause
        """``not_found``, ``build_failed`` or ``not_ready``."""


def cannot_execute(argv: Sequence[str], error: OSError) -> CannotStart:
    """Say for people why a program could not be started, and what would mend it."""
    if isinstance(error, FileNotFoundError):
        missing = _interpreter(argv[0])
        if missing:
            return CannotStart(
                "not_found", f"cannot start {argv[0]}: its first line names {missing}, which is not there"
            )
        mend = _for_a_shell(argv)
        return CannotStart("not_found", f"not found: {error.filename or argv[0]}{mend and f'; {mend}'}")
    mend = _mend(argv[0], error)
    return CannotStart("not_found", f"cannot start {argv[0]}: {error.strerror or error}{mend and f'; {mend}'}")


_BUILT_IN: Final = frozenset(("cd", "export", "source", ".", "ulimit", "set", "exec", "eval", "alias", "trap", "wait"))
_ASSIGNED: Final = re.compile(r"[A-Za-z_]\w*=")


def _for_a_shell(argv: Sequence[str]) -> str:
    """What a person meant who wrote as for a shell: nothing here splits words, sets variables or knows ``cd``."""
    first = argv[0]
    if _ASSIGNED.match(first):
        return f"to set a variable, write env {shlex.join(argv)}"
    if first in _BUILT_IN:
        return f"only a shell knows it: write sh -c {shlex.quote(shlex.join(argv))}"
    if " " in first.strip() and len(argv) == 1:
        return f"it is one word: leave its quotation marks out, or write sh -c {shlex.quote(first)}"
    return ""


def _mend(program: str, error: OSError) -> str:
    if error.errno == errno.ENOEXEC:
        return "a script begins with a line such as #!/bin/sh, and a program is made for this machine"
    if isinstance(error, PermissionError) and Path(program).is_dir():
        return "it is a folder: name the program in it"
    if isinstance(error, PermissionError) and Path(program).is_file() and not os.access(program, os.X_OK):
        return f"chmod +x {shlex.quote(program)}, or name what runs it: sh {shlex.quote(program)}"
    return ""


def _interpreter(script: str) -> str:
    """The interpreter that a script asks for and that is not there; empty for anything else."""
    try:
        with Path(script).open("rb") as file:
            first = file.readline(256)
    except OSError:
        return ""
    words = first[2:].split() if first.startswith(b"#!") else []
    name = os.fsdecode(words[0]) if words else ""
    if name and first.endswith(b"\r\n"):
        return f"{name} with a line end of Windows (sed -i 's/\\r$//' removes those)"
    return name if name and not Path(name).exists() else ""
