"""Where this user's own files are, settings and what is remembered; a user without a home has none.

Under a bare number in a container, or started by a service, there may be neither ``HOME`` nor a user of that number.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

_NOWHERE: Final = Path("/nonexistent/stresstui")
_NAME: Final = "stresstui"


def config_folder() -> Path:
    """Folder of settings, scenarios and themes; where the user has no home, one that is not there."""
    import platformdirs  # noqa: PLC0415 - a supervisor needs neither, mostly

    return _found(platformdirs.user_config_path)


def state_folder() -> Path:
    """Folder of what is remembered of runs; likewise."""
    import platformdirs  # noqa: PLC0415 - as above

    return _found(platformdirs.user_state_path)


def _found(find: Callable[[str], Path]) -> Path:
    """Versions of platformdirs differ in what they do without a home: one raises, another gives it as ``~``."""
    try:
        found = find(_NAME)
    except RuntimeError:
        return _NOWHERE
    return _NOWHERE if found.parts[:1] == ("~",) else found
