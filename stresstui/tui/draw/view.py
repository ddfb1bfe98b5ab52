"""A View: what one drawing of the screen shows, and with what."""

import msgspec

from stresstui.core.run.fold import RunState
from stresstui.tui.draw.ink import Ink


class Playing(msgspec.Struct, frozen=True):
    """Where a replay is."""

    t: float
    """Seconds from the start of the run."""
    length: float
    """Seconds of the whole run."""
    speed: float
    """Seconds of the run in one of the clock."""
    paused: bool
    """True while it stands."""
    breaches: tuple[float, ...]
    """When criteria were breached, seconds, in order."""


class View(msgspec.Struct, frozen=True):
    """A run, and how this screen follows it."""

    run: RunState
    """The run as folded so far; not to be changed by whoever draws it."""
    ink: Ink
    """Styles and glyphs to draw with."""
    reading: int | None = None
    """Events read so far while the screen catches up with a long journal; None when it is live."""
    paused: int | None = None
    """Samples that came since the view was paused; None when it is not."""
    silent_s: float | None = None
    """Seconds without news from the run, where that is longer than it should be."""
    lost: bool = False
    """True when the supervisor died before the run had ended."""
    message: str = ""
    """What the screen has to say of itself, such as a note that could not be written."""
    report: str = ""
    """Path of the run's report; empty where there is none yet."""
    slow_link: float | None = None
    """Bytes a second of the terminal's link, where that is slow; None where it is not."""
    playing: Playing | None = None
    """Where the replay is; None for a live run."""
