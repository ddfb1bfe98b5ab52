"""Home: what there is to look at and to start; ``stresstui`` alone."""

import asyncio
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final

from rich.style import Style
from rich.text import Text
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stresstui.tui.draw.ink import Piece, pad
from stresstui.tui.draw.offers import CheckOffer, Offers, RunOffer, ScenarioOffer
from stresstui.tui.screens.help import HelpScreen, keys_of
from stresstui.tui.screens.start_form import StartForm
from stresstui.tui.themed import ThemedApp

_ROLES: Final = {
    "running": "accent", "passed": "ok", "failed": "breached", "lost": "breached", "problem": "breached",
    "warning": "pending", "aborted": "pending",
}  # fmt: skip
_STATE: Final = 13
_LASTED: Final = 8
_SCENARIO: Final = 0.45
"""Part of a line that a scenario's name takes."""
_LENGTH: Final = 7
_EDGES: Final = 3
_KEYS: Final = " enter look   space mark   c compare   p replay   s start   d doctor   ? help"
_MARK: Final = 2
_TO_A_SECOND: Final = r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)[.\d]*Z$"
_TAIL: Final = 9
"""Characters at the end of a name that stay: of a day the last digit, and the time."""


class _Rows(OptionList):
    """A list whose rows are made for its width."""

    def on_resize(self) -> None:
        """Have them made anew, now that the width is known."""
        if isinstance(self.app, ThemedApp):
            self.app.redraw()


