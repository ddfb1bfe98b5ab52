"""What REALITY's proxies have in common: the configurations of Xray at both ends and how it is started."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from stresstui.lab.net.socks import Address
from stresstui.lab.process.binaries import xray
from stresstui.lab.stacks.profiled import profile_address
from stresstui.lab.testbed.ports import LOOPBACK
from stresstui.lab.testbed.testbed import Testbed

SITE_NAME = "localhost"
"""The name of the destination site, the only one on the wire."""
Config = dict[str, Any]
"""A configuration of Xray, or a part of one."""
_FLOW = "xtls-rprx-vision"
_LOG = {"loglevel": "warning", "access": "none"}
# Without this rule Xray sends traffic for loopback addresses nowhere.
_LEAVE = {"protocol": "freedom", "settings": {"finalRules": [{"action": "allow"}]}}
_STREAMS = 8
"""Streams on one connection of a multiplexing client."""


@dataclass(frozen=True, slots=True)
class Account:
    """Who a client is and whom it trusts."""

    user: str
    """The user's UUID."""
    public: str
    """The public key that it takes for the server's."""
    short_id: str
    """The short id, eight hexadecimal digits."""
    vision: bool = True
    """Whether its traffic flows with vision, which excludes multiplexing."""


def server_config(port: int, site: int, private: str, *accounts: Account, only_to: Sequence[Address] = ()) -> Config:
    """Return the configuration of a server that hides behind the site on a port, and leads to some targets only."""
    reality = {
        "dest": f"{LOOPBACK}:{site}",
        "serverNames": [SITE_NAME],
        "privateKey": private,
        "shortIds": sorted({account.short_id for account in accounts}),
    }
    inbound = {
        "listen": LOOPBACK,
        "port": port,
        "protocol": "vless",
        "settings": {"clients": [{"id": one.user, **_flow(one)} for one in accounts], "decryption": "none"},
        "streamSettings": {"network": "raw", "security": "reality", "realitySettings": reality},
    }
    config = {"log": _LOG, "inbounds": [inbound], "outbounds": [_LEAVE]}
    if not only_to:
        return config
    rules = [{"type": "field", "ip": [to.host], "port": to.port, "outboundTag": "leave"} for to in only_to]
    nowhere = {"type": "field", "network": "tcp,udp", "outboundTag": "nowhere"}
    outbounds = [{**_LEAVE, "tag": "leave"}, {"protocol": "blackhole", "tag": "nowhere"}]
    return config | {"outbounds": outbounds, "routing": {"rules": [*rules, nowhere]}}


def client_config(*ways: Config) -> Config:
    """Return the configuration of a client; each of its ways leads from one entrance to one server."""
    inbounds = [inbound for way in ways for inbound in way["inbounds"]]
    outbounds = [way["outbound"] for way in ways]
    rules = [
        {"type": "field", "inboundTag": [one["tag"] for one in way["inbounds"]], "outboundTag": way["outbound"]["tag"]}
        for way in ways
    ]
    return {"log": _LOG, "inbounds": inbounds, "outbounds": outbounds, "routing": {"rules": rules}}


def way(entrance: Address, server: int, account: Account, *, multiplexed: bool = False) -> Config:
    """Return the way from a SOCKS5 entrance to the server on a port."""
    tag = str(entrance.port)
    user = {"id": account.user, "encryption": "none", **_flow(account)}
    keys = {"publicKey": account.public, "shortId": account.short_id}
    reality = {"fingerprint": "chrome", "serverName": SITE_NAME, **keys}
    outbound = {
        "tag": tag,
        "protocol": "vless",
        "settings": {"vnext": [{"address": LOOPBACK, "port": server, "users": [user]}]},
        "streamSettings": {"network": "raw", "security": "reality", "realitySettings": reality},
    }
    if multiplexed:
        outbound["mux"] = {"enabled": True, "concurrency": _STREAMS}
    inbound = {
        "tag": f"socks-{tag}",
        "listen": LOOPBACK,
        "port": entrance.port,
        "protocol": "socks",
        "settings": {"udp": True, "auth": "noauth"},
    }
    return {"inbounds": [inbound], "outbound": outbound}


def door(port: int, target: Address) -> Config:
    """Return an inbound that leads from a plain TCP port to one target."""
    settings = {"address": target.host, "port": target.port, "network": "tcp"}
    return {
        "tag": f"door-{port}",
        "listen": LOOPBACK,
        "port": port,
        "protocol": "dokodemo-door",
        "settings": settings,
    }


async def run(testbed: Testbed, name: str, config: Config, *, judged: bool = True) -> None:
    """Start Xray with a configuration; raises LabStartError or MissingError."""
    pprof = profile_address() if judged else ""
    if pprof:  # its metrics server has net/http/pprof (Xray's "metrics" object)
        config = {**config, "metrics": {"tag": "metrics", "listen": pprof}}
    path = testbed.workspace.write(f"{name}.json", config)
    await testbed.crew.start(name, xray(path), role="sut" if judged else "service", pprof=pprof)


def _flow(account: Account) -> dict[str, str]:
    return {"flow": _FLOW} if account.vision else {}
