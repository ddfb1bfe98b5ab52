"""What a report is told of each run."""

from collections.abc import Mapping
from typing import Any

import msgspec

from stresstui.core.run.fold import RunState
from stresstui.fleet.verdict import BoxRun


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A run of the fleet, for its reports."""

    run: BoxRun
    """How it came out."""
    state: RunState | None = None
    """The run as folded; None where nothing is known of it."""
    labels: Mapping[str, Any] = {}
    """Labels of its box."""
