"""The controller: begins the runs on their boxes, copies their journals, and says when all have ended.

It owns nothing. Another one, on any machine that has the record, goes on from where this one was.
"""

import asyncio
import contextlib
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from stresstui.core.run.fold import RunState
from stresstui.core.text.printable import printable
from stresstui.core.text.secret import HIDDEN
from stresstui.fleet.came_out import came_out
from stresstui.fleet.gather import gather
from stresstui.fleet.joint import joints_of
from stresstui.fleet.matrix.plan import Assignment, replacement
from stresstui.fleet.mirror import Mirror
from stresstui.fleet.reach import box_side
from stresstui.fleet.reach.boxes import Boxes
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.reach.pieces import PieceSize
from stresstui.fleet.record import FleetRecord, FleetRun, State, ask_to_stop, pace, save, stop_asked
from stresstui.fleet.report.told import Told
from stresstui.fleet.sides import NotYet, Sides
from stresstui.fleet.targets import LINGER_S, next_target, write_targets
from stresstui.fleet.verdict import BoxRun, FleetVerdict, Joint, combine
from stresstui.folder import RESULT

_REPORTS_S: Final = 0.5
"""Seconds between two looks for the reports of a run that has ended."""
RETRY_S: Final = 5.0
"""Seconds after which an unreachable box is tried again."""
BEGIN_S: Final = 90.0
"""Seconds that a box may take to begin a run."""
QUIET_S: Final = 10.0
"""Seconds without an answer after which that is said of a box, however long it is waited for."""
LOST_AFTER_S: Final = 3600.0
"""Seconds without an answer after which a box counts as lost."""

_SECRETS: Final = "secrets in its options were not kept; begin it with 'stresstui fleet run'"

Changed = Callable[[FleetRun], None]


