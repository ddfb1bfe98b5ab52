"""One module per protocol; each has a ``build`` that sets it up in a testbed and returns its tunnels."""

from stresstui.lab.protocols import ech, hysteria, plain, reality, ssh, tuic
from stresstui.lab.testbed.testbed import Build

PROTOCOLS: dict[str, Build] = {
    "ech": ech.build,
    "hysteria": hysteria.build,
    "hysteria1": hysteria.build_1,
    "hysteria2": hysteria.build_2,
    "plain": plain.build,
    "reality": reality.build,
    "ssh": ssh.build,
    "tuic": tuic.build,
}
"""Every protocol of the lab by the name that its command line takes."""
