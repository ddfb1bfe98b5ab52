"""``python -m stresstui.lab NAME``: a real protocol stack on loopback, under load; see ``--help``."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

import click

from stresstui.lab import quantity
from stresstui.lab.binaries import MissingError, require
from stresstui.lab.profiles import PROFILES, adapted

NAMES = ("ech", "plain")


def _written(read: Callable[[str], float]) -> Callable[[str], float]:
    def convert(text: str) -> float:
        try:
            return read(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error

    convert.__name__ = read.__name__
    return convert


SIZE = _written(quantity.size)
TIME = _written(quantity.seconds)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("protocol", type=click.Choice(NAMES))
@click.option("--profile", type=click.Choice(list(PROFILES)), default="steady", show_default=True)
@click.option("--rate", type=click.FloatRange(min=0), help="Short connections per second.")
@click.option("--concurrency", type=click.IntRange(min=1), help="Most short connections at once.")
@click.option("--payload", type=SIZE, help="Bytes that a short connection echoes, for example 64KiB.")
@click.option("--close", type=click.Choice(["fin", "rst"]), default="fin", show_default=True)
@click.option("--duration", type=TIME, help="Time under load, for example 60s; without it, until told to stop.")
@click.option("--cool-down", type=TIME, default="0s", show_default=True, help="Time idle after --duration.")
@click.option("--max-duration", type=TIME, default="25h", show_default=True, help="The run ends after this.")
@click.option("--interval", type=TIME, default="1s", show_default=True, help="Time between metrics lines.")
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
        print(f"stresstui lab: {error}", file=sys.stderr)
        sys.exit(4)
    shape = ("rate", "concurrency", "payload", "close", "seed", "duration")
    plan = adapted(PROFILES[profile], **{name: given[name] for name in shape})
    times = ("duration", "cool_down", "max_duration", "interval")
    options = session.Options(protocol, plan, **{name: given[name] for name in times})
    sys.exit(session.run(options))


if __name__ == "__main__":
    main()
