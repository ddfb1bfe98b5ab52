"""The keys that move in whatever is longer than its pane."""

from typing import Final

from textual.binding import Binding, BindingType

_PAGE: Final = 10
_ALL: Final = 1_000_000


def list_keys(action: str, last: str = "Last") -> list[BindingType]:
    """Bindings to ``action`` with the rows to go; ``last`` says what the end is."""
    steps = (
        ("up,k", -1, "Up"),
        ("down,j", 1, "Down"),
        ("pageup", -_PAGE, "Page up"),
        ("pagedown", _PAGE, "Page down"),
        ("g,home", -_ALL, "First"),
        ("G,end", _ALL, last),
    )
    return [Binding(keys, f"{action}({by})", says, show=False) for keys, by, says in steps]
