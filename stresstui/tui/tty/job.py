"""The job that the app is in: what a shell began in one command, which it stops and continues as one."""

import os
import signal

import psutil


def has_shell() -> bool:
    """Whether a shell in this session takes the terminal once the job is stopped; else nothing would continue it.

    What ``ssh -t HOST COMMAND`` and a window of tmux begin leads its session: stopped, it stood still for ever.
    """
    session, group = os.getsid(0), os.getpgrp()
    for parent in psutil.Process().parents():
        try:
            if os.getsid(parent.pid) != session:
                return False
            if os.getpgid(parent.pid) != group:
                return True
        except ProcessLookupError:
            return False
    return False


def stop_job() -> None:
    """Stop all of the job, as a terminal does: a wrapper that waits for us would keep the shell waiting."""
    os.kill(0, signal.SIGSTOP)
