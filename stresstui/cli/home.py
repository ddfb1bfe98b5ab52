"""``stresstui`` alone: what there is, found for the home screen, and the command that comes of it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from stresstui.cli.options import ShowOptions
from stresstui.cli.terminal.refuse import refuse

if TYPE_CHECKING:
    from stresstui.tui.draw.offers import CheckOffer, Offers, RunOffer, ScenarioOffer


def choose_at_home(how: ShowOptions, report_dir: Path) -> tuple[str, ...]:
    """Show the home screen; give the arguments of the command that was chosen, none where nothing was."""
    from stresstui.tui.home import HomeApp
    from stresstui.tui.tty.able import screen_glyphs

    try:
        app = HomeApp(lambda: find_offers(report_dir), theme=how.theme, glyphs=screen_glyphs(ascii_only=how.ascii_only))
    except ValueError as error:
        refuse(f"stresstui: {error}")
    return app.run(mouse=how.mouse) or ()


def find_offers(report_dir: Path) -> "Offers":
    """Look for runs and scenarios, and whether the machine is fit."""
    from stresstui.tui.draw.offers import Offers

    checks, fine = _checks(report_dir)
    return Offers(_runs(report_dir), _scenarios(), checks, fine)


def _runs(report_dir: Path) -> "tuple[RunOffer, ...]":
    from stresstui.core.model.units import format_duration
    from stresstui.engine.control.runs import find_runs, known_runs
    from stresstui.tui.draw.offers import RunOffer

    found = {info.directory.resolve(): info for info in (*known_runs(), *find_runs(report_dir))}
    names = Counter(info.name for info in found.values())
    newest = sorted(found.values(), key=lambda info: (info.live, info.started), reverse=True)
    return tuple(
        RunOffer(
            name=info.name,
            run=info.name if names[info.name] == 1 else str(info.directory),
            scenario=info.scenario,
            state="running" if info.live else info.outcome or str(info.state),
            live=info.live,
            lasted="-" if info.duration_s is None else format_duration(info.duration_s),
            started=info.started,
            reason=info.reason,
        )
        for info in newest
    )


def _scenarios() -> "tuple[ScenarioOffer, ...]":
    from stresstui.catalogue import ScenarioError, list_scenarios, load
    from stresstui.core.model.units import format_duration
    from stresstui.tui.draw.offers import ScenarioOffer

    offers = []
    for entry in sorted(list_scenarios(), key=lambda entry: entry.origin == "suite"):
        length = "" if entry.duration is None else format_duration(entry.duration)
        runners = tuple(runner.value for runner in entry.runners)
        try:
            scenario = load(entry.name)
        except ScenarioError as error:
            offers.append(ScenarioOffer(entry.name, entry.title, "", length, runners, (), entry.error or str(error)))
            continue
        criteria = tuple((criterion.title, criterion.rule) for criterion in scenario.criteria)
        offers.append(ScenarioOffer(entry.name, entry.title, scenario.objective, length, runners, criteria))
    return tuple(offers)


def _checks(report_dir: Path) -> "tuple[tuple[CheckOffer, ...], int]":
    from stresstui.core.model.check import Level
    from stresstui.doctor.examine import before_run
    from stresstui.doctor.needs import Needs
    from stresstui.tui.draw.offers import CheckOffer

    checks = before_run(Needs(report_dir=report_dir))
    bad = [check for check in checks if check.level is not Level.OK]
    offers = tuple(CheckOffer(str(check.level.value), check.name, check.found, check.mend) for check in bad)
    return offers, len(checks) - len(bad)
