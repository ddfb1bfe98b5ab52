"""The process that sends a run's alerts, where the user's configuration names receivers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from stresstui.cli.config import config_path
from stresstui.cli.starting.login import in_scope
from stresstui.cli.terminal.say import say

_ENTRY: Final = (sys.executable, "-m", "stresstui.alerts")


def start_alerts(run_dir: Path, scenario: str, *, unit: bool) -> None:
    """Start it, in a session of its own; what goes wrong is said and holds nothing up."""
    path = config_path()
    if not path.exists():
        return
    from stresstui.alerts.settings import AlertError, read_alerts

    try:
        wanted = [alert for alert in read_alerts(path) if alert.wants(scenario)]
        if wanted:
            entry = in_scope(_ENTRY) if unit else _ENTRY
            environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
            subprocess.Popen(
                (*entry, str(run_dir), str(path)), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True, env=environment, cwd="/",
            )  # fmt: skip
    except (AlertError, OSError) as error:
        say(f"stresstui: no alerts: {error}", err=True)
