"""Loopback ports that nobody uses."""

import random
import socket

from stresstui.lab.testbed.errors import LabStartError

LOOPBACK = "127.0.0.1"
_BELOW_EPHEMERAL = (20000, 32000)
_TRIES = 200


def free_port() -> int:
    """Return a loopback port that is free for TCP and UDP now; raises LabStartError when none is found."""
    for _ in range(_TRIES):
        port = random.SystemRandom().randrange(*_BELOW_EPHEMERAL)
        if _is_free(port):
            return port
    raise LabStartError("no free loopback port was found")


def _is_free(port: int) -> bool:
    with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind((LOOPBACK, port))
            udp.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
