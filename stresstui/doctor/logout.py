"""What becomes of a run when its user logs out, on machines with systemd."""

import os
import pwd
from pathlib import Path
from typing import Final

from stresstui.core.model.check import Check
from stresstui.doctor.verdicts import ok, warning

_CONFIG: Final = (
    "/etc/systemd/logind.conf",
    "/etc/systemd/logind.conf.d/*.conf",
    "/usr/lib/systemd/logind.conf.d/*.conf",
)
GROUP: Final = "Limits"
_LINGER: Final = Path("/var/lib/systemd/linger")


def look() -> list[Check]:
    """Whether a run outlives the login that started it."""
    if not logout_kills():
        return [ok(GROUP, "logout", "leaves running what was started")]
    if (_LINGER / pwd.getpwuid(os.geteuid()).pw_name).exists():
        return [ok(GROUP, "logout", "kills what was started (KillUserProcesses); the user lingers, so --unit is safe")]
    mend = "loginctl enable-linger, and start runs with --unit"
    return [warning(GROUP, "logout", "kills what was started (KillUserProcesses)", mend)]


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
