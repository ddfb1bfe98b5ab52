"""Where the runs of a fleet answer scrapes, as a file that Prometheus reads (``file_sd``), kept true meanwhile."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from stresstui.files import write_whole
from stresstui.fleet.matrix.inventory import Box, metrics_address
from stresstui.fleet.record import FleetRecord, FleetRun, State

LINGER_S: Final = 45.0
"""Seconds that the target of an ended run stays listed: it answers for a minute, and how it ended is to be scraped."""
_READABLE: Final = 0o644
"""Prometheus is a user of its own; there is no secret in it."""
_OTHER: Final = re.compile(r"[^a-zA-Z0-9_]")


def next_target(box: Box, runs: Sequence[FleetRun]) -> str:
    """Where a run that begins on a box is to answer: at the first port of no other run; empty = nowhere."""
    if not box.metrics:
        return ""
    host, port = metrics_address(box)
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    taken = {run.target for run in runs if run.box == box.name and not run.over}
    return next(one for number in range(port, 65536) if (one := f"{host}:{number}") not in taken)


def targets_of(record: FleetRecord, ended: Sequence[int] = ()) -> list[dict[str, Any]]:
    """The targets of the runs that are on, and of those that ended just now, by their places in the record.

    While any is on, of those that were lost too: that nobody answers there is what an alert is made of.
    """
    labels = {box.name: box.labels for box in record.inventory.box}
    on = any(not run.over for run in record.runs)
    return [
        {"targets": [run.target], "labels": {**_labels(labels[run.box]), "box": run.box, "fleet": record.name}}
        for index, run in enumerate(record.runs)
        if run.target
        and run.directory
        and (not run.over or (on and run.state is State.LOST) or (index in ended and run.state is State.ENDED))
    ]


def _labels(given: Mapping[str, Any]) -> dict[str, str]:
    """A box's labels under names that none of the run's own has."""
    return {f"box_{_OTHER.sub('_', name)}": str(value) for name, value in given.items()}


def write_targets(record: FleetRecord, ended: Sequence[int] = ()) -> None:
    """Write the file that the inventory names, whole or not at all; raises OSError."""
    if record.inventory.targets:
        found = msgspec.json.format(msgspec.json.encode(targets_of(record, ended)))
        write_whole(Path(record.inventory.targets).expanduser(), found, durable=False, mode=_READABLE)
