"""The processes under test: what each holds, the largest first; those of the load below them."""

from typing import Final

from stresstui.core.derive.group import watched
from stresstui.core.model.sample import ProcessSample, Sample
from stresstui.core.model.units import format_value, three_digits
from stresstui.tui.draw.ink import Piece, pad
from stresstui.tui.draw.view import View
from stresstui.tui.widgets.listing import Listing, Row

_COLUMNS: Final = ((" RSS", 10), ("FDs", 6), ("TCP", 6), ("CPU", 6))
_ROOM: Final = sum(width for _, width in _COLUMNS)


class ProcessesPane(Listing):
    """A row for each process of the newest sample."""

    def __init__(self, number: int, *, id: str, like: "ProcessesPane | None" = None) -> None:  # noqa: A002 - Textual's
        """``like`` is a pane that knows the samples before."""
        super().__init__(number, id=id)
        self._before: Sample | None
        self._newest: Sample | None
        self._before, self._newest = like.samples if like else (None, None)

    @property
    def samples(self) -> tuple[Sample | None, Sample | None]:
        """The sample before the newest, and the newest."""
        return self._before, self._newest

    def draw(self, view: View) -> None:
        """Show a view; keep the sample before, which CPU is measured from."""
        if view.run.sample is not self._newest:
            self._before, self._newest = self._newest, view.run.sample
        super().draw(view)

    def title(self, view: View) -> tuple[list[Piece], list[Piece]]:
        """How many, and those of the load apart."""
        mine, others = self._listed(view)
        beside = f" + {len(others)} of the load" if others else ""
        return [("Processes", "title")], [(f"{len(mine)}{beside}", "dim")]

    def rows(self, view: View, width: int) -> list[Row]:
        """Names of columns, then a row each."""
        mine, others = self._listed(view)
        head = "".join(f"{name:>{cells}}" for name, cells in _COLUMNS)
        names = max(8, width - _ROOM)
        rows: list[Row] = [([(pad("name (pid)", names), "dim"), (head, "dim")], None)]
        for processes, role in ((mine, "text"), (others, "dim")):
            rows += [(self._row(process, names, role, view), str(process.pid)) for process in processes]
        return rows

    def matters(self, view: View) -> str | None:
        """The largest are on top."""
        del view
        return None

    def _listed(self, view: View) -> tuple[list[ProcessSample], list[ProcessSample]]:
        sample = view.run.sample
        if sample is None:
            return [], []
        mine = sorted(watched(sample), key=lambda process: -(process.rss or 0))
        known = {process.pid for process in mine}
        return mine, [process for process in sample.processes if process.pid not in known]

    def _row(self, process: ProcessSample, names: int, role: str, view: View) -> list[Piece]:
        cpu = self._cpu(process)
        values = (
            format_value(process.rss, "bytes"),
            _count(process.fds),
            _count(process.established),
            "-" if cpu is None else three_digits(cpu),
        )
        text = "".join(f"{value:>{cells}}" for value, (_, cells) in zip(values, _COLUMNS, strict=True))
        pid = f" ({process.pid})"
        name = pad(process.name, max(1, min(len(process.name), names - len(pid))), view.ink.glyphs.more)
        return [(pad(name + pid, names, view.ink.glyphs.more), role), (text, role)]

    def _cpu(self, process: ProcessSample) -> float | None:
        """Percent of one core since the sample before; None where that is not known."""
        before, newest = self._before, self._newest
        if before is None or newest is None or newest.t <= before.t or process.cpu_s is None:
            return None
        for old in before.processes:
            if (old.pid, old.started) == (process.pid, process.started) and old.cpu_s is not None:
                return max(0.0, 100.0 * (process.cpu_s - old.cpu_s) / (newest.t - before.t))
        return None


def _count(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
