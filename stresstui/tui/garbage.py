"""Memory of a screen that is open for a day: no second look at what stays."""

import gc


def collect_from_now() -> None:
    """Look for garbage again, where that was put off for the start; what is there by now is there for good."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
