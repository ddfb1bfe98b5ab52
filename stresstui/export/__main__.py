"""``python -m stresstui.export RUN_DIR ADDRESS``: the process that answers scrapes of one run, or pushes it.

An address with ``http://`` or ``https://`` is a receiver of OTLP, any other is listened on.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

from stresstui.engine.control.client import ControlError, note


def main(argv: list[str]) -> int:
    """Serve or push the run until it has ended; 4 where the address is taken, which the run's journal says."""
    run_dir, address = Path(argv[1]), argv[2]
    try:
        if address.startswith(("http://", "https://")):
            from stresstui.export.otlp import push  # noqa: PLC0415 - an extra of its own

            push(run_dir, address)
            return 0
        return _serve(run_dir, address)
    except KeyboardInterrupt:
        return 130


def _serve(run_dir: Path, address: str) -> int:
    from stresstui.export.serve import AddressError, parse_address, serve  # noqa: PLC0415 - the other extra

    try:
        asyncio.run(serve(run_dir, parse_address(address)))
    except AddressError as error:
        with contextlib.suppress(ControlError):  # nobody reads what a process beside a run prints
            note(run_dir, f"no scrape of this run is answered: {error}", "export")
        return 4
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
