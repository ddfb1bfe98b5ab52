"""This program's own modules as processes of their own, whatever folder they are started in."""

import os
import site
import sys
from pathlib import Path
from typing import NoReturn

_HOME = str(Path(__file__).parent.parent)


def python() -> tuple[str, ...]:
    """The interpreter that runs this, blind to the modules of the folder that it is started in.

    ``python -m`` and ``-c`` look there first: in a project that has a ``types.py`` of its own no Python starts.
    """
    only_there = not sys.flags.safe_path and sys.path[0] == _HOME and _HOME not in sys.path[1:]
    return (sys.executable,) if only_there else (sys.executable, "-P")


def module(name: str, *arguments: str) -> tuple[str, ...]:
    """The command that runs a module of this program."""
    return (*python(), "-m", name, *arguments)


def environment() -> dict[str, str]:
    """This process's environment, in which a module is found where this process found it; not for a workload.

    Python's own modules and what is installed stand first: pytest puts the folders of a project's tests before them.
    """
    library = str(Path(os.__file__).parent)
    installed = (_HOME, library, f"{library}/lib-dynload", *site.getsitepackages())
    places = sorted(filter(None, sys.path), key=lambda place: place not in installed)
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}


def leave(code: int) -> NoReturn:
    """End this process with a code; Python would answer PYTHONINSPECT, meant for another program, and end with 1."""
    if not sys.flags.inspect:
        sys.exit(code)
    import atexit  # noqa: PLC0415 - nearly nobody needs it

    atexit._run_exitfuncs()  # noqa: SLF001 - what sys.exit would have come to
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
