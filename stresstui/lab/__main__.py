"""``python -m stresstui.lab NAME``: a real protocol stack on loopback, under load; see ``--help``."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from stresstui.core.model.fault import EXAMPLES, FaultError
from stresstui.core.model.lab_words import PROTOCOLS
from stresstui.core.model.units import UnitError, parse_duration, parse_quantity
from stresstui.itself import leave
from stresstui.lab.load.profiles import PROFILES, adapted
from stresstui.lab.net.socks import Address, parse_door
from stresstui.lab.options import Options
from stresstui.lab.process.announce import declare
from stresstui.lab.process.binaries import MissingError, require
from stresstui.lab.relay.faults.kinds import FaultSpec, parse_fault
from stresstui.lab.testbed.errors import LabStartError
from stresstui.lab.testbed.schedule import Schedule


class FaultType(click.ParamType[FaultSpec]):
    """A fault such as leak-memory=1MiB/min."""

    name = "fault"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> FaultSpec:
        """Read the fault; a mistake is a usage error."""
        if isinstance(value, FaultSpec):
            return value
        try:
            return parse_fault(str(value))
        except FaultError as error:
            self.fail(str(error), param, ctx)


FAULT = FaultType()
"""The type of ``--inject``."""


class AddressType(click.ParamType[Address]):
    """An address or a name at which other boxes come in, with or without a port."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Address:
        """Read the address; a mistake is a usage error."""
        try:
            return parse_door(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


ADDRESS = AddressType()
"""The type of ``--serve``."""


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


class RunByDefault(click.Group):
    """A group whose command ``run`` need not be said."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``run`` before what is no command."""
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group(cls=RunByDefault, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Real protocol stacks on loopback: under load ('run', which need not be said), or up for other programs."""


@main.command()
@click.argument("protocol", type=click.Choice(PROTOCOLS))
@click.option("--profile", type=click.Choice(list(PROFILES)), default="steady", show_default=True)
@click.option("--rate", type=click.FloatRange(min=0), help="Short connections per second.")
@click.option("--concurrency", type=click.IntRange(min=1), help="Most short connections at once.")
@click.option("--payload", type=_size, help="Bytes that a short connection echoes, for example 64KiB.")
@click.option("--throughput", type=_size, help="Bytes per second of the long-lived connections; 0: unpaced.")
@click.option("--flows", type=click.IntRange(min=0), help="Long-lived connections.")
@click.option(
    "--drivers",
    type=click.IntRange(min=1, max=64),
    help="Processes that make the load; by default what the rate asks for, up to half of the cores.",
)
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
@click.option(
    "--serve", type=ADDRESS, help="Only the servers, for clients on other boxes, at this address or name of here."
)
@click.option(
    "--invitation",
    type=click.Path(dir_okay=False, path_type=Path),
    help="What clients need: written with --serve, read without, where the servers are another box's.",
)
def run(protocol: str, profile: str, serve: Any, invitation: Path | None, **given: Any) -> None:
    """Load PROTOCOL's real proxies on loopback and report on standard output; or only one side, of two boxes.

    SIGUSR1 stops the load and stays up idle; SIGTERM and SIGINT end the run. Exit codes: 0 ended as asked,
    1 a proxy died, 2 usage, 4 could not start.
    """
    session, driven = _loaded("session"), _loaded("driven_load")
    shape = ("rate", "concurrency", "payload", "throughput", "flows", "close", "seed", "duration")
    plan = adapted(PROFILES[profile], **{name: given[name] for name in shape})
    times = ("duration", "cool_down", "max_duration", "interval", "restarts", "settle", "drivers")
    schedule = Schedule(**{name: given[name] for name in ("rotate_every", "visit_every", "stall_every", "stall")})
    options = Options(
        protocol, plan, faults=given["inject"], schedule=schedule, **{name: given[name] for name in times}
    )
    if serve is None and invitation is None:
        leave(session.run(options, driven.DrivenLoad()))
    leave(_run_part(session, options, serve, invitation))


def _run_part(session: Any, options: Options, serve: Any, invitation: Path | None) -> int:
    """Run one side of tunnels between two boxes."""
    if invitation is None:
        raise click.UsageError("--serve needs --invitation FILE, where what clients need is written")
    if serve is not None:
        return int(session.run(options, _loaded("server_part").LoadFromElsewhere(serve, invitation)))
    behind = next((fault.text for fault in options.faults if fault.after_tunnel), None)
    if behind is not None:
        raise click.UsageError(f"--inject {behind} goes wrong behind the servers; have the box with --serve do it")
    try:
        invitations = _loaded("testbed.ends").read_invitations(invitation)
    except LabStartError as error:
        declare("failed", str(error))
        return 4
    if invitations.protocol != options.protocol:
        raise click.UsageError(f"{invitation} invites to {invitations.protocol}, not to {options.protocol}")
    load = _loaded("invited_load").InvitedLoad(invitations)
    return int(session.run(options, load, load.build))


@main.command()
@click.argument("protocol", type=click.Choice(PROTOCOLS))
@click.option("--env", is_flag=True, help="Print a STRESSTUI_ENV line for each address.")
@click.option("--duration", type=_time, default="25h", show_default=True, help="Be down after this.")
@click.option("--interval", type=_time, default="1s", show_default=True, help="Time between metrics lines.")
@click.option("--restarts", type=click.IntRange(min=0), default=0, help="Start a proxy that died again, so often.")
@click.option("--inject", type=FAULT, multiple=True, metavar="FAULT", help="Go wrong on purpose; as with 'run'.")
def up(protocol: str, **given: Any) -> None:
    """Bring PROTOCOL's tunnel up with a plain TCP entrance that leads through it to an echo; stay until told to end.

    Whatever is sent to the address that the ready line names comes back through the tunnel. SIGTERM and SIGINT end
    it. Exit codes: 0 ended as asked, 1 a proxy died, 2 usage, 4 could not start.
    """
    session, service = _loaded("session"), _loaded("tunnel_service")
    times = {"max_duration": given["duration"], "interval": given["interval"], "restarts": given["restarts"]}
    options = Options(protocol, PROFILES["steady"], faults=given["inject"], env=given["env"], **times)
    leave(session.run(options, service.LoadOfOthers()))


def _loaded(module: str) -> Any:
    try:
        require("uvloop", "cryptography")
        return import_module(f"stresstui.lab.{module}")
    except MissingError as error:
        declare("failed", str(error))
        print(f"stresstui lab: {error}", file=sys.stderr)
        sys.exit(4)


if __name__ == "__main__":
    main()
