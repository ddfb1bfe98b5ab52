"""An app in one of our themes, on our terminal: what the monitor, the replay and the home screen share."""

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.events import Key
from textual.widgets import Input

from stresstui.tui.draw.glyphs import ASCII, Glyphs
from stresstui.tui.draw.ink import make_ink
from stresstui.tui.screens.dialogs import LineScreen
from stresstui.tui.themes import Palette, fitting_theme, load_palettes
from stresstui.tui.tty.driver import TerminalDriver
from stresstui.tui.tty.job import has_shell

Result = TypeVar("Result")


class ThemedApp(App[Result]):
    """An app whose colours come from palettes."""

    CSS_PATH = Path(__file__).with_name("app.tcss")  # a relative one is looked for beside the subclass
    TITLE = "stresstui"
    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("ctrl+z", "suspend_process", "To the shell, whose fg comes back here; a run goes on", show=False),
        Binding("ctrl+l", "draw_anew", "Draw the screen anew, over what others wrote on it", show=False),
    ]

    def __init__(
        self, *, theme: str | None = None, glyphs: Glyphs = ASCII, palettes: dict[str, Palette] | None = None
    ) -> None:
        """Take a theme by name, else the one that fits the terminal; raises ValueError for an unknown or broken one."""
        forced = os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0")
        colored = forced or not os.environ.get("NO_COLOR")
        driver = None if os.environ.get("TEXTUAL_DRIVER") else TerminalDriver  # a browser's driver is its own
        super().__init__(driver_class=driver, ansi_color=None if colored else True)
        self._colored, self._glyphs = colored, glyphs
        self._palettes = palettes or load_palettes()
        name = theme or fitting_theme(os.environ)
        if name not in self._palettes:
            raise ValueError(f"unknown theme '{name}'; known are {', '.join(sorted(self._palettes))}")
        for palette in self._palettes.values():
            self.register_theme(palette.theme())
        self._take(name)
        self.theme = name

    def _take(self, name: str) -> None:
        self._ink = make_ink(self._palettes[name], self._glyphs, colored=self._colored)

    def follow_theme(self) -> None:
        """Draw in whatever theme is taken from now on."""
        self.theme_changed_signal.subscribe(self, lambda theme: self._use_theme(theme.name))

    def _use_theme(self, name: str) -> None:
        if name in self._palettes:
            self._take(name)
            self.redraw()

    def redraw(self) -> None:
        """Draw what is there in other colours."""

    def on_key(self, event: Key) -> None:
        """Give a line that has just opened what was typed for it while it did: elsewhere "d" of "needle" would detach.

        A line that has the keys keeps each character that it is sent, so one that comes here was on its way before.
        """
        again = Key(event.key, event.character)
        if event.is_printable and isinstance(self.focused, Input):
            event.prevent_default()
            self.focused.post_message(again)
        elif event.is_printable and isinstance(self.screen, LineScreen):  # which is about to take the keys
            event.prevent_default()
            self.call_later(self.post_message, again)

    def action_suspend_process(self) -> None:
        """Stop the screen and give the terminal to the shell that began it, where there is one."""
        if self._driver is not None and self._driver.can_suspend and has_shell():
            super().action_suspend_process()
        else:
            self.notify("there is no shell to go back to")

    def action_draw_anew(self) -> None:
        """Wipe the terminal and draw all of it: what ``wall`` or the kernel wrote there is known to nobody else."""
        if isinstance(self._driver, TerminalDriver):
            self._driver.draw_anew()

    def action_next_theme(self) -> None:
        """Take the next theme."""
        names = sorted(self._palettes)
        here = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(here + 1) % len(names)]

    def theme_commands(self) -> Iterable[SystemCommand]:
        """Each theme by its name, for the palette."""
        for name in sorted(self._palettes):
            yield SystemCommand(f"Theme: {name}", self._palettes[name].title, partial(setattr, self, "theme", name))
