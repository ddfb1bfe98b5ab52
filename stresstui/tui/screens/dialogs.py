"""Questions: how to leave, whether to stop, and what to note."""

from typing import Final

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

LEAVE: Final = "detach"
"""Leave; the run goes on."""
STOP: Final = "stop"
"""End the run."""
STAY: Final = "stay"
"""Back to the screen."""


PERF: Final = "perf"
"""Where CPU time goes."""
HEAP: Final = "heap"
"""What Go programs hold."""
STACKS: Final = "stacks"
"""Where threads are."""
FDS: Final = "fds"
"""What is open."""
KEYED: Final = {"d": LEAVE, "s": STOP, "p": PERF, "g": HEAP, "w": STACKS, "f": FDS}
"""Answers by their keys, which count where the question has them."""


class ChoiceScreen(ModalScreen[str]):
    """A question with a few answers; the first is what enter gives."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("escape", "answer('stay')", "Back"),
        *(Binding(key, f"answer('{answer}')", show=False) for key, answer in KEYED.items()),
        Binding("j", "move('down')", "Down", show=False),
        Binding("k", "move('up')", "Up", show=False),
    ]

    def __init__(self, question: str, answers: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self._question, self._answers = question, answers

    def compose(self) -> ComposeResult:
        """The question and its answers."""
        with Vertical(classes="dialog"):
            yield Static(self._question, markup=False)
            yield OptionList(*(Option(text, id=answer) for answer, text in self._answers), compact=True, markup=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Give the answer."""
        self.dismiss(event.option_id)

    def action_answer(self, answer: str) -> None:
        """Give an answer by its key, where the question has it."""
        if any(answer == known for known, _ in self._answers):
            self.dismiss(answer)

    def action_move(self, way: str) -> None:
        """Move between the answers."""
        options = self.query_one(OptionList)
        if way == "down":
            options.action_cursor_down()
        else:
            options.action_cursor_up()


def leave_question() -> ChoiceScreen:
    """Ask how to leave a live run."""
    return ChoiceScreen(
        "Leave the screen?",
        (
            (LEAVE, "Detach: the run goes on (d)"),
            (STOP, "Stop the run and leave (s)"),
            (STAY, "Stay (esc)"),
        ),
    )


def stop_question() -> ChoiceScreen:
    """Ask whether a run is to end; not to is the first answer."""
    return ChoiceScreen(
        "Stop the run? It ends as aborted.",
        (
            (STAY, "Let it run (esc)"),
            (STOP, "Stop the run (s)"),
        ),
    )


def investigate_question() -> ChoiceScreen:
    """Ask what of the processes is to be looked into."""
    return ChoiceScreen(
        "Look into the run's processes? What slows them is left out of the criteria.",
        (
            (FDS, "Open descriptors, by kind, state and peer (f)"),
            (STACKS, "Where threads wait (w)"),
            (HEAP, "Go: who holds memory and goroutines (g)"),
            (PERF, "Where CPU time goes: perf for 30 s (p)"),
            (STAY, "Back (esc)"),
        ),
    )


class LineScreen(ModalScreen[str]):
    """Asks for a line."""

    BINDINGS = [Binding("escape", "dismiss('')", "Back")]  # noqa: RUF012 - Textual's own way to declare keys
    QUESTION = ""

    def compose(self) -> ComposeResult:
        """A line to type in."""
        with Vertical(classes="dialog"):
            yield Static(self.QUESTION, markup=False)
            yield Input(compact=True, max_length=500)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the text."""
        self.dismiss(event.value.strip())


class NoteScreen(LineScreen):
    """Asks for a note."""

    QUESTION = "Note, for the journal and the report (enter writes it, esc does not)"


class GoToScreen(LineScreen):
    """Asks for a time of the run."""

    QUESTION = "Go to which time of the run? 1:02:03, 90s or 1h30m (esc stays)"
