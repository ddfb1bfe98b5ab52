"""What the protocols that run on sing-box have in common: their configuration files and how they are started."""

from typing import Any

from stresstui.lab.net.socks import Address
from stresstui.lab.process.binaries import sing_box
from stresstui.lab.process.process import Child
from stresstui.lab.testbed.testbed import LOOPBACK, Room

Settings = dict[str, Any]
"""A part of a sing-box configuration."""


async def server(room: Room, name: str, inbound: Settings) -> Child:
    """Start a server proxy whose traffic leaves to the loopback targets."""
    return await _run(room, name, [inbound], {"type": "direct"})


async def client(room: Room, name: str, outbound: Settings, *, names: int | None = None) -> Address:
    """Start a client proxy and return its SOCKS5 entrance; names is the port of the name server that it asks."""
    entrance = Address(LOOPBACK, room.port())
    inbounds = [listening("socks", entrance.port)]
    if room.lead_to is not None:
        host, port = room.lead_to
        inbounds.append(
            listening("direct", room.door(entrance).port, network="tcp", override_address=host, override_port=port)
        )
    await _run(room, name, inbounds, outbound, **({} if names is None else _asking(names)))
    return entrance


def _asking(port: int) -> Settings:
    server = {"type": "udp", "tag": "names", "server": LOOPBACK, "server_port": port}
    return {"dns": {"servers": [server]}, "route": {"default_domain_resolver": "names"}}


def listening(kind: str, port: int, **settings: Any) -> Settings:
    """Return an inbound of a kind on a loopback port."""
    return {"type": kind, "listen": LOOPBACK, "listen_port": port, **settings}


def dialling(kind: str, port: int, **settings: Any) -> Settings:
    """Return an outbound of a kind to a loopback port."""
    return {"type": kind, "server": LOOPBACK, "server_port": port, **settings}


async def _run(room: Room, name: str, inbounds: list[Settings], outbound: Settings, **more: Any) -> Child:
    config = {"log": {"level": "warn"}, "inbounds": inbounds, "outbounds": [outbound], **more}
    path = room.write(f"{name}.json", config)
    return await room.spawn(name, [sing_box(), "run", "--disable-color", "-c", str(path)])
