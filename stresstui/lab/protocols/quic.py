"""What Hysteria v1, Hysteria v2 and TUIC have in common: sing-box at both ends, QUIC, a certificate, and stalls."""

from stresstui.lab.drills.stall_recovery import StallDrill
from stresstui.lab.stacks import singbox
from stresstui.lab.stacks.singbox import Settings
from stresstui.lab.testbed.certs import Certificate
from stresstui.lab.testbed.ends import Invitation
from stresstui.lab.testbed.ports import free_port
from stresstui.lab.testbed.testbed import DATAGRAMS, Testbed
from stresstui.lab.testbed.tunnel import Tunnel


async def serve(
    testbed: Testbed, name: str, kind: str, *, alpn: str, certificate: Certificate, server: Settings, client: Settings
) -> Invitation:
    """Start the server of one QUIC protocol; raises LabStartError or MissingError."""
    port = free_port()
    tls = {"enabled": True, "certificate_path": str(certificate.cert), "key_path": str(certificate.key), "alpn": [alpn]}
    await singbox.server(testbed, f"{name}-server", singbox.listening(kind, port, tls=tls, **server))
    keys = {"kind": kind, "alpn": alpn, "certificate": certificate.cert.read_text(), "client": client}
    return Invitation(name, port, DATAGRAMS, keys)


async def join(testbed: Testbed, invitation: Invitation) -> Tunnel:
    """Start a relay and a client; raises LabStartError or MissingError."""
    name, keys = invitation.name, invitation.keys
    certificate = testbed.workspace.write_text(f"{name}-client.pem", keys["certificate"])
    tls = {
        "enabled": True,
        "certificate_path": str(certificate),
        "alpn": [keys["alpn"]],
        "server_name": "localhost",
    }
    relay = await testbed.start_relay(f"{name}-relay", invitation.address, invitation.watch)
    outbound = singbox.dialling(keys["kind"], relay.port, tls=tls, **keys["client"])
    entrance = await singbox.client(testbed, f"{name}-client", outbound)
    stalls = StallDrill(name, testbed.schedule, relay.say)
    readings = lambda: relay.readings | stalls.readings()  # noqa: E731 - asked again and again
    return Tunnel(name, entrance, udp=True, readings=readings, drills=(stalls.run,), relay=relay)
