"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
import msgspec

from stresstui.cli.terminal import complete
from stresstui.core.model.units import UnitError, parse_duration

DEFAULT_REPORT_DIR: Final = Path("reports/stress-tests")
"""Where runs are recorded, from the working directory: the guide's own folder."""


class ShowOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a run is shown."""

    headless: bool = False
    """True for plain lines instead of the screen."""
    detach: bool = False
    """True where it is not shown at all."""
    theme: str | None = None
    """Colours of the screen."""
    ascii_only: bool = False
    """True where the screen draws with ASCII only."""
    mouse: bool = False
    """True where the screen uses the mouse."""
    fps: float | None = None
    """Drawings of the screen in a second, at most; None = one for each sample."""
    bell: str = "off"
    """How the terminal tells of breaches and of the end."""
    read_only: bool = False
    """True where the screen neither stops the run nor writes notes."""


class PlanOptions(ShowOptions, frozen=True, kw_only=True):
    """How long, how often and where to; None = the scenario's own."""

    duration: float | None = None
    """Warm-up and soak together, seconds."""
    warm_up: float | None = None
    """Seconds that are not judged."""
    cool_down: float | None = None
    """Seconds after the load."""
    interval: float | None = None
    """Seconds between samples."""
    collector: str = "auto"
    """How the operating system is read."""
    report_dir: Path = DEFAULT_REPORT_DIR
    """Folder in which runs are recorded."""
    shared_report_dir: bool = False
    """True where others may write in that folder."""
    repeat: int | None = None
    """How often it is run; None = once."""
    until_fail: bool = False
    """True where it is run until it fails."""
    bisect: bool = False
    """True where the exit code is for ``git bisect run``."""
    pprof: tuple[str, ...] = ()
    """Where Go programs give their profiles, or ``announced``."""
    otlp: str | None = None
    """Base address of a receiver of OTLP over HTTP; None = nobody."""
    metrics_listen: str | None = None
    """Where scrapes of the run are answered; None = nowhere."""
    unit: bool = False
    """True where the supervisor is to be in a scope of the user's systemd."""


