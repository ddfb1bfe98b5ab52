"""What every screen can do: show a View."""

from typing import Protocol, runtime_checkable

from stresstui.tui.draw.view import View


@runtime_checkable
class Drawable(Protocol):
    """A screen that shows a run."""

    def draw(self, view: View) -> None:
        """Show a view."""
        ...
