"""The verdict in words."""

from collections.abc import Sequence

from stresstui.core.model.metric import BUILT_IN, infer
from stresstui.core.model.units import format_value
from stresstui.core.text.printable import printable
from stresstui.fleet.report.load import facts, title
from stresstui.fleet.verdict import BoxRun, FleetVerdict, Outlier


def markdown(name: str, runs: Sequence[BoxRun], verdict: FleetVerdict) -> str:
    """The summary for people."""
    lines = [
        f"# {name}: {verdict.outcome}",
        "",
        "| box | scenario | outcome | process | why |",
        "|---|---|---|---|---|",
    ]
    for run in runs:
        cells = (run.box, run.scenario, run.outcome, run.process, "; ".join(run.reasons))
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    for joint in verdict.joints:
        lines += ["", f"Load of {title(joint)}: {joint.outcome}", "", "| | all clients together |", "|---|---|"]
        lines += [f"| {_cell(what)} | {_cell(said)} |" for what, said in facts(joint)]
        lines += ["", *(f"- {reason}" for reason in joint.reasons)] if joint.reasons else []
    if verdict.outliers:
        lines += ["", "Boxes that differ from their peers:", ""]
        lines += [f"- {say_outlier(outlier)}" for outlier in verdict.outliers]
    return "\n".join(lines) + "\n"


def say_outlier(found: Outlier) -> str:
    """One that differs, in a sentence."""
    metric = BUILT_IN.get(found.metric) or infer(found.metric)
    why = f"; all such boxes have {found.labels}, and no other" if found.labels else ""
    return (
        f"{found.box}: {metric.title} of {found.scenario} is {format_value(found.value, metric.unit)}, its peers' "
        f"median {format_value(found.median, metric.unit)} ({found.sigmas:.1f} robust standard deviations off){why}"
    )


def _cell(text: str) -> str:
    return printable(text).replace("|", "\\|").replace("\n", " ")
