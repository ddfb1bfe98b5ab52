"""``python -m stresstui.lab NAME``: a real protocol stack on loopback, under load; see ``--help``."""

import sys
from importlib import import_module
from typing import Any

import click

from stresstui.core.units import UnitError, parse_duration, parse_quantity
from stresstui.lab.binaries import MissingError, require
from stresstui.lab.contract import declare
from stresstui.lab.faults import EXAMPLES, Fault, FaultError, parse_fault
from stresstui.lab.profiles import PROFILES, adapted
from stresstui.lab.schedule import Schedule

NAMES = ("ech", "hysteria", "hysteria1", "hysteria2", "plain", "reality", "ssh", "tuic")
"""The protocols, known here without loading them."""


class FaultType(click.ParamType[Fault]):
    """A fault such as leak-memory=1MiB/min."""

    name = "fault"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fault:
        """Read the fault; a mistake is a usage error."""
        if isinstance(value, Fault):
            return value
        try:
            return parse_fault(str(value))
        except FaultError as error:
            self.fail(str(error), param, ctx)


FAULT = FaultType()
"""The type of ``--inject``."""


def _size(text: str) -> int:
    try:
        quantity = parse_quantity(text)
    except UnitError as error:
        raise click.BadParameter(str(error)) from error
    if quantity.dimension not in {"bytes", "count"} or quantity.value < 0:
        raise click.BadParameter(f"{text!r} is not a size; write one such as 64KiB or 4096")
    return round(quantity.value)


def _time(text: str) -> float:
    try:
        return parse_duration(text)
    except UnitError as error:
        raise click.BadParameter(str(error)) from error


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("protocol", type=click.Choice(NAMES))
@click.option("--profile", type=click.Choice(list(PROFILES)), default="steady", show_default=True)
@click.option("--rate", type=click.FloatRange(min=0), help="Short connections per second.")
@click.option("--concurrency", type=click.IntRange(min=1), help="Most short connections at once.")
@click.option("--payload", type=_size, help="Bytes that a short connection echoes, for example 64KiB.")
@click.option("--throughput", type=_size, help="Bytes per second of the long-lived connections; 0: unpaced.")
@click.option("--flows", type=click.IntRange(min=0), help="Long-lived connections.")
@click.option("--close", type=click.Choice(["fin", "rst"]), default="fin", show_default=True)
@click.option("--duration", type=_time, help="Time under load, for example 60s; without it, until told to stop.")
@click.option("--cool-down", type=_time, default="0s", show_default=True, help="Time idle after --duration.")
@click.option("--max-duration", type=_time, default="25h", show_default=True, help="The run ends after this.")
@click.option("--interval", type=_time, default="1s", show_default=True, help="Time between metrics lines.")
@click.option("--restarts", type=click.IntRange(min=0), default=0, help="Start a proxy that died again, so often.")
@click.option(
    "--inject", type=FAULT, multiple=True, metavar="FAULT", help=f"Go wrong on purpose: {', '.join(EXAMPLES.values())}."
)
@click.option("--settle", type=_time, default="3s", show_default=True, help="Time idle between ready and the load.")
@click.option("--rotate-every", type=_time, default="10m", show_default=True, help="Time between new ECH keys.")
@click.option(
    "--visit-every", type=_time, default="30s", show_default=True, help="Time between visits with wrong keys."
)
@click.option("--stall-every", type=_time, default="10m", show_default=True, help="Time between stalls of a QUIC wire.")
@click.option("--stall", type=_time, default="1s", show_default=True, help="Length of a stall.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of payloads and draws.")
def main(protocol: str, profile: str, **given: Any) -> None:
    """Load PROTOCOL's real proxies on loopback and report on standard output.

    SIGUSR1 stops the load and stays up idle; SIGTERM and SIGINT end the run. Exit codes: 0 ended as asked,
    1 a proxy died, 2 usage, 4 could not start.
    """
    try:
        require("uvloop", "hdrh", "cryptography")
        session = import_module("stresstui.lab.session")
    except MissingError as error:
        declare("failed", str(error))
        print(f"stresstui lab: {error}", file=sys.stderr)
        sys.exit(4)
    shape = ("rate", "concurrency", "payload", "throughput", "flows", "close", "seed", "duration")
    plan = adapted(PROFILES[profile], **{name: given[name] for name in shape})
    times = ("duration", "cool_down", "max_duration", "interval", "restarts", "settle")
    schedule = Schedule(**{name: given[name] for name in ("rotate_every", "visit_every", "stall_every", "stall")})
    options = session.Options(
        protocol, plan, faults=given["inject"], schedule=schedule, **{name: given[name] for name in times}
    )
    sys.exit(session.run(options))


if __name__ == "__main__":
    main()