class HomeApp(ThemedApp[tuple[str, ...]]):
    """Runs and scenarios; its result is the command that the person chose, as arguments, or none."""

    BINDINGS = [  # noqa: RUF012 - Textual's own way to declare keys
        Binding("q,escape,ctrl+c,ctrl+q", "leave", "Leave"),
        Binding("s", "scenarios", "Start a scenario"),
        Binding("p", "replay", "Replay the run"),
        Binding("space", "mark", "Mark the run, or take its mark away; two at most"),
        Binding("c", "compare", "Compare the marked run with the one under the cursor, or two that are marked"),
        Binding("question_mark", "help", "This help"),
        Binding("d", "doctor", "Doctor"),
        Binding("t", "next_theme", "Theme"),
        Binding("j", "move(1)", "Down", show=False),
        Binding("k", "move(-1)", "Up", show=False),
    ]

    def __init__(self, find: Callable[[], Offers], **how: Any) -> None:
        """``find`` looks for everything, off the event loop; raises ValueError for an unknown or broken theme."""
        super().__init__(**how)
        self._find = find
        self._offers: Offers | None = None
        self._marked: list[str] = []

    def compose(self) -> ComposeResult:
        """Lists at the left, what is under the cursor at the right, keys below."""
        yield Static("", id="home-head", markup=False)
        with Horizontal(id="home"):
            with Vertical(id="home-lists"):
                yield Static(" Runs", classes="home-title", markup=False)
                yield _Rows(id="runs", compact=True, markup=False)
                yield Static(" Scenarios", classes="home-title", markup=False)
                yield _Rows(id="scenarios", compact=True, markup=False)
            with VerticalScroll(id="about-scroll", can_focus=False):
                yield Static("", id="about", markup=False)
        yield Static(_KEYS, id="home-keys", markup=False)

    def on_mount(self) -> None:
        """Look for what there is, while the screen is there already."""
        self.follow_theme()
        self.query_one("#home-head", Static).update(" stresstui   looking for runs and scenarios")
        self.run_worker(self._look(), name="look")

    async def _look(self) -> None:
        self._offers = await asyncio.to_thread(self._find)
        self.redraw()
        runs = self.query_one("#runs", OptionList)
        (runs if self._offers.runs else self.query_one("#scenarios", OptionList)).focus()

    def redraw(self) -> None:
        """Fill the lists, each keeping its cursor."""
        offers = self._offers
        if offers is None:
            return
        width = self.query_one("#runs").size.width - _EDGES
        self._fill("#runs", [(run.run, self._run_line(run, width)) for run in offers.runs] or [("", "none yet")])
        self._fill("#scenarios", [(one.name, self._scenario_line(one, width)) for one in offers.scenarios])
        live = sum(run.live for run in offers.runs)
        found = f"{len(offers.checks)} of {len(offers.checks) + offers.fine} looks at this machine found something (d)"
        fit = found if offers.checks else "this machine is fit for a run"
        known = f"{len(offers.runs)} run{'' if len(offers.runs) == 1 else 's'}"
        self.query_one("#home-head", Static).update(f" stresstui   {live} running, {known}   {fit}")

    def _fill(self, selector: str, rows: Iterable[tuple[str, "Text | str"]]) -> None:
        options = self.query_one(selector, OptionList)
        here = options.highlighted or 0
        options.clear_options()
        options.add_options([Option(text, id=name or None) for name, text in rows])
        options.highlighted = min(here, max(0, options.option_count - 1))

    def _text(self, pieces: Iterable[Piece]) -> Text:
        text = Text(no_wrap=True, overflow="ellipsis")
        for part, role in pieces:
            text.append(part, self._style(role))
        return text

    def _style(self, role: str) -> Style:
        """As on a board, on whatever ground a list or a line under the cursor has."""
        style = self._ink.styles[role]
        return Style(color=style.color, bold=style.bold, reverse=style.reverse)

    def _run_line(self, run: RunOffer, width: int) -> Text:
        state: Piece = (f" {run.state:<{_STATE}}", _ROLES.get(run.state, "dim"))
        cells = max(_STATE, width - _STATE - _LASTED - _MARK)
        name = pad(_shortened(run.name, cells), cells)
        mark: Piece = ("* " if run.run in self._marked else "  ", "accent")
        return self._text([state, mark, (name, "text"), (f" {run.lasted}", "dim")])

    def _scenario_line(self, one: ScenarioOffer, width: int) -> Text:
        about, role = (one.error, "breached") if one.error else (one.title, "dim")
        cells = int(width * _SCENARIO)
        name: Piece = (f" {pad(one.name, cells)}", "text")
        about = pad(about, max(1, width - cells - _LENGTH - 2))
        return self._text([name, (f" {one.duration:<{_LENGTH}}", "dim"), (about, role)])

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tell about what is under the cursor."""
        if event.option_list.has_focus:
            self._tell(event.option_list.id, event.option_id)

    def on_descendant_focus(self) -> None:
        """The other list has the keys now."""
        focused = self.focused
        if isinstance(focused, OptionList) and focused.highlighted is not None and focused.option_count:
            self._tell(focused.id, focused.get_option_at_index(focused.highlighted).id)

    def _tell(self, which: str | None, name: str | None) -> None:
        lines: list[list[Piece]] = []
        run, scenario = self._run_named(name), self._scenario_named(name)
        if which == "runs" and run is not None:
            lines = about_run(run)
        elif which == "scenarios" and scenario is not None:
            lines = about_scenario(scenario)
        self._show(lines)

    def _show(self, lines: Iterable[list[Piece]]) -> None:
        text = Text()
        for line in lines:
            for part, role in line:
                text.append(part, self._style(role))
            text.append("\n")
        self.query_one("#about", Static).update(text)

    def _run_named(self, name: str | None) -> RunOffer | None:
        return next((run for run in self._offers.runs if run.run == name), None) if self._offers else None

    def _scenario_named(self, name: str | None) -> ScenarioOffer | None:
        return next((one for one in self._offers.scenarios if one.name == name), None) if self._offers else None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Look at a run, or ask how a scenario is to be started."""
        if event.option_list.id == "runs" and event.option_id:
            self.exit(("attach", event.option_id))
        scenario = self._scenario_named(event.option_id) if event.option_list.id == "scenarios" else None
        if scenario is not None and not scenario.error:
            self.push_screen(StartForm(scenario), self._started)

    def _started(self, arguments: tuple[str, ...] | None) -> None:
        if arguments:
            self.exit(arguments)

    def action_scenarios(self) -> None:
        """Go to the scenarios."""
        self.screen.set_focus(self.query_one("#scenarios", OptionList))  # at once: enter may be typed behind it

    def action_move(self, by: int) -> None:
        """Move the cursor of the list that has the keys."""
        if isinstance(self.focused, OptionList):
            move = self.focused.action_cursor_down if by > 0 else self.focused.action_cursor_up
            move()

    def action_replay(self) -> None:
        """Replay the run under the cursor."""
        if self._here is not None:
            self.exit(("replay", self._here.run))

    @property
    def _here(self) -> RunOffer | None:
        """The run under the cursor."""
        runs = self.query_one("#runs", OptionList)
        if runs.highlighted is None or not runs.option_count:
            return None
        return self._run_named(runs.get_option_at_index(runs.highlighted).id)

    def action_mark(self) -> None:
        """Mark the run under the cursor, or take its mark away; a third mark takes the place of the first."""
        run = self._here
        if run is None:
            return
        if run.run in self._marked:
            self._marked.remove(run.run)
        else:
            self._marked = [*self._marked[-1:], run.run]
        self.redraw()

    def action_compare(self) -> None:
        """Lay two runs over each other: the one that was marked first is the base."""
        here = self._here
        chosen = self._marked if len(self._marked) > 1 or here is None else [*self._marked, here.run]
        if len(set(chosen)) != 2:  # noqa: PLR2004 - a base and another
            self.notify("two runs are compared: mark one with space, go to another, then c")
            return
        on = next((run.name for run in map(self._run_named, chosen) if run is not None and run.live), "")
        if on:
            self.notify(f"{on} is still on: it is compared when it has ended")
        else:
            self.exit(("compare", *chosen, "--screen"))

    def action_help(self) -> None:
        """Show every key."""
        sections = {"Home": [*keys_of(HomeApp), ("enter", "Look at the run; start the scenario"),
                             ("tab", "The other list"), ("ctrl+p", "Every action by name: the palette")]}  # fmt: skip
        self.push_screen(HelpScreen(sections, "What is chosen here is a command of its own: stresstui --help"))

    def action_doctor(self) -> None:
        """Tell what the doctor found."""
        if self._offers is not None:
            self._show(about_machine(self._offers.checks))

    def action_leave(self) -> None:
        """Leave; nothing was begun."""
        self.exit(())

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the palette offers: every scenario, and what the keys do."""
        del screen
        for one in self._offers.scenarios if self._offers else ():
            yield SystemCommand(
                f"Start {one.name}", one.title, partial(self.push_screen, StartForm(one), self._started)
            )
        yield SystemCommand("Compare", "Two runs on one axis: mark one, go to another (c)", self.action_compare)
        yield SystemCommand("Doctor", "What stands in the way of a run here (d)", self.action_doctor)
        yield SystemCommand("Leave", "(q)", self.action_leave)
        yield from self.theme_commands()


def _shortened(name: str, cells: int) -> str:
    """A name without its middle where it is too long: runs of a scenario differ in their ends."""
    return name if len(name) <= cells else f"{name[: cells - _TAIL - 1]}…{name[-_TAIL:]}"


def about_run(run: RunOffer) -> list[list[Piece]]:
    """Everything that is known of a run without reading it."""
    began = re.sub(_TO_A_SECOND, r"\1 \2 UTC", run.started)
    facts = (("scenario", run.scenario), ("began", began), ("lasted", run.lasted), ("why", run.reason or "-"))
    return [
        [(run.name, "title")],
        [(run.state, _ROLES.get(run.state, "dim"))],
        [],
        *([(f"{name:<10}", "dim"), (text, "text")] for name, text in facts),
        [],
        [("$ ", "dim"), (f"stresstui attach {run.run}", "accent"), ("   enter", "dim")],
        [("$ ", "dim"), (f"stresstui replay {run.run}", "accent"), ("   p", "dim")],
        [("space marks it, c lays the marked run under this", "dim")],
    ]


def about_scenario(one: ScenarioOffer) -> list[list[Piece]]:
    """What a scenario is for, and how it is judged."""
    return [
        [(one.title or one.name, "title")],
        *([[(one.error, "breached")]] if one.error else []),
        [(one.objective, "text")],
        [],
        [("lasts ", "dim"), (one.duration, "text"), ("   runs with ", "dim"), (", ".join(one.runners), "text")],
        [],
        [(f"{len(one.criteria)} criteria", "dim")],
        *(line for title, rule in one.criteria for line in ([(f"  {title}", "text")], [(f"      {rule}", "limit")])),
        [],
        [("$ ", "dim"), (f"stresstui run {one.name}", "accent"), ("   enter asks for its length first", "dim")],
    ]


def about_machine(checks: Iterable[CheckOffer]) -> list[list[Piece]]:
    """What the doctor found that is not ok."""
    lines: list[list[Piece]] = [[("This machine", "title")], []]
    for check in checks:
        role = _ROLES.get(check.level, "pending")
        lines.append([(f"{check.level}  ", role), (f"{check.name}: {check.found}", "text")])
        lines += [[(f"   {check.mend}", "dim")]] if check.mend else []
    return lines if len(lines) > 2 else [*lines, [("fit for a run", "ok")]]  # noqa: PLR2004 - title and blank line
