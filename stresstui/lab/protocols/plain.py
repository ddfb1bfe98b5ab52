"""Plain TCP and UDP: a SOCKS client before a SOCKS server, so that there is a system under test without a protocol.

Between two boxes the server wants a password, and datagrams go over TCP: an association's own port would be its box's.
"""

import secrets

from stresstui.lab.stacks import singbox
from stresstui.lab.testbed.ends import Ends, Invitation, ServerEnd
from stresstui.lab.testbed.ports import free_port
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel


async def serve(testbed: Testbed) -> ServerEnd:
    """Start the server; raises LabStartError or MissingError."""
    port = free_port()
    apart = bool(testbed.only_to)
    account = {"username": "lab", "password": secrets.token_urlsafe(16)} if apart else {}
    users = {"users": [account]} if apart else {}
    await singbox.server(testbed, "plain-server", singbox.listening("socks", port, **users))
    keys = {**account, **({"udp_over_tcp": True} if apart else {})}
    return ServerEnd([Invitation("plain", port, ("raw",), keys)], note="SOCKS to SOCKS, no encryption")


async def join(testbed: Testbed, invitation: Invitation) -> Tunnel:
    """Start a relay and a client; raises LabStartError or MissingError."""
    name = invitation.name
    relay = await testbed.start_relay(f"{name}-relay", invitation.address, invitation.watch)
    outbound = singbox.dialling("socks", relay.port, version="5", **invitation.keys)
    entrance = await singbox.client(testbed, f"{name}-client", outbound)
    return Tunnel(name, entrance, udp=True, readings=lambda: relay.readings, relay=relay)


async def build(testbed: Testbed) -> list[Tunnel]:
    """Start both ends; raises LabStartError or MissingError."""
    return await Ends(serve, join).build(testbed)
