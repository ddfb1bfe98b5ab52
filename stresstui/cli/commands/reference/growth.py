"""`stresstui growth`: say whether a recorded series of numbers grows."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from stresstui.cli.options import DURATION, report_dir_option
from stresstui.cli.terminal.say import say

if TYPE_CHECKING:
    from stresstui.core.growth import Replay
    from stresstui.traces.trace import Trace, Wanted

USAGE = 2
KINDS = ("rss", "fds", "sockets", "throughput", "bytes_up", "bytes_down", "gauge_up", "gauge_down")
JSON_KEYS = ("leak", "first_alarm_t", "alarms", "evals", "state", "slope_per_hour", "ci", "resolvable_per_hour")


@click.command("growth")
@click.argument("file", default="-", type=click.Path(allow_dash=True))
@click.option("--kind", type=click.Choice(KINDS), help="What the values are: as --value is called, else rss.")
@click.option("--planned", type=DURATION, metavar="TIME", help="How long the run was planned to be, for example 24h.")
@click.option("--time", default="", metavar="NAME", help="The time column, where that is not clear.")
@click.option("--value", default="", metavar="NAME", help="The value column, or the metric of a run.")
@click.option("--unit", default="", metavar="UNIT", help="Unit of the values, where the file does not say it: MiB.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@report_dir_option
def growth(  # noqa: PLR0917 - click's way
    file: str,
    kind: str | None,
    planned: float | None,
    time: str,
    value: str,
    unit: str,
    as_json: bool,  # noqa: FBT001 - click's way
    report_dir: Path,
) -> None:
    """Judge whether the series in FILE (- is standard input) grows.

    FILE is a table with a header (CSV of any kind, psrecord, pidstat, sadf -d, vmstat -t, columns of spaces, psql),
    what ps, free, smem or kubectl print under date, top -b, lines of a log with name=value, JSON (answers of
    Prometheus, CloudWatch, Datadog, Elasticsearch, InfluxDB, Azure, Google, Grafana, Graphite, OpenTSDB, Zabbix,
    netdata; pairs, an object a line), OpenMetrics, Graphite, OpenTSDB and InfluxDB lines with times, InfluxDB's CSV,
    rrdtool fetch, typeperf, mprof, massif, atop -P, the guide's monitor log, or a run of stresstui (its name, directory
    or archive).
    Times may be seconds, epochs of any size, ISO or clock times. Of throughput, bytes_down (free
    memory) and gauge_down, falling is what is looked for.
    What is not clear is refused, with what to say.

    The trace is replayed in order and judged every minute of its time, as it would have been live. Where it is known
    how long the run was planned to be, a rise from its start is not called a leak in its first quarter (of a day, in
    its first four hours), because everything rises at its start, unless it is straight from the first reading on and
    slow beside the level; later ones are called sooner.
    """
    from stresstui.core.growth import Kind, replay
    from stresstui.traces.columns import kind_called
    from stresstui.traces.trace import TraceError, Wanted

    called = kind_called(value) if kind is None else ""
    kind = kind or called or "rss"
    try:
        trace = _read(_place_of(file, report_dir), Wanted(kind, time, value, unit))
    except (OSError, TraceError) as error:
        said: object = error
        if isinstance(error, OSError):
            why = "a folder, and no run's" if Path(file).is_dir() else str(error.strerror or error)
            said = f"{why}: name a readable file"
        say(f"stresstui growth: {'standard input' if file == '-' else file}: {said}", err=True)
        sys.exit(USAGE)
    judged_as = [f"judged as {kind}, as '{value}' is called; --kind says otherwise"] if called else []
    for note in (*trace.notes, *judged_as):
        say(f"note    {note}", err=True)
    found = replay(trace.points, Kind(kind), planned)
    say(_object(found) if as_json else _text(found, trace.points[0][0] if trace.points else 0.0))


def _place_of(file: str, report_dir: Path) -> str:
    """The file, or the folder of the run that is named instead of one; of an archive a folder for a while."""
    path = Path(file)
    named = not path.exists() and path.name == file and not path.suffix and file != "-"
    if not named and path.suffixes[-2:] != [".tar", ".zst"]:
        return file
    from stresstui.cli.find_run import find_run

    return str(find_run(file, report_dir, live=False))


def _read(file: str, wanted: "Wanted") -> "Trace":
    from stresstui.traces.reader import parse_trace, read_trace

    return parse_trace(sys.stdin.buffer.read(), wanted) if file == "-" else read_trace(Path(file), wanted)


def _object(found: "Replay") -> str:
    import json

    return json.dumps({key: getattr(found, key) for key in JSON_KEYS}, allow_nan=False)


def _text(found: "Replay", start: float) -> str:
    from stresstui.core.growth import leak_called
    from stresstui.core.model.units import format_duration

    def at(t: float) -> str:
        return format_duration(t - start)

    alarms = [f"from {at(on)} after its start to {'the end' if off is None else at(off)}" for on, off in found.alarms]
    return "\n".join(
        (
            f"leak    {leak_called(found.state, leak=found.leak)}",
            f"state   {_state(found)}",
            f"why     {found.reason}",
            f"alarms  {'; '.join(alarms) or 'none'} ({found.evals} evaluations)",
        )
    )


def _state(found: "Replay") -> str:
    """The state, and what it means where the verdict is another."""
    rising = found.state == "growing"
    return f"{found.state}, not for long enough to call it a leak" if rising and not found.leak else str(found.state)
