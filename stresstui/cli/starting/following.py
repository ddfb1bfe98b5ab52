"""A run of a fleet is followed: on the screen, in lines, or until all have begun; then how it came out is said."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stresstui.cli.starting.boxes import with_boxes
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.fleet.controller import Controller
    from stresstui.fleet.reach.boxes import Boxes
    from stresstui.fleet.record import FleetRecord, FleetRun

_TABLE_S: Final = 10.0


def loaded(folder: Path) -> "FleetRecord":
    """A fleet's record; ends the program where it cannot be read."""
    from stresstui.fleet.matrix.inventory import InventoryError
    from stresstui.fleet.record import load

    try:
        return load(folder)
    except InventoryError as error:
        refuse(f"stresstui fleet: {error}; another version of stresstui may have written it")


def follow(folder: Path, lost_after: float, *, detach: bool, headless: bool = True) -> None:
    """Follow a run of a fleet and end the program with its verdict; who leaves ends none of its runs."""
    from stresstui.fleet.controller import Controller
    from stresstui.fleet.record import FollowedError, claimed

    changed: Callable[[FleetRun], None] = _say_change if headless else _say_nothing

    async def carry_out(boxes: "Boxes") -> int:
        controller = Controller(record, folder, boxes, changed, lost_after)
        task = asyncio.create_task(_to_the_end(controller, folder))
        try:
            if not headless:
                await _show(controller)
            elif detach:
                await _until_begun(controller, task)
            else:
                await _print_until_done(controller, task)
            if task.done():
                code = _end(controller, folder, unwritten=await task)
                await controller.last_scrapes()
                return code
        finally:
            task.cancel()
            await asyncio.wait([task])
        say(f"{record.name}: {still(record)}; 'stresstui fleet attach {record.name}' follows it")
        return ExitCode.PASSED

    try:
        with claimed(folder):
            record = loaded(folder)
            sys.exit(with_boxes(record.inventory, carry_out))
    except FollowedError as error:
        refuse(f"stresstui fleet: {error}; 'stresstui fleet runs' shows how it stands")
    except KeyboardInterrupt:
        say(f"left; {still(loaded(folder))}. Come back with 'stresstui fleet attach {folder.name}'")
        sys.exit(ExitCode.INTERRUPTED)


def still(record: "FleetRecord") -> str:
    """What becomes of a fleet's runs that nobody follows, in one clause."""
    left = [run for run in record.runs if not run.over]
    waiting = [run for run in left if not run.directory]
    if not left:
        return "every run is over"
    if not waiting:
        return "every run goes on"
    if waiting == record.runs:
        return "no run has begun"
    have = "has" if len(waiting) == 1 else "have"
    return f"{len(waiting)} of {len(record.runs)} runs {have} not begun; what has goes on"


async def _to_the_end(controller: "Controller", folder: Path) -> str:
    """Carry it out and write its reports, whoever still looks at the screen; answer why they are not written."""
    from stresstui.fleet.report.write import write_reports

    verdict = await controller.carry_out()
    try:
        write_reports(controller.name, controller.told(), verdict, folder)
    except OSError as error:
        return f"{folder}: {error.strerror or error}"
    return controller.unsaved


async def _until_begun(controller: "Controller", task: "asyncio.Task[Any]") -> None:
    while not task.done() and not all(one.directory or one.over for one in controller.runs()):
        await asyncio.wait([task], timeout=0.5)


async def _print_until_done(controller: "Controller", task: "asyncio.Task[Any]") -> None:
    while not task.done():
        await asyncio.wait([task], timeout=_TABLE_S)
        if not task.done():
            _say_table(controller)


async def _show(controller: "Controller") -> None:
    """The table on the screen; a run that is opened is shown by the monitor, and the table again after it."""
    from stresstui.fleet.screen import FleetApp, source_of
    from stresstui.tui.app import MonitorApp
    from stresstui.tui.tty.able import screen_glyphs

    glyphs = screen_glyphs(ascii_only=False)
    while (index := await FleetApp(controller, glyphs=glyphs).run_async()) is not None:
        run = controller.runs()[index]
        monitor = MonitorApp(source_of(run, controller.mirrors[index].folder), glyphs=glyphs)
        await monitor.run_async(mouse=False)
        if monitor.ended_by is not None:
            break


def _end(controller: "Controller", folder: Path, *, unwritten: str) -> int:
    """Say how it came out; the exit code."""
    from stresstui.fleet.report.words import say_outlier
    from stresstui.fleet.targets import LINGER_S

    record = controller.record
    verdict = controller.verdict()
    _say_table(controller)
    say(f"{verdict.outcome.upper()}  {record.name}")
    for reason in verdict.reasons:
        say(f"  because {reason}")
    for outlier in verdict.outliers:
        say(f"  differs: {say_outlier(outlier)}")
    for one in controller.runs():
        if one.archive_why:
            say(f"  no archive of {one.box}: {one.scenario}: {one.archive_why}; 'stresstui fleet attach' tries again")
    if controller.trouble:
        say(f"  no targets for Prometheus: {controller.trouble}")
    elif record.inventory.targets:
        say(f"  the last targets stay in {record.inventory.targets} until they were scraped, {LINGER_S:.0f} s at most")
    if unwritten:
        say(f"  not all of it is recorded: {unwritten}; make room, and 'stresstui fleet attach' writes it", err=True)
        return ExitCode.COULD_NOT_RUN
    say(f"recorded in {folder}")
    return verdict.exit_code


def _say_nothing(run: "FleetRun") -> None:
    del run


def _say_change(run: "FleetRun") -> None:
    say(f"{run.box}: {run.scenario} {run.state}{f': {run.why}' if run.why else ''}")


def _say_table(controller: "Controller") -> None:
    from stresstui.fleet.table import lines

    for line in lines(controller.runs(), controller.states(), controller.joints()):
        say(line)
