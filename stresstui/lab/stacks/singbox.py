"""What the protocols that run on sing-box have in common: their configuration files and how they are started."""

from typing import Any

from stresstui.lab.net.socks import Address
from stresstui.lab.process.binaries import sing_box
from stresstui.lab.process.process import LabChild
from stresstui.lab.stacks.profiled import profile_address
from stresstui.lab.testbed.ports import LOOPBACK, free_port
from stresstui.lab.testbed.testbed import Testbed

Settings = dict[str, Any]
"""A part of a sing-box configuration."""


async def server(testbed: Testbed, name: str, inbound: Settings) -> LabChild:
    """Start a server proxy whose traffic leaves to the loopback targets; to nothing else where that is wanted."""
    rules = [{"ip_cidr": [f"{to.host}/32"], "port": [to.port], "outbound": "direct"} for to in testbed.only_to]
    only: Settings = {"route": {"rules": [*rules, {"action": "reject"}]}} if rules else {}
    return await _run(testbed, name, [inbound], {"type": "direct", "tag": "direct"}, **only)


async def client(testbed: Testbed, name: str, outbound: Settings, *, names: Address | None = None) -> Address:
    """Start a client proxy and return its SOCKS5 entrance; names is the name server that it asks."""
    entrance = Address(LOOPBACK, free_port())
    inbounds = [listening("socks", entrance.port)]
    if testbed.lead_to is not None:
        host, port = testbed.lead_to
        inbounds.append(
            listening(
                "direct", testbed.open_door(entrance).port, network="tcp", override_address=host, override_port=port
            )
        )
    await _run(testbed, name, inbounds, outbound, **({} if names is None else _asking(names)))
    return entrance


def _asking(names: Address) -> Settings:
    server = {"type": "udp", "tag": "names", "server": names.host, "server_port": names.port}
    return {"dns": {"servers": [server]}, "route": {"default_domain_resolver": "names"}}


def listening(kind: str, port: int, **settings: Any) -> Settings:
    """Return an inbound of a kind on a loopback port."""
    return {"type": kind, "listen": LOOPBACK, "listen_port": port, **settings}


def dialling(kind: str, port: int, **settings: Any) -> Settings:
    """Return an outbound of a kind to a loopback port."""
    return {"type": kind, "server": LOOPBACK, "server_port": port, **settings}


async def _run(testbed: Testbed, name: str, inbounds: list[Settings], outbound: Settings, **more: Any) -> LabChild:
    config = {"log": {"level": "warn"}, "inbounds": inbounds, "outbounds": [outbound], **more}
    pprof = profile_address()
    if pprof:
        config["experimental"] = {"debug": {"listen": pprof}}
    path = testbed.workspace.write(f"{name}.json", config)
    return await testbed.crew.start(name, [sing_box(), "run", "--disable-color", "-c", str(path)], pprof=pprof)