class Controller:
    """Carries out what the record wants."""

    def __init__(
        self, record: FleetRecord, folder: Path, boxes: Boxes, changed: Changed, lost_after: float = LOST_AFTER_S
    ) -> None:
        """Go on with the record; ``changed`` hears of every run whose state is another."""
        self.record, self.folder = record, folder
        """What is carried out, and where it is recorded."""
        self.mirrors: dict[int, Mirror] = {}
        """The runs as they are known here, by their place in the record."""
        self.trouble = ""
        """Why the file of targets cannot be written; empty while it can."""
        self.unsaved = ""
        """Why the record is not as it should be; empty while it is."""
        self._stopped: set[int] = set()
        self._whose = sha256(f"{platform.node()}:{folder.resolve()}".encode()).hexdigest()[:12]
        self._ended: dict[int, float] = {}
        self._sizes: dict[int, PieceSize] = defaultdict(PieceSize)
        self._sides = Sides(record, boxes, self.states)
        self._boxes, self._changed, self._lost_after = boxes, changed, lost_after

    @property
    def name(self) -> str:
        """Name of the run of the fleet."""
        return self.record.name

    def runs(self) -> list[FleetRun]:
        """The runs, in the record's order."""
        return self.record.runs

    def states(self) -> dict[int, RunState]:
        """What is known of those that were begun."""
        return {index: mirror.state for index, mirror in self.mirrors.items()}

    def joints(self) -> list[Joint]:
        """Loads of several boxes, as far as is known."""
        return joints_of(self.record.runs, self.states())

    def labels(self) -> dict[str, str]:
        """What each box is labelled with, in one line."""
        every = self.record.inventory.box
        return {
            box.name: " ".join(f"{key}={printable(str(value))}" for key, value in box.labels.items()) for box in every
        }

    def over(self) -> bool:
        """Whether all have ended."""
        return all(run.over for run in self.record.runs)

    async def carry_out(self) -> FleetVerdict:
        """Begin what was not begun, follow all to their ends, and give the verdict."""
        async with asyncio.TaskGroup() as group:
            for index in range(len(self.record.runs)):
                group.create_task(self._carry(index, group))
        if self.unsaved:
            self._save()
        return self.verdict()

    async def _carry(self, index: int, group: asyncio.TaskGroup) -> None:
        run = self.record.runs[index]
        if run.directory:
            with contextlib.suppress(_HereError):
                self._open_mirror(index)
        was_over = run.over
        answered = time.monotonic()
        while not run.over:
            had = self._have(index)
            try:
                await self._go_on(index, run)
                answered = time.monotonic()
                await asyncio.sleep(pace(len(self.record.runs)))
            except (LinkError, RuntimeError, OSError, ValueError) as error:
                answered = time.monotonic() if self._have(index) > had else answered
                if time.monotonic() - answered > self._lost_after:
                    self._give_up(index, run, f"its box was gone for {self._lost_after:.0f} s: {error}")
                else:
                    self._set(run, State.UNREACHABLE, str(error) or type(error).__name__)
                    await asyncio.sleep(min(RETRY_S, self._lost_after / 4))
            except _HereError as error:
                self._set(run, State.UNREACHABLE, str(error))
                await asyncio.sleep(RETRY_S)
        if run.state is State.ENDED and not run.archive:
            await gather(run, self.folder / run.box, self._boxes, self._sizes[index], self._whose)
            self._save()
        if run.state is State.LOST and not was_over:
            self._replace(index, group)

    def _have(self, index: int) -> int:
        """Bytes of a run's journal that are here."""
        return self.mirrors[index].offset if index in self.mirrors else 0

    def _give_up(self, index: int, run: FleetRun, why: str) -> None:
        """Wait for a box no longer; a run whose journal is here to its end has ended for all that."""
        known = index in self.mirrors and self.mirrors[index].state.ended
        self._set(run, State.ENDED if known else State.LOST, why)

    async def _go_on(self, index: int, run: FleetRun) -> None:
        """Begin the run, or copy what is new of it; once a stop is asked for, begin nothing and end what is on.

        Raises LinkError, and what its box says that has it: neither ends a run that goes on there; _HereError for what
        cannot be kept here.
        """
        stopped_by = stop_asked(self.folder)
        if stopped_by and not run.directory:
            self._set(run, State.STOPPED, f"stopped by {stopped_by} before it began")
            return
        if not run.directory and not await self._begun(index, run):
            return
        mirror = self._open_mirror(index)
        while True:
            with self._sizes[index].asked() as most, self._told_when_silent(run):
                piece = await self._boxes.ask(run.box, box_side.read, run.directory, mirror.offset, most)
            with _here():
                mirror.append(piece["data"])
            if len(piece["data"]) < most:
                break
        if not mirror.state.ended:  # or it would be said again with every report that cannot be kept
            silent = mirror.silent if piece["lives"] else ""
            self._set(run, State.SILENT if silent else State.RUNNING, silent)
        if stopped_by and index not in self._stopped and piece["lives"]:
            await self._boxes.ask(run.box, box_side.stop, run.directory, stopped_by)
            self._stopped.add(index)
        if mirror.state.ended:
            await self._copy_files(run, mirror)
            self._set(run, State.ENDED)
        elif not piece["lives"] and not piece["data"]:
            await self._sides.forget(run)
            self._set(run, State.LOST, "its supervisor has died")
        elif run.part and piece["lives"]:
            await self._sides.tidy(run)

    @contextlib.contextmanager
    def _told_when_silent(self, run: FleetRun) -> Iterator[None]:
        """Say of a box that it does not answer while it is still waited for: what is shown of it is no longer so."""
        why = f"no answer for {QUIET_S:.0f} s"
        late = asyncio.get_running_loop().call_later(QUIET_S, self._set, run, State.UNREACHABLE, why)
        try:
            yield
        finally:
            late.cancel()

    async def _begun(self, index: int, run: FleetRun) -> bool:
        """Begin the run; False while it has to wait for another one, or where its box does not begin it."""
        box = next(box for box in self.record.inventory.box if box.name == run.box)
        key = f"{self.record.name}.{index}"
        try:
            if HIDDEN in " ".join(run.wanted.options):
                raise ValueError(_SECRETS)  # noqa: TRY301 - as whatever the box itself says
            side = await self._sides.options(run)
            run.target = next_target(box, self.record.runs)
            options = [*_length(run), *_listen(run), *side, *run.wanted.options]
            run.directory = await self._boxes.ask(
                run.box, box_side.begin, key, run.wanted.scenario, options, box.folder, within=BEGIN_S
            )
        except LinkError:
            raise
        except NotYet as wait:
            self._set(run, State.WAITING, str(wait))
            return False
        except (RuntimeError, OSError, ValueError) as error:  # what the box itself said
            self._set(run, State.REFUSED, str(error) or type(error).__name__)
            return False
        self._set(run, State.RUNNING)
        return True

    async def _copy_files(self, run: FleetRun, mirror: Mirror) -> None:
        """Copy the reports, which are written a moment after the end."""
        for _ in range(20):
            files = await self._boxes.ask(run.box, box_side.fetch, run.directory)
            if RESULT in files:
                break
            await asyncio.sleep(_REPORTS_S)
        with _here():
            mirror.keep(files)

    def _open_mirror(self, index: int) -> Mirror:
        if index not in self.mirrors:
            run = self.record.runs[index]
            with _here():
                self.mirrors[index] = Mirror(self.folder / run.box / run.name)
        return self.mirrors[index]

    def _set(self, run: FleetRun, state: State, why: str = "") -> None:
        if (run.state, run.why) == (state, why):
            return
        run.state, run.why = state, why
        if state is State.ENDED:
            self._ended[self.record.runs.index(run)] = time.monotonic()
        self._save()
        self._keep_targets()
        self._changed(run)

    def _save(self) -> None:
        """Write the record; where that cannot be now, with the next change that it can be."""
        try:
            save(self.record, self.folder)
        except OSError as error:
            self.unsaved = f"{self.folder}: {error.strerror or error}"
        else:
            self.unsaved = ""

    def _keep_targets(self) -> None:
        try:
            write_targets(self.record, [*self._ended])
        except OSError as error:
            self.trouble = f"{self.record.inventory.targets}: {error.strerror or error}"

    async def last_scrapes(self) -> None:
        """Wait until how the last runs ended can have been scraped, and take their targets off the list."""
        if self.record.inventory.targets and self._ended:
            await asyncio.sleep(max(self._ended.values()) + LINGER_S - time.monotonic())
            self._ended.clear()
            self._keep_targets()

    def _replace(self, index: int, group: asyncio.TaskGroup) -> None:
        """Have a lost run carried out on another box, where the matrix allows that."""
        run = self.record.runs[index]
        gone = {other.box for other in self.record.runs if other.state in (State.LOST, State.UNREACHABLE)}
        instead = replacement(self.record.inventory, Assignment(run.box, run.wanted), gone)
        if instead is None:
            return
        run.replaced = True
        fresh = FleetRun(box=instead.box, wanted=run.wanted, instead_of=run.box)
        self.record.runs.append(fresh)
        self._save()
        self._changed(fresh)
        group.create_task(self._carry(len(self.record.runs) - 1, group))

    async def stop(self, by: str) -> dict[str, str]:
        """Have every run that is on end in good order, and none begin; give what went wrong, by box.

        Who follows the fleet reads the wish from its folder: it begins nothing more, and ends a run whose box cannot be
        reached now once it can.
        """
        ask_to_stop(self.folder, by)
        wrong: dict[str, str] = {}
        for run in self.record.runs:
            if run.directory and not run.over:
                with _noted(wrong, run.box):
                    await self._boxes.ask(run.box, box_side.stop, run.directory, by)
        return wrong

    async def note(self, text: str, by: str) -> dict[str, str]:
        """Write a note into every run that is on; give what went wrong, by box."""
        wrong: dict[str, str] = {}
        for run in self.record.runs:
            if run.directory and not run.over:
                with _noted(wrong, run.box):
                    await self._boxes.ask(run.box, box_side.note, run.directory, text, by)
        return wrong

    def verdict(self) -> FleetVerdict:
        """The verdict over what is known."""
        labels = {box.name: box.labels for box in self.record.inventory.box}
        return combine(self.outcomes(), labels, self.joints())

    def outcomes(self) -> list[BoxRun]:
        """Every run as it came out, as far as is known."""
        return [came_out(run, self.mirrors.get(index)) for index, run in enumerate(self.record.runs)]

    def told(self) -> list[Told]:
        """Every run for the reports."""
        labels, states = {box.name: box.labels for box in self.record.inventory.box}, self.states()
        return [
            Told(run=one, state=states.get(index), labels=labels.get(one.box, {}))
            for index, one in enumerate(self.outcomes())
        ]

    def close(self) -> None:
        """Close the mirrors."""
        for mirror in self.mirrors.values():
            mirror.close()


def _length(run: FleetRun) -> list[str]:
    return ["--duration", run.wanted.duration] if run.wanted.duration else []


def _listen(run: FleetRun) -> list[str]:
    return ["--metrics-listen", run.target] if run.target else []


class _HereError(Exception):
    """Raised where this machine cannot keep what it was given; the run goes on, and what is missing comes later."""


@contextlib.contextmanager
def _here() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _HereError(f"it cannot be copied to this machine: {error.strerror or error}") from None


@contextlib.contextmanager
def _noted(wrong: dict[str, str], box: str) -> Any:
    try:
        yield
    except (OSError, RuntimeError, ValueError) as error:
        wrong[box] = str(error)
