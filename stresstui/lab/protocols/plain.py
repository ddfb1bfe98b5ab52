"""Plain TCP and UDP: a SOCKS client before a SOCKS server, so that there is a system under test without a protocol."""

from stresstui.lab.stacks import singbox
from stresstui.lab.testbed.testbed import Room, Tunnel


async def build(room: Room) -> list[Tunnel]:
    """Start both proxies; raises StartError or MissingError."""
    port = room.port()
    await singbox.server(room, "plain-server", singbox.listening("socks", port))
    relay = await room.relay("plain-relay", port, "raw")
    entrance = await singbox.client(room, "plain-client", singbox.dialling("socks", relay.port, version="5"))
    note = "SOCKS to SOCKS, no encryption"
    return [Tunnel("plain", entrance, udp=True, note=note, readings=lambda: relay.readings)]
