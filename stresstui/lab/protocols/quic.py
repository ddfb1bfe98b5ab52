"""What Hysteria v1, Hysteria v2 and TUIC have in common: sing-box at both ends, QUIC, a certificate, and stalls."""

from stresstui.lab.drills.stall_recovery import StallDrill
from stresstui.lab.stacks import singbox
from stresstui.lab.stacks.singbox import Settings
from stresstui.lab.testbed.certs import Certificate
from stresstui.lab.testbed.ports import free_port
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel


async def build(
    testbed: Testbed, name: str, kind: str, *, alpn: str, certificate: Certificate, server: Settings, client: Settings
) -> Tunnel:
    """Start server, relay and client of one QUIC protocol; raises LabStartError or MissingError."""
    port = free_port()
    tls = {"enabled": True, "certificate_path": str(certificate.cert), "alpn": [alpn]}
    server_tls = {**tls, "key_path": str(certificate.key)}
    await singbox.server(testbed, f"{name}-server", singbox.listening(kind, port, tls=server_tls, **server))
    client_tls = {**tls, "server_name": "localhost"}
    relay = await testbed.crew.start_helper(f"{name}-relay", "relay.udp_relay", str(port))
    outbound = singbox.dialling(kind, relay.port, tls=client_tls, **client)
    entrance = await singbox.client(testbed, f"{name}-client", outbound)
    stalls = StallDrill(name, testbed.schedule, relay.say)
    return Tunnel(name, entrance, udp=True, readings=lambda: relay.readings | stalls.readings(), drills=(stalls.run,))
