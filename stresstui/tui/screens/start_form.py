"""The form that starts a scenario: it shows the exact command before anything is run."""

import shlex

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from stresstui.tui.draw.offers import ScenarioOffer

_FIELDS = (("duration", "--duration"), ("runner", "--runner"))


class StartForm(ModalScreen[tuple[str, ...]]):
    """Asks for the few things that change from run to run; gives the arguments, or none."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("escape", "dismiss(())", "Back"),
        Binding("down", "app.focus_next", "Next field", show=False),
        Binding("up", "app.focus_previous", "Field before", show=False),
    ]

    def __init__(self, scenario: ScenarioOffer) -> None:
        super().__init__()
        self._scenario = scenario

    def compose(self) -> ComposeResult:
        """A line for each field, and the command."""
        scenario = self._scenario
        with Vertical(classes="dialog"):
            yield Static(f"Start {scenario.name}: {scenario.title}", markup=False)
            yield Input(id="duration", compact=True, placeholder=f"duration, such as 20m  [{scenario.duration}]")
            yield Input(id="runner", compact=True, placeholder=f"runner: {', '.join(scenario.runners)}  [what fits]")
            yield Input(id="more", compact=True, placeholder="more options, such as --inject leak-fds=1/10s")
            yield Static("", id="command", markup=False)
            yield Static("enter starts it, tab goes on, esc goes back", markup=False)

    def on_mount(self) -> None:
        """Show the command as it is without any choice."""
        self._say()

    @property
    def arguments(self) -> tuple[str, ...]:
        """What would be run; raises ValueError where quotes do not close."""
        made = ["run", self._scenario.name]
        for field, option in _FIELDS:
            value = self.query_one(f"#{field}", Input).value.strip()
            made += [option, value] if value else []
        return (*made, *shlex.split(self.query_one("#more", Input).value))

    def _say(self) -> bool:
        command = self.query_one("#command", Static)
        try:
            command.update(f"$ stresstui {shlex.join(self.arguments)}")
        except ValueError as error:
            command.update(f"more options: {error}")
            return False
        return True

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show the command as it would be."""
        event.stop()
        self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Start it."""
        event.stop()
        if self._say():
            self.dismiss(self.arguments)
