"""One module per protocol; each has a ``build`` that sets it up in a room and returns its tunnels."""

from stresstui.lab.protocols import ech, plain
from stresstui.lab.room import Build

PROTOCOLS: dict[str, Build] = {
    "ech": ech.build,
    "plain": plain.build,
}
"""Every protocol of the lab by the name that its command line takes."""
