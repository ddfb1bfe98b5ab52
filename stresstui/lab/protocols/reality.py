"""REALITY: Xray with vision at both ends, hidden behind a local TLS 1.3 site that answers everyone without the key."""

import base64
import secrets
import uuid
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stresstui.lab.binaries import xray
from stresstui.lab.certs import issue
from stresstui.lab.room import LOOPBACK, Room, Tunnel
from stresstui.lab.socks import Address

SITE_NAME = "localhost"
"""The name of the destination site, the only one on the wire."""
_FLOW = "xtls-rprx-vision"
_LOG = {"loglevel": "warning", "access": "none"}
# Without this rule Xray sends traffic for loopback addresses nowhere.
_LEAVE = {"protocol": "freedom", "settings": {"finalRules": [{"action": "allow"}]}}


async def build(room: Room) -> list[Tunnel]:
    """Start site, server, relay and client; raises StartError or MissingError."""
    private, public = key_pair()
    user, short_id = str(uuid.uuid4()), secrets.token_hex(4)
    certificate = issue(room.folder)
    site = await room.program("reality-site", "site", str(certificate.cert), str(certificate.key), role="service")
    port, entrance = room.port(), Address(LOOPBACK, room.port())
    await _run(room, "reality-server", _server(port, site.port, user, private, short_id))
    relay = await room.relay("reality-relay", port, "tls")
    await _run(room, "reality-client", client_config(entrance.port, relay.port, user, public, short_id))
    note = f"Xray, destination site {SITE_NAME}"
    return [Tunnel("reality", entrance, udp=True, note=note, readings=lambda: relay.readings | site.readings)]


def key_pair() -> tuple[str, str]:
    """Return a private and a public X25519 key as Xray writes them."""
    private = X25519PrivateKey.generate()
    return _written(private.private_bytes_raw()), _written(private.public_key().public_bytes_raw())


def client_config(entrance: int, server: int, user: str, public: str, short_id: str) -> dict[str, Any]:
    """Return the configuration of a client with a SOCKS5 entrance."""
    account = {"id": user, "encryption": "none", "flow": _FLOW}
    reality = {"fingerprint": "chrome", "serverName": SITE_NAME, "publicKey": public, "shortId": short_id}
    outbound = {
        "protocol": "vless",
        "settings": {"vnext": [{"address": LOOPBACK, "port": server, "users": [account]}]},
        "streamSettings": {"network": "raw", "security": "reality", "realitySettings": reality},
    }
    inbound = {
        "listen": LOOPBACK,
        "port": entrance,
        "protocol": "socks",
        "settings": {"udp": True, "auth": "noauth"},
    }
    return {"log": _LOG, "inbounds": [inbound], "outbounds": [outbound]}


def _server(port: int, site: int, user: str, private: str, short_id: str) -> dict[str, Any]:
    reality = {
        "dest": f"{LOOPBACK}:{site}",
        "serverNames": [SITE_NAME],
        "privateKey": private,
        "shortIds": [short_id],
    }
    inbound = {
        "listen": LOOPBACK,
        "port": port,
        "protocol": "vless",
        "settings": {"clients": [{"id": user, "flow": _FLOW}], "decryption": "none"},
        "streamSettings": {"network": "raw", "security": "reality", "realitySettings": reality},
    }
    return {"log": _LOG, "inbounds": [inbound], "outbounds": [_LEAVE]}


def _written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


async def _run(room: Room, name: str, config: dict[str, Any]) -> None:
    await room.spawn(name, xray(room.write(f"{name}.json", config)))
