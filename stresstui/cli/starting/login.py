"""What becomes of a run when its user logs out, on machines with systemd."""

import shutil
from pathlib import Path
from typing import Final

from stresstui.cli.terminal.refuse import refuse
from stresstui.core.model.outcome import ExitCode

_CONFIG: Final = (
    "/etc/systemd/logind.conf",
    "/etc/systemd/logind.conf.d/*.conf",
    "/usr/lib/systemd/logind.conf.d/*.conf",
)
_SCOPE: Final = ("systemd-run", "--user", "--scope", "--quiet", "--collect", "--")


def in_scope(entry: tuple[str, ...]) -> tuple[str, ...]:
    """The command in a scope of the user's manager, which logout leaves alone where the user lingers."""
    if shutil.which(_SCOPE[0]) is None:
        refuse("stresstui: --unit needs systemd-run, which is not on this machine", ExitCode.COULD_NOT_RUN)
    return (*_SCOPE, *entry)


def logout_kills() -> bool:
    """Whether logind ends what a user leaves behind (logind.conf(5), KillUserProcesses)."""
    return _last_setting("KillUserProcesses").lower() in ("yes", "true", "on", "1")


def _last_setting(name: str) -> str:
    value = ""
    for pattern in _CONFIG:
        for path in sorted(Path("/").glob(pattern[1:])):
            value = _setting(path, name) or value
    return value


def _setting(path: Path, name: str) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    found = [line.partition("=")[2].strip() for line in lines if line.partition("=")[0].strip() == name]
    return found[-1] if found else ""
