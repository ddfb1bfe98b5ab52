"""What cannot be done: one line and an exit code."""

import sys
from typing import NoReturn

from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode


def refuse(message: str, code: int = ExitCode.USAGE) -> NoReturn:
    """Say one line on standard error and end."""
    say(message, err=True)
    sys.exit(code)
