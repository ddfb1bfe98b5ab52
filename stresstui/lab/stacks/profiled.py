"""Where a proxy of the lab gives Go's profiles, where somebody asked for them."""

import os

from stresstui.lab.testbed.ports import LOOPBACK, free_port

PROFILED = "STRESSTUI_LAB_PPROF"
"""Variable with which the proxies give Go's profiles, each on a port of its own."""


def profile_address() -> str:
    """A loopback address for a proxy's profiles; empty where nobody asked for them."""
    return f"{LOOPBACK}:{free_port()}" if os.environ.get(PROFILED) else ""
