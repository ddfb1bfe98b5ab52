"""Every fault of a run, really caused, one after the other, and the table of what became of it.

Run it by hand, as root, in the project's folder: ``python -m tests.bench.faults [--long] [NAME...]``. It takes about
ten minutes, with ``--long`` half an hour. It loads nothing but loopback, and leaves nothing behind.
"""

import sys
import time
import traceback

from tests.bench.faults import clients, endings, machine, printed, recorded, screens, viewers
from tests.bench.faults.register import FAULTS, Fault
from tests.bench.faults.stage import Row, stage

MODULES = (viewers, recorded, endings, screens, clients, printed, machine)


def cause(fault: Fault) -> Row:
    """Cause one on a stage of its own; one that fails is a row as well."""
    try:
        with stage() as here:
            return fault.cause(here)
    except Exception as error:  # noqa: BLE001 - the others are to be caused all the same
        traceback.print_exc()
        return Row(None, None, "NOT SHOWN", f"{type(error).__name__}: {error}")


def line(fault: Fault, row: Row) -> str:
    """A line of the table."""
    counts = ["-" if count is None else str(count) for count in (row.samples_lost, row.lines_lost)]
    test = fault.test or f"faults {fault.name}"
    cells = (fault.caused, test, *counts, row.outcome, row.message[:160])
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def main() -> None:
    """Cause those that were named, or all."""
    names = [word for word in sys.argv[1:] if not word.startswith("-")]
    chosen = [fault for fault in FAULTS if (fault.name in names if names else "--long" in sys.argv or not fault.long)]
    sys.stdout.write("| fault, and how it is caused | held by | samples lost | lines lost | outcome | message |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for fault in chosen:
        began = time.monotonic()
        row = cause(fault)
        sys.stdout.write(line(fault, row) + "\n")
        sys.stdout.flush()
        sys.stderr.write(f"{fault.name}: {time.monotonic() - began:.0f} s\n")


if __name__ == "__main__":
    main()
