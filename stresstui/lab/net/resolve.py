"""What an address is here: where to listen for it, and where to go; a name may have addresses of both families."""

import ipaddress
import socket
from typing import Final

from stresstui.lab.net.socks import Address

_TRIES: Final = 20


def endpoints(address: Address, kind: socket.SocketKind) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """Families and socket addresses that a host has here, IPv6 and IPv4; raises OSError."""
    found = socket.getaddrinfo(address.host, address.port, type=kind)
    return list(dict.fromkeys((family, (str(where[0]), int(where[1]))) for family, _, _, _, where in found))


def bound(address: Address, kind: socket.SocketKind) -> list[socket.socket]:
    """A socket at each address that a host has here, all at one port, which is a free one for 0; raises OSError."""
    for _ in range(_TRIES if not address.port else 1):
        made: list[socket.socket] = []
        try:
            for family, (host, port) in endpoints(address, kind):
                made.append(_socket(family, kind))
                made[-1].bind((host, port or (made[0].getsockname()[1] if len(made) > 1 else 0)))
        except OSError as error:
            failed = error
            for one in made:
                one.close()
        else:
            return made
    raise failed


def _socket(family: socket.AddressFamily, kind: socket.SocketKind) -> socket.socket:
    made = socket.socket(family, kind)
    made.setblocking(False)
    if kind == socket.SOCK_STREAM:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return made


def way_to(address: Address) -> Address:
    """The first address of a host, as digits, that there is a way to from here; raises OSError."""
    for family, where in endpoints(address, socket.SOCK_DGRAM):
        with socket.socket(family, socket.SOCK_DGRAM) as tried:
            try:
                tried.connect(where)  # of datagrams, this only asks the kernel for the way
            except OSError as error:
                failed = error
            else:
                return Address(*where)
    raise failed


def why_no_door(address: Address) -> str:
    """Why no other box comes in at a host here, in one clause; empty where others may.

    A host's own name is often one of the loopback on itself, as on Debian.
    """
    try:
        found = [where[0] for _, where in endpoints(address, socket.SOCK_STREAM)]
    except OSError as error:
        return f"{address.host} cannot be found: {error.strerror or error}"
    near = [host for host in found if ipaddress.ip_address(host).is_loopback]
    if len(near) < len(found) or address.host == "localhost" or address.numeric:
        return ""
    return f"{address.host} is {near[0]} here, which no other box reaches; name an address"
