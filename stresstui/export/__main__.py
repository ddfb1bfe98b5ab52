"""``python -m stresstui.export RUN_DIR ADDRESS``: the process that answers scrapes of one run."""

import asyncio
import sys
from pathlib import Path

from stresstui.export.serve import AddressError, parse_address, serve


def main(argv: list[str]) -> int:
    """Serve the run until it has ended; 4 where the address is taken."""
    try:
        asyncio.run(serve(Path(argv[1]), parse_address(argv[2])))
    except AddressError as error:
        sys.stderr.write(f"stresstui: {error}\n")
        return 4
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
