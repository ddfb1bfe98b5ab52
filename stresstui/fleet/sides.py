"""The two sides of a load on several boxes: servers first, clients with what these told, and the servers' end.

What clients are told holds the tunnels' keys: it passes through this process, and into no record.
"""

from collections.abc import Callable, Mapping

from stresstui.core.model.event import Phase
from stresstui.core.run.fold import RunState
from stresstui.fleet.matrix.plan import door_of
from stresstui.fleet.reach import box_side
from stresstui.fleet.reach.boxes import Boxes
from stresstui.fleet.reach.link import LinkError
from stresstui.fleet.record import FleetRecord, FleetRun

_UP = ("waiting", "ready", "loading")


class Sides:
    """What a controller does for runs that are one side of a load."""

    def __init__(self, record: FleetRecord, boxes: Boxes, states: Callable[[], Mapping[int, RunState]]) -> None:
        self._record, self._boxes, self._states = record, boxes, states
        self._finished: set[int] = set()

    async def options(self, run: FleetRun) -> list[str] | None:
        """Options with which a side begins; None while it has to wait. Raises ValueError where it never can."""
        if not run.part:
            return []
        if run.part == "server":
            return ["--serve", door_of(self._record.inventory, run.box), "--invitation", await self._place(run)]
        server = self._server(run)
        if server.over:
            raise ValueError(f"the servers on {server.box} {server.state}{f': {server.why}' if server.why else ''}")
        invitation = await self._invitation(server)
        if not invitation:
            return None
        place: str = await self._boxes.ask(run.box, box_side.take_invitation, await self._place(run), invitation)
        return ["--invitation", place]

    async def _invitation(self, server: FleetRun) -> str:
        """What clients are told; empty while the servers are not up, or their box cannot be reached."""
        state = self._states().get(self._record.runs.index(server))
        if state is None or state.workload.state not in _UP:
            return ""
        try:
            found: str = await self._boxes.ask(server.box, box_side.invitation, await self._place(server))
        except LinkError:  # the servers' own run says so
            return ""
        return found

    async def _place(self, run: FleetRun) -> str:
        box = next(box for box in self._record.inventory.box if box.name == run.box)
        key = f"{self._record.name}.{self._record.runs.index(run)}"
        place: str = await self._boxes.ask(run.box, box_side.invitation_place, key, box.folder)
        return place

    async def tidy(self, run: FleetRun) -> None:
        """Have servers rest and end whose clients load no more, and remove from a client's box what it was told."""
        index = self._record.runs.index(run)
        if index in self._finished:
            return
        if run.part == "server" and not any(map(self._loads, self._clients(run))):
            if await self._boxes.ask(run.box, box_side.finish, run.directory, "fleet: no client loads any more"):
                self._finished.add(index)
        elif run.part == "client" and self._states()[index].workload.state:  # it has read what it was told
            await self.forget(run)
            self._finished.add(index)

    async def forget(self, run: FleetRun) -> None:
        """Remove from a side's box what clients are told, whoever wrote it there."""
        if run.part:
            await self._boxes.ask(run.box, box_side.forget, await self._place(run))

    def _loads(self, client: FleetRun) -> bool:
        """Whether a client loads, or is to: not once it cools down, as the servers are to at the same time."""
        state = self._states().get(self._record.runs.index(client))
        return not client.over and (state is None or state.phase is not Phase.COOL_DOWN)

    def _server(self, run: FleetRun) -> FleetRun:
        return next(other for other in self._record.runs if other.load == run.load and other.part == "server")

    def _clients(self, run: FleetRun) -> list[FleetRun]:
        return [other for other in self._record.runs if other.load == run.load and other.part == "client"]
