"""``stresstui stop``: end a run."""

from pathlib import Path

import click

from stresstui.cli.find_run import find_run, must_be_on
from stresstui.cli.options import report_dir_option
from stresstui.cli.terminal import complete
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say


@click.command()
@click.argument("run", required=False, shell_complete=complete.runs)
@report_dir_option
@click.option("--now", is_flag=True, help="Kill what does not end at once, instead of giving it time.")
@click.option("--finish", is_flag=True, help="As its planned end, where it has none: it cools down and is judged.")
@click.option("--reason", default="", help="Why; recorded with the run.")
def stop(run: str | None, report_dir: Path, now: bool, finish: bool, reason: str) -> None:  # noqa: FBT001 - click's
    """Stop RUN (without RUN the one that is on) cleanly; it is judged as aborted."""
    from stresstui.engine.control import client
    from stresstui.engine.control.client import stop_run
    from stresstui.engine.process.pidfile import SupervisorWatch

    run_dir = find_run(run, report_dir, live=True)
    supervisor = SupervisorWatch(run_dir)
    must_be_on(run_dir)
    if finish:
        try:
            client.finish(run_dir)
        except OSError as error:
            refuse(f"stresstui: {error}")
        say(f"{run_dir.name} is finishing")
        return
    try:
        stop_run(run_dir, supervisor, by="user", reason=reason)
        if now:  # asked a second time, as by a second Ctrl-C, the supervisor waits for nobody
            stop_run(run_dir, supervisor, by="SIGTERM", reason=reason)
    except OSError as error:
        refuse(f"stresstui: {run_dir.name} cannot be stopped, its supervisor does not answer: {error}")
    elsewhere = "" if run_dir.parent.resolve() == report_dir.resolve() else f", in {run_dir.parent}"
    say(f"{run_dir.name} is stopping{elsewhere}")
