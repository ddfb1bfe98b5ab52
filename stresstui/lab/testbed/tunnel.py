"""A tunnel: what a protocol has built, where traffic goes in, and what it can tell about itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stresstui.lab.net.socks import Address
from stresstui.lab.testbed.crew import HelperProgram
from stresstui.lab.testbed.schedule import Drill

Readings = Callable[[], Mapping[str, float]]
"""Gives metrics, whenever it is asked."""


@dataclass(slots=True)
class Tunnel:
    """What a protocol has built: where traffic goes in, and what it can tell about itself."""

    name: str
    """Short name, the prefix of its metrics where a run has several tunnels."""
    entrance: Address
    """The client proxy's SOCKS5 address."""
    udp: bool = False
    """Whether it relays UDP."""
    note: str = ""
    """What a person should know, said when it is ready."""
    readings: Readings = dict
    """Its own metrics, read once per interval."""
    side: bool = False
    """Whether it carries only a small part of the load, to show one thing; its counts are part of the others'."""
    drills: tuple[Drill, ...] = ()
    """What goes on beside its load."""
    relay: HelperProgram | None = None
    """The relay on its wire."""
