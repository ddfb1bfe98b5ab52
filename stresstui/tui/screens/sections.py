"""What the help tells of a run's screen: every key by where it works, the signs, and how the run is measured."""

from collections.abc import Iterable

from textual.app import App

from stresstui.core.run.fold import RunState
from stresstui.core.run.measuring import measuring
from stresstui.tui.draw.glyphs import Glyphs
from stresstui.tui.panes.detail import Detail
from stresstui.tui.panes.output import OutputPane
from stresstui.tui.panes.vital_chart import VitalChart
from stresstui.tui.screens.help import Keys, keys_of, legend
from stresstui.tui.screens.monitor import MonitorScreen
from stresstui.tui.screens.zoom import ZoomScreen
from stresstui.tui.widgets.listing import Listing


def sections_of(
    app: type[App[str]], run: RunState, glyphs: Glyphs, *, without: Iterable[str] = ()
) -> dict[str, list[Keys]]:
    """The sections by their headings; ``without`` names actions that the app does not offer."""
    return {
        "Everywhere": [*keys_of(app, without=without), ("ctrl+p", "Every action by name: the palette")],
        "The screen": [*keys_of(MonitorScreen), ("tab shift+tab", "Next pane, the one before")],
        "A list": keys_of(Listing),
        "The output": keys_of(OutputPane),
        "Zoomed: any pane": keys_of(ZoomScreen),
        "Zoomed: a chart": keys_of(VitalChart),
        "Zoomed: a criterion, an event": keys_of(Detail),
        "What the signs mean": legend(glyphs),
        "How it is measured just now": measuring(run),
    }
