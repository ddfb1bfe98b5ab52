"""`stresstui growth`: say whether a recorded series of numbers grows."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from stresstui.cli.options import DURATION

if TYPE_CHECKING:
    from stresstui.core.growth import Replay

USAGE = 2
KINDS = ("rss", "fds", "sockets", "throughput", "gauge_up", "gauge_down")
NOTHING = frozenset({"", "nan", "null", "none", "na", "-"})
"""What stands for a missing value."""
JSON_KEYS = ("leak", "first_alarm_t", "alarms", "evals", "state", "slope_per_hour", "ci", "resolvable_per_hour")


class TraceError(ValueError):
    """A line of a trace that cannot be read; the message names the line and the mend."""


@click.command("growth")
@click.argument("file", default="-", type=click.Path(dir_okay=False, allow_dash=True))
@click.option("--kind", type=click.Choice(KINDS), default="rss", show_default=True, help="What the values are.")
@click.option("--planned", type=DURATION, metavar="TIME", help="How long the run was planned to be, for example 24h.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def growth(file: str, kind: str, planned: float | None, as_json: bool) -> None:  # noqa: FBT001  # click's way
    """Judge whether the series in FILE (CSV with the header t,value; - is standard input) grows.

    t is in seconds, value in bytes, a count, or bytes per second. For throughput, falling is what is looked for.
    The trace is replayed in order and judged every minute of its time, as it would have been live. Where it is known
    how long the run was planned to be, a rise in its first eighth is not called a leak yet, because everything rises at
    its start, and later ones are called sooner.
    """
    from stresstui.core.growth import Kind, replay

    try:
        with click.open_file(file, encoding="utf-8-sig") as lines:
            found = replay(points(lines), Kind(kind), planned)
    except (OSError, UnicodeDecodeError, TraceError) as error:
        name = "standard input" if file == "-" else file
        click.echo(f"stresstui growth: {name}: {_said(error)}", err=True)
        sys.exit(USAGE)
    click.echo(_object(found) if as_json else _text(found))


def points(lines: Iterable[str]) -> Iterator[tuple[float, float]]:
    """Yield time and value of each line, missing values left out; raise TraceError with the line's number."""
    columns: tuple[int, int] | None = None
    last = float("-inf")
    number = 0
    for number, line in enumerate(lines, 1):  # the number is also wanted after the last line
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        cells = [cell.strip().strip('"') for cell in text.split(",")]
        if columns is None:
            columns = _columns(cells, number)
            continue
        t, value = _row(cells, columns, number)
        if t < last:
            raise TraceError(f"line {number}: t goes back from {last:g} to {t:g}: sort the lines by t")
        last = t
        if value is not None:
            yield t, value
    if columns is None:
        raise TraceError(f"line {max(number, 1)}: no header: begin with a line that says t,value")


def _columns(cells: list[str], number: int) -> tuple[int, int]:
    names = [cell.lower() for cell in cells]
    if "t" not in names or "value" not in names:
        raise TraceError(f"line {number}: header is {','.join(cells)[:40]!r}: begin with a line that says t,value")
    return names.index("t"), names.index("value")


def _row(cells: list[str], columns: tuple[int, int], number: int) -> tuple[float, float | None]:
    if len(cells) <= max(columns):
        raise TraceError(f"line {number}: {len(cells)} column(s): write t,value, for example 60,1048576")
    t = _number(cells[columns[0]], "t", number)
    if t is None:
        raise TraceError(f"line {number}: t is missing: write seconds, for example 60")
    return t, _number(cells[columns[1]], "value", number)


def _number(cell: str, name: str, number: int) -> float | None:
    if cell.lower() in NOTHING:
        return None
    try:
        value = float(cell)
    except ValueError:
        raise TraceError(
            f"line {number}: {name} is {cell[:40]!r}, not a number: write it plainly, for example 1048576"
        ) from None
    if abs(value) == float("inf"):
        raise TraceError(f"line {number}: {name} is infinite: leave the cell empty where nothing was measured")
    return value


def _said(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"line 1: not UTF-8 text (byte {error.start}): save it as CSV text"
    if isinstance(error, OSError):
        return f"line 0: {error.strerror or error}: name a readable file, or - for standard input"
    return str(error)


def _object(found: "Replay") -> str:
    import json

    return json.dumps({key: getattr(found, key) for key in JSON_KEYS}, allow_nan=False)


def _text(found: "Replay") -> str:
    alarms = [f"{on:g} s to {'the end' if off is None else f'{off:g} s'}" for on, off in found.alarms]
    return "\n".join(
        (
            f"leak    {'yes' if found.leak else 'no'}",
            f"state   {found.state}",
            f"why     {found.reason}",
            f"alarms  {'; '.join(alarms) or 'none'} ({found.evals} evaluations)",
        )
    )
