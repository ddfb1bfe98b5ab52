"""``stresstui investigate``: look into a run's processes while it is on."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from stresstui.cli.find_run import find_run, must_be_on
from stresstui.cli.options import DURATION, report_dir_option
from stresstui.cli.runs_of import folded
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.investigate.looks import Look

_USUAL: Final = "30s"


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@click.option("--fds", is_flag=True, help="Open descriptors by kind, state and peer, the most first.")
@click.option("--memory", is_flag=True, help="Which mappings hold the memory.")
@click.option("--stacks", is_flag=True, help="Where threads are in the kernel; frames of Python programs by py-spy.")
@click.option(
    "--heap", is_flag=True, help="Go: which functions hold memory and goroutines, against the end of warm-up."
)
@click.option("--perf", type=DURATION, is_flag=False, flag_value=_USUAL, metavar="[DURATION]",
              help=f"Where CPU time goes, as a flame graph  [{_USUAL}]")  # fmt: skip
@click.option("--heaptrack", type=DURATION, is_flag=False, flag_value=_USUAL, metavar="[DURATION]",
              help=f"Rust, C: what the largest process allocates and keeps; may crash it  [{_USUAL}]")  # fmt: skip
@click.option("--pprof", metavar="ADDRESS", multiple=True, help="Where a Go program gives its profiles. Repeatable.")
@report_dir_option
def investigate(
    *,
    run: str | None,
    fds: bool,
    memory: bool,
    stacks: bool,
    heap: bool,
    perf: float | None,
    heaptrack: float | None,
    pprof: tuple[str, ...],
    report_dir: Path,
) -> None:
    """Look into the processes under test of RUN, which is on; without options at all but --perf and --heaptrack.

    What is found is shown and kept in evidence/. What slows the processes says so to the run: no time and no rate that
    is measured meanwhile is judged; what it cost is shown. 'run --pprof' profiles a run's Go programs by itself.
    """
    from stresstui.investigate import looks

    run_dir = find_run(run, report_dir, live=True)
    must_be_on(run_dir)
    state = folded(run_dir)
    pids = {process.pid: process.name for process in state.under_test()}
    if not pids:
        refuse(f"stresstui investigate: {run_dir.name} has no process under test just now", ExitCode.INCONCLUSIVE)
    at = looks.Target(run_dir, state, pids)
    every = not (fds or memory or stacks or heap or perf or heaptrack or pprof)
    wanted = [
        *([looks.fds(at)] if fds or every else ()),
        *([looks.memory(at)] if memory or every else ()),
        *([looks.stacks(at)] if stacks or every else ()),
        *([looks.profiles(at, pprof, asked=not every)] if heap or every or pprof else ()),
        *([looks.cpu(at, perf)] if perf else ()),
        *([looks.allocations(at, heaptrack)] if heaptrack else ()),
    ]
    _note(run_dir, f"looking into {', '.join(look.name for look in wanted)}")
    failed = [look for look in wanted if not _done(run_dir, look)]
    sys.exit(ExitCode.COULD_NOT_RUN if len(failed) == len(wanted) else ExitCode.PASSED)


def _done(run_dir: Path, look: "Look") -> bool:
    """Look and show; what cannot be had is said with what to do."""
    from stresstui.engine.supervise.descriptors import TooCostlyError
    from stresstui.investigate.burden import burdening
    from stresstui.investigate.pprof import NoAnswerError
    from stresstui.investigate.profile import ProfileError
    from stresstui.investigate.tools.tool import ToolError

    say(f"== {look.name}")
    began = _now(run_dir)
    try:
        if look.burdens_s:
            what = f"{look.name} looked into"
            with burdening(run_dir, what, look.burdens_s, _warn, leaves_traces=look.leaves_traces):
                lines = look.work()
        else:
            lines = look.work()
    except (TooCostlyError, ToolError, NoAnswerError, ProfileError, OSError) as error:
        say(f"  {error}")
        return False
    for line in lines:
        say(f"  {line}")
    if look.burdens_s:
        _say_cost(run_dir, look, began)
    return True


def _say_cost(run_dir: Path, look: "Look", began: float) -> None:
    """What the run's numbers did meanwhile, and what is not judged of them."""
    from stresstui.investigate.cost import cost_of

    state = folded(run_dir)
    cost = cost_of(state, began, state.t)
    left = "nothing of it is judged any more" if look.leaves_traces else "its times and rates are not judged"
    told = f"cost: {', '.join(cost) or 'too short to tell'}; {left}"
    say(f"  {told}")
    _note(run_dir, f"{look.name} looked into; {told}")


def _now(run_dir: Path) -> float:
    """The run's own time; 0 where it does not answer."""
    from stresstui.engine.control import client

    try:
        return client.status(run_dir).t
    except OSError:
        return 0.0


def _warn(text: str) -> None:
    say(f"  {text}", err=True)


def _note(run_dir: Path, text: str) -> None:
    from stresstui.engine.control import client

    try:
        client.note(run_dir, text, by="investigate")
    except OSError as error:
        say(f"not noted in the run: {error}", err=True)
