"""Loopback ports that nobody uses."""

import random
import socket

from stresstui.lab.net.socks import Address
from stresstui.lab.testbed.errors import LabStartError

LOOPBACK = "127.0.0.1"
ANYWHERE = Address(LOOPBACK, 0)
"""Any free port of the loopback."""
_BELOW_EPHEMERAL = (20000, 32000)
_TRIES = 200


def free_port() -> int:
    """Return a loopback port that is free for TCP and UDP now; raises LabStartError when none is found."""
    for _ in range(_TRIES):
        port = random.SystemRandom().randrange(*_BELOW_EPHEMERAL)
        if is_free(port, socket.SOCK_STREAM) and is_free(port, socket.SOCK_DGRAM):
            return port
    raise LabStartError("no free loopback port was found")


def is_free(port: int, kind: socket.SocketKind) -> bool:
    """Whether nobody listens at a loopback port, by TCP (``SOCK_STREAM``) or by UDP (``SOCK_DGRAM``)."""
    with socket.socket(type=kind) as tried:
        try:
            tried.bind((LOOPBACK, port))
        except OSError:
            return False
    return True
