"""The commands: where each is and what it does, so that listing them imports none."""

from typing import Final, NamedTuple


class Place(NamedTuple):
    """A command in ``stresstui.cli.commands``."""

    module: str
    """Its room and module."""
    name: str
    """Its name in that."""
    what: str
    """What it does, for the list."""


COMMANDS: Final = {
    "run": Place("start.run", "run", "Run a scenario, or any command behind '--', and judge it."),
    "suite": Place("start.suite", "suite", "Run several scenarios in sequence, one verdict."),
    "fleet": Place("start.fleet", "fleet", "Run scenarios on several boxes, one verdict."),
    "watch": Place("start.watch", "watch", "Watch and judge what is already running."),
    "attach": Place("live.attach", "attach", "Show a run from its start and follow it."),
    "serve": Place("live.serve", "serve", "Show a run in a browser on this machine, read only."),
    "stop": Place("live.stop", "stop", "Stop a run."),
    "note": Place("live.note", "note", "Write a note into a run's journal."),
    "investigate": Place(
        "live.investigate", "investigate", "Look into a run's processes: heap, CPU, stacks, descriptors."
    ),
    "alert": Place("live.alert", "alert", "Who is told of breaches and ends, and whether it arrives."),
    "runs": Place("past.runs", "runs", "List the runs and how they came out."),
    "report": Place("past.report", "report", "Make a report: HTML, Markdown, JUnit, CSV, Parquet, pictures."),
    "export": Place("export.export", "export", "Give a run to Prometheus; rules and a dashboard for a scenario."),
    "ci": Place("ci.ci", "ci", "Print a workflow for GitHub or a job for GitLab."),
    "compare": Place(
        "compare.compare", "compare", "Compare runs: what changed, how surely, and what would have shown."
    ),
    "baseline": Place("compare.baseline", "baseline", "Keep the numbers of good runs to compare later ones with."),
    "history": Place("compare.history", "history", "Show a scenario's runs over time, and where they changed."),
    "ab": Place("compare.ab", "ab", "Run two commands in turn and compare them."),
    "logs": Place("past.logs", "logs", "Print what a run's workload prints."),
    "replay": Place("past.replay", "replay", "Play a recorded run on the screen again."),
    "clip": Place("past.clip", "clip", "Write a stretch of a run as its screen showed it: asciicast, SVG."),
    "rerun": Place("start.rerun", "rerun", "Run again what a recorded run ran."),
    "archive": Place("past.archive", "archive", "Put a run into one file."),
    "prune": Place("past.prune", "prune", "Remove old runs."),
    "list": Place("reference.catalogue", "list_command", "List the scenarios."),
    "show": Place("reference.catalogue", "show_command", "Show what a scenario runs and how it is judged."),
    "doctor": Place("reference.doctor", "doctor", "Is this machine fit for the run, and what cannot be seen?"),
    "metrics": Place("reference.catalogue", "metrics_command", "List the metrics that a rule may use."),
    "judge": Place("past.judge", "judge", "Judge a recorded run again."),
    "growth": Place("reference.growth", "growth", "Judge whether a series of numbers grows."),
    "lab": Place("start.lab", "lab", "Real protocol stacks on loopback, under load or for other programs."),
    "config": Place("reference.config", "config", "Your defaults: where they are, what holds, a file to begin with."),
    "completion": Place("reference.completion", "completion", "Print what has a shell complete names and options."),
    "man": Place("reference.man", "man", "Write man pages."),
    "help": Place("reference.help", "help_command", "Show a page on what takes more than a line."),
}
"""By what they are called."""
