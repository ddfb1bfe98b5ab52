"""Names of signals."""

import signal


def signal_name(number: int) -> str:
    """What people call a signal: ``SIGSEGV``, or ``signal 99`` where this system knows none of that number."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
