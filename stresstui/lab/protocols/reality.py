"""REALITY: Xray with vision at both ends, hidden behind a local TLS 1.3 site that answers everyone without the key.

A second client multiplexes its streams, so that reuse of connections can be seen; visitors with right and wrong keys,
without a key, and led to the wrong server show who is let in and which certificate is believed.
"""

import base64
import secrets
import uuid
from dataclasses import asdict, dataclass, replace

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from stresstui.lab.drills.auth_probe import SiteVisitor, Tunneller, Visit, Visitors
from stresstui.lab.net.socks import Address
from stresstui.lab.stacks import xraycore
from stresstui.lab.stacks.xraycore import SITE_NAME, Account
from stresstui.lab.testbed.certs import Certificate, issue
from stresstui.lab.testbed.crew import HelperProgram
from stresstui.lab.testbed.ends import Invitation, ServerEnd, both
from stresstui.lab.testbed.ports import LOOPBACK, free_port
from stresstui.lab.testbed.testbed import Testbed
from stresstui.lab.testbed.tunnel import Tunnel


@dataclass(frozen=True, slots=True)
class RealityVariant:
    """Which tunnel is built; the other values are negative controls."""

    multiplexed: bool = True
    """Whether the second client multiplexes."""
    impostor_has_key: bool = False
    """Whether the visitor who should be refused has the right key after all."""
    astray: bool = True
    """Whether the visitor who is to be led to the wrong server really is."""
    known_site: bool = True
    """Whether the site shows the certificate that its visitors know."""


async def serve(testbed: Testbed) -> ServerEnd:
    """Start site, server and visitors; raises LabStartError or MissingError."""
    return await serve_with(testbed, RealityVariant())


async def build(testbed: Testbed) -> list[Tunnel]:
    """Start site, server, relays and clients; raises LabStartError or MissingError."""
    return await build_with(testbed, RealityVariant())


async def build_with(testbed: Testbed, variant: RealityVariant) -> list[Tunnel]:
    """Start both ends of one variant; raises LabStartError or MissingError."""
    return await both(testbed, await serve_with(testbed, variant), join)


async def serve_with(testbed: Testbed, variant: RealityVariant) -> ServerEnd:
    """Start the server of one variant; raises LabStartError or MissingError."""
    private, public = key_pair()
    account = Account(str(uuid.uuid4()), public, secrets.token_hex(4))
    other = replace(account, user=str(uuid.uuid4()), vision=False)
    certificate = issue(testbed.workspace.folder)
    site = await testbed.crew.start_helper(
        "reality-site", "servers.https_site", str(certificate.cert), str(certificate.key), role="service"
    )
    port = free_port()
    config = xraycore.server_config(port, site.port, private, account, other, only_to=testbed.only_to)
    await xraycore.run(testbed, "reality-server", config)
    end = ServerEnd(
        [
            Invitation("reality", port, ("tls",), {"account": asdict(account), "multiplexed": False}),
            Invitation(
                "mux", port, ("tls",), {"account": asdict(other), "multiplexed": variant.multiplexed}, side=True
            ),
        ],
        note=f"Xray, destination site {SITE_NAME}",
    )
    if testbed.lead_to is None:
        visitors = await _visitors(
            testbed, Address(LOOPBACK, port), site, certificate=certificate, account=account, variant=variant
        )
        end.readings, end.drills = lambda: {**site.readings, **visitors.readings()}, (visitors.run,)
    return end


async def join(testbed: Testbed, invitation: Invitation) -> Tunnel:
    """Start a relay and a client; raises LabStartError or MissingError."""
    name, account = invitation.name, Account(**invitation.keys["account"])
    relay = await testbed.start_relay(f"{name}-relay", invitation.address, invitation.watch)
    entrance = Address(LOOPBACK, free_port())
    way = xraycore.way(entrance, relay.port, account, multiplexed=invitation.keys["multiplexed"])
    if testbed.lead_to is not None:
        way["inbounds"].append(xraycore.door(testbed.open_door(entrance).port, testbed.lead_to))
    await xraycore.run(testbed, f"{name}-client", xraycore.client_config(way))
    side = invitation.side
    return Tunnel(name, entrance, udp=not side, readings=lambda: relay.readings, side=side, relay=relay)


async def _visitors(
    testbed: Testbed,
    server: Address,
    site: HelperProgram,
    *,
    certificate: Certificate,
    account: Account,
    variant: RealityVariant,
) -> Visitors:
    """Start one client with a way for each kind of visitor; none passes a relay, so the load's counts stay its own."""
    wrong = account if variant.impostor_has_key else replace(account, public=key_pair()[1])
    known = certificate if variant.known_site else issue(testbed.workspace.folder, "elsewhere.example")
    right, impostor, astray = (Address(LOOPBACK, free_port()) for _ in range(3))
    ways = (
        xraycore.way(right, server.port, account),
        xraycore.way(impostor, server.port, wrong),
        xraycore.way(astray, site.port if variant.astray else server.port, account),
    )
    await xraycore.run(testbed, "reality-visitors", xraycore.client_config(*ways), judged=False)
    key, bond = "auth_wrong_decisions_total", "certificate_wrong_decisions_total"
    public = SiteVisitor(server, SITE_NAME, known.cert)
    visits = (
        Visit(Tunneller(right, testbed.target).knock, welcome=True, right="right_key_accepts_total", wrong=key),
        Visit(Tunneller(impostor, testbed.target).knock, welcome=False, right="wrong_key_refusals_total", wrong=key),
        Visit(public.knock, welcome=True, right="visitors_served_total", wrong=bond),
        Visit(Tunneller(astray, testbed.target).knock, welcome=False, right="certificate_refusals_total", wrong=bond),
    )
    return Visitors(testbed.schedule, visits)


def key_pair() -> tuple[str, str]:
    """Return a private and a public X25519 key as Xray writes them."""
    private = X25519PrivateKey.generate()
    return _written(private.private_bytes_raw()), _written(private.public_key().public_bytes_raw())


def _written(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode().rstrip("=")
