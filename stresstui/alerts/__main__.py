"""``python -m stresstui.alerts RUN_DIR CONFIG``: the process that sends the alerts of one run."""

import asyncio
import sys
from pathlib import Path

from stresstui.alerts.follow import follow
from stresstui.alerts.settings import AlertError, read_alerts


def main(argv: list[str]) -> int:
    """Follow the run; 2 where the configuration cannot be used."""
    run_dir, config = Path(argv[1]), Path(argv[2])
    try:
        alerts = read_alerts(config)
    except AlertError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(follow(run_dir, alerts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
