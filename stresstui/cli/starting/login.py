"""A run that outlives the login, on machines whose logout kills what was started."""

from pathlib import Path
from typing import Final

from stresstui.cli.terminal.refuse import refuse
from stresstui.core.model.outcome import ExitCode

_SCOPE: Final = ("systemd-run", "--user", "--scope", "--quiet", "--collect", "--")
_BOOTED: Final = Path("/run/systemd/system")
"""There where systemd runs the machine (sd_booted(3))."""


def in_scope(entry: tuple[str, ...]) -> tuple[str, ...]:
    """The command in a scope of the user's manager, which logout leaves alone where the user lingers."""
    import shutil

    if shutil.which(_SCOPE[0]) is None:
        refuse("stresstui: --unit needs systemd-run, which is not on this machine", ExitCode.COULD_NOT_RUN)
    if not _BOOTED.is_dir():
        refuse("stresstui: --unit needs systemd, and this machine was not booted with it", ExitCode.COULD_NOT_RUN)
    return (*_SCOPE, *entry)
