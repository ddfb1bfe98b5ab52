"""The two sides of a load on several boxes: servers first, clients with what these told, and the servers' end.

What clients are told holds the tunnels' keys: it passes through this process, and into no record.
"""

import time
from collections.abc import Callable, Mapping
from typing import Final

from stresstui.core.run.fold import RunState
from stresstui.fleet.matrix.plan import door_of
from stresstui.fleet.reach import box_side
from stresstui.fleet.reach.boxes import Boxes
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.record import FleetRecord, FleetRun

_UP = ("waiting", "ready", "loading")
_AT_REST = ("idle", "stopped", "failed")
DRAIN_S: Final = 15.0
"""Seconds past its plan that a client may load on, until the last answers are in."""
LATE_S: Final = 60.0
"""Seconds for which a client that never began is waited for once the others load no more."""


class NotYet(Exception):  # noqa: N818 - nothing is wrong
    """Raised where a side has to wait; its message says for what."""


class Sides:
    """What a controller does for runs that are one side of a load."""

    def __init__(self, record: FleetRecord, boxes: Boxes, states: Callable[[], Mapping[int, RunState]]) -> None:
        self._record, self._boxes, self._states = record, boxes, states
        self._finished: set[int] = set()
        self._there: set[int] = set()
        self._heard: dict[int, tuple[float, float]] = {}
        self._rest_since: dict[int, float] = {}

    async def options(self, run: FleetRun) -> list[str]:
        """Options with which a side begins. Raises NotYet while it has to wait, ValueError where it never can.

        Servers begin once the boxes of all clients answer: what they wait for one is no part of what is judged.
        """
        if not run.part:
            return []
        own = await self._place(run)
        if run.part == "server":
            if missing := [
                one.box for one in self._clients(run) if not one.over and self._number(one) not in self._there
            ]:
                raise NotYet(f"until {' and '.join(missing)} answer{'s' if len(missing) == 1 else ''}, to load it")
            return ["--serve", door_of(self._record.inventory, run.box), "--invitation", own]
        self._there.add(self._number(run))
        server = self._server(run)
        if server.over:
            raise ValueError(f"the servers on {server.box} {server.state}{f': {server.why}' if server.why else ''}")
        invitation = await self._invitation(server)
        if not invitation:
            raise NotYet("until the servers of its load are up")
        place: str = await self._boxes.ask(run.box, box_side.take_invitation, own, invitation)
        return ["--invitation", place]

    async def _invitation(self, server: FleetRun) -> str:
        """What clients are told; empty while the servers are not up, or their box cannot be reached."""
        state = self._state(server)
        if state is None or state.workload.state not in _UP:
            return ""
        try:
            found: str = await self._boxes.ask(server.box, box_side.invitation, await self._place(server))
        except LinkError:  # the servers' own run says so
            return ""
        return found

    async def _place(self, run: FleetRun) -> str:
        box = next(box for box in self._record.inventory.box if box.name == run.box)
        key = f"{self._record.name}.{self._number(run)}"
        place: str = await self._boxes.ask(run.box, box_side.invitation_place, key, box.folder)
        return place

    async def tidy(self, run: FleetRun) -> None:
        """Have servers rest and end whose clients load no more, and remove from a client's box what it was told."""
        index = self._number(run)
        if index in self._finished:
            return
        if run.part == "server" and self._load_over(run):
            if await self._boxes.ask(run.box, box_side.finish, run.directory, "fleet: no client loads any more"):
                self._finished.add(index)
        elif run.part == "client" and self._states()[index].workload.state:  # it has read what it was told
            await self.forget(run)
            self._finished.add(index)

    async def forget(self, run: FleetRun) -> None:
        """Remove from a side's box what clients are told, whoever wrote it there."""
        if run.part:
            await self._boxes.ask(run.box, box_side.forget, await self._place(run))

    def _load_over(self, server: FleetRun) -> bool:
        """Whether no client loads any more, and none is to: one whose box went before it began has a while to come."""
        clients, number = self._clients(server), self._number(server)
        if [one for one in clients if one.directory and self._loads(one)]:
            return False
        if all(one.directory or one.over for one in clients):
            return True
        if not any(one.directory for one in clients):
            return False
        return time.monotonic() - self._rest_since.setdefault(number, time.monotonic()) > LATE_S

    def _loads(self, client: FleetRun) -> bool:
        """Whether a client loads: not once its last connection is closed, nor, where it is not heard, past its plan."""
        state = self._state(client)
        if client.over or (state is not None and state.workload.state in _AT_REST):
            return False
        now, t = time.monotonic(), state.t if state is not None else 0.0
        last_t, heard = self._heard.get(self._number(client), (-1.0, now))
        heard = heard if t == last_t else now
        self._heard[self._number(client)] = t, heard
        if state is None or state.planned is None:
            return True
        return state.under_load + (now - heard) < state.planned + DRAIN_S

    def _state(self, run: FleetRun) -> RunState | None:
        return self._states().get(self._number(run))

    def _number(self, run: FleetRun) -> int:
        return self._record.runs.index(run)

    def _server(self, run: FleetRun) -> FleetRun:
        return next(other for other in self._record.runs if other.load == run.load and other.part == "server")

    def _clients(self, run: FleetRun) -> list[FleetRun]:
        return [other for other in self._record.runs if other.load == run.load and other.part == "client"]
