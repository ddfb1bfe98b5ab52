"""One module per protocol: ``serve`` starts its servers in a testbed, ``join`` its clients, by what those tell them."""

from stresstui.lab.protocols import ech, hysteria, plain, quic, reality, ssh, tuic
from stresstui.lab.testbed.ends import Ends
from stresstui.lab.testbed.testbed import Build

ENDS: dict[str, Ends] = {
    "ech": Ends(ech.serve, ech.join),
    "hysteria": Ends(hysteria.serve, quic.join),
    "hysteria1": Ends(hysteria.serve_1, quic.join),
    "hysteria2": Ends(hysteria.serve_2, quic.join),
    "plain": Ends(plain.serve, plain.join),
    "reality": Ends(reality.serve, reality.join),
    "ssh": Ends(ssh.serve, ssh.join),
    "tuic": Ends(tuic.serve, quic.join),
}
"""The two ends of every protocol, which may be on two boxes."""
PROTOCOLS: dict[str, Build] = {name: ends.build for name, ends in ENDS.items()}
"""Every protocol of the lab by the name that its command line takes."""