class RunOptions(PlanOptions, frozen=True, kw_only=True):
    """How a scenario's workload is started."""

    runner: str | None = None
    """``cargo``, ``lab`` or ``command``; None = what fits."""
    workspace: Path | None = None
    """Cargo workspace; None = found upwards."""
    features: tuple[str, ...] = ()
    """Cargo features besides the scenario's, as written: comma-separated."""
    inject: tuple[str, ...] = ()
    """Faults to rehearse."""
    through: bool = False
    """True where the command's output and exit status are passed on instead of the verdict."""
    served_at: str | None = None
    """Address at which only the lab's servers are to be, for clients on other boxes."""
    invitation: Path | None = None
    """File of what those clients need: written with ``served_at``, read without."""
    heaptrack: bool = False
    """True where every allocation is recorded, and nothing but what is counted is judged."""


Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class DurationType(click.ParamType[float]):
    """A duration such as 90s, 10m or 24h; seconds."""

    name = "duration"

    def __init__(self, *, may_be_none: bool = False) -> None:
        self._may_be_none = may_be_none

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read the duration; a mistake is a usage error."""
        if isinstance(value, float):
            return value
        try:
            seconds = parse_duration(str(value))
        except UnitError as error:
            self.fail(str(error), param, ctx)
        if seconds <= 0 and not self._may_be_none:
            self.fail(f"'{value}' is not longer than nothing", param, ctx)
        return seconds


DURATION: Final = DurationType()
PAUSE: Final = DurationType(may_be_none=True)
"""A time that can be left out: 0s."""

report_dir_option: Decorator = click.option(
    "--report-dir",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_REPORT_DIR,
    show_default=True,
    help="Folder in which runs are recorded.",
)

shared_option: Decorator = click.option(
    "--shared-report-dir", is_flag=True, help="Record in --report-dir though others can write there."
)

_RUN: Final = (
    click.option(
        "-s",
        "--scenario",
        metavar="NAME",
        shell_complete=complete.scenarios,
        help="Scenario to run; 'stresstui list' shows them.",
    ),
    click.option(
        "--scenario-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Scenario file to run.",
    ),
    click.option(
        "--runner",
        type=click.Choice(["cargo", "lab", "command"]),
        help="How to start the workload  [default: cargo where the workspace has the test, else lab]",
    ),
    click.option(
        "--workspace",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Cargo workspace  [default: found upwards from here]",
    ),
    click.option(
        "--features",
        metavar="LIST",
        multiple=True,
        help="Cargo features besides the scenario's and those that the test's source asks for. Repeatable.",
    ),
    click.option(
        "--inject",
        metavar="FAULT",
        multiple=True,
        help="Rehearse an alarm: have the lab do something wrong, such as leak-memory=1MiB/min, leak-fds=1/10s, "
        "leak-sockets=1/10s, stall=5s@60s, drop=1%, corrupt=1@90s, crash@120s or slowdown=10%/h. Repeatable.",
    ),
    click.option(
        "--serve",
        "served_at",
        metavar="ADDRESS",
        help="Only the lab's servers, at an address or name of here, for clients elsewhere: 'stresstui help fleet'.",
    ),
    click.option(
        "--invitation",
        type=click.Path(dir_okay=False, path_type=Path),
        help="What those clients need: a file, written with --serve; without it the servers that it names are loaded.",
    ),
    click.option(
        "--through",
        is_flag=True,
        help="Pass the command's output and exit code on; the rest goes to standard error. As cargo's runner and "
        "nextest's wrapper it does so by itself.",
    ),
    click.option(
        "--heaptrack",
        is_flag=True,
        help="Record every allocation of what cargo or a command starts; the report names what was kept. Slow: such a "
        "run judges only what is counted.",
    ),
)
_PLAN: Final = (
    click.option(
        "--duration",
        type=DURATION,
        help="Warm-up and soak together; cool-down comes after. A cargo test or a command is stopped then.",
    ),
    click.option("--warm-up", type=PAUSE, help="Time that is not judged  [default: the scenario's]"),
    click.option("--cool-down", type=PAUSE, help="Time after the load  [default: the scenario's]"),
    click.option("--interval", type=DURATION, help="Time between samples  [default: the scenario's, 1s]"),
    click.option(
        "--collector",
        type=click.Choice(["auto", "linux", "portable"]),
        default="auto",
        show_default=True,
        help="How the operating system is read.",
    ),
    click.option(
        "--pprof",
        metavar="ADDRESS",
        multiple=True,
        help="Profile a Go program at the end of warm-up and at breaches, and name what grew; 'announced' for the "
        "lab's own. Repeatable.",
    ),
    click.option(
        "--otlp", metavar="URL", help="Push metrics to an OTLP receiver over HTTP, e.g. http://127.0.0.1:4318."
    ),
    click.option("--metrics-listen", metavar="ADDRESS", help="Answer scrapes in OpenMetrics, e.g. at 127.0.0.1:9464."),
)
_AGAIN: Final = (
    click.option("--repeat", type=click.IntRange(min=1), metavar="N", help="Run it N times; one failure fails all."),
    click.option("--until-fail", is_flag=True, help="Run it until it fails, at most --repeat times."),
    click.option("--bisect", is_flag=True, help="Exit codes for 'git bisect run': 125 for what could not be judged."),
    click.option("--unit", is_flag=True, help="Start in a systemd scope of the user, where logout would kill the run."),
)
_SHOW: Final = (
    click.option("--headless", is_flag=True, help="Print plain lines and the verdict instead of the screen."),
    click.option("--detach", is_flag=True, help="Start the run and return at once."),
    click.option("--theme", metavar="NAME", shell_complete=complete.themes, help="Colours of the screen."),
    click.option("--ascii", "ascii_only", is_flag=True, help="Draw with ASCII only  [default: as the locale allows]"),
    click.option("--mouse", is_flag=True, help="Let the screen use the mouse."),
    click.option("--fps", type=click.FloatRange(0.01, 30.0), metavar="N",
                 help="Drawings in a second at most, such as 0.2 over a slow link  [default: one for each sample]"),
    click.option("--bell", type=click.Choice(["off", "bell", "osc9", "osc777"]), default="off", show_default=True,
                 help="Have the terminal tell of breaches and of the end: its bell, or a notification."),
)  # fmt: skip


def _apply(*decorators: Decorator) -> Decorator:
    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


plan_options: Decorator = _apply(*_PLAN, report_dir_option, shared_option, *_AGAIN, *_SHOW)
"""How long, how often, where to, and how to show it."""

show_options: Decorator = _apply(_SHOW[0], *_SHOW[2:])
"""How to show a run that is there."""

run_options: Decorator = _apply(*_RUN, plan_options)
"""Everything that starts a scenario."""
