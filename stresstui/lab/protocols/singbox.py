"""What the protocols that run on sing-box have in common: their configuration files and how they are started."""

from typing import Any

from stresstui.lab.binaries import sing_box
from stresstui.lab.process import Child
from stresstui.lab.room import LOOPBACK, Room
from stresstui.lab.socks import Address

Settings = dict[str, Any]
"""A part of a sing-box configuration."""


async def server(room: Room, name: str, inbound: Settings) -> Child:
    """Start a server proxy whose traffic leaves to the loopback targets."""
    return await _run(room, name, inbound, {"type": "direct"})


async def client(room: Room, name: str, outbound: Settings) -> Address:
    """Start a client proxy and return its SOCKS5 entrance."""
    entrance = Address(LOOPBACK, room.port())
    await _run(room, name, listening("socks", entrance.port), outbound)
    return entrance


def listening(kind: str, port: int, **settings: Any) -> Settings:
    """Return an inbound of a kind on a loopback port."""
    return {"type": kind, "listen": LOOPBACK, "listen_port": port, **settings}


def dialling(kind: str, port: int, **settings: Any) -> Settings:
    """Return an outbound of a kind to a loopback port."""
    return {"type": kind, "server": LOOPBACK, "server_port": port, **settings}


async def _run(room: Room, name: str, inbound: Settings, outbound: Settings) -> Child:
    config = {"log": {"level": "warn"}, "inbounds": [inbound], "outbounds": [outbound]}
    path = room.write(f"{name}.json", config)
    return await room.spawn(name, [sing_box(), "run", "--disable-color", "-c", str(path)])
