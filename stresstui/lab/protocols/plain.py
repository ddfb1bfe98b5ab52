"""Plain TCP and UDP: a SOCKS client before a SOCKS server, so that there is a system under test without a protocol."""

from stresstui.lab.net.socks import Address
from stresstui.lab.stacks import singbox
from stresstui.lab.testbed.ports import LOOPBACK, free_port
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel


async def build(testbed: Testbed) -> list[Tunnel]:
    """Start both proxies; raises LabStartError or MissingError."""
    port = free_port()
    await singbox.server(testbed, "plain-server", singbox.listening("socks", port))
    relay = await testbed.start_relay("plain-relay", Address(LOOPBACK, port), ("raw",))
    entrance = await singbox.client(testbed, "plain-client", singbox.dialling("socks", relay.port, version="5"))
    note = "SOCKS to SOCKS, no encryption"
    return [Tunnel("plain", entrance, udp=True, note=note, readings=lambda: relay.readings)]
