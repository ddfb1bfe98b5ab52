"""What a run is held against by rules on the baseline, put into its request so that its record stands for itself."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say

if TYPE_CHECKING:
    from stresstui.compare.baseline import Baseline
    from stresstui.engine.launch.request import RunRequest


def with_reference(request: "RunRequest", report_dir: Path) -> "RunRequest":
    """The request with the baseline's means where a rule asks for them; where there are none, that is said."""
    scenario = request.scenario
    if not any(spec.rule.lstrip().startswith("vs") for spec in scenario.criteria):
        return request
    from stresstui.compare.baseline import BaselineError, means_of, reaches_of, read

    try:
        baseline = read(report_dir, scenario.name)
    except BaselineError as error:
        refuse(f"stresstui run: {error}")
    if baseline is None:
        say(
            f"stresstui: {scenario.name} has no baseline, so its rules against it stay open; 'stresstui help guide'",
            err=True,
        )
        return request
    unlike = "; ".join(_unlike(request, baseline))
    if unlike:
        say(f"stresstui: rules against the baseline of {scenario.name} stay open: {unlike}", err=True)
    known = msgspec.structs.replace(
        scenario, reference=means_of(baseline), reference_reach=reaches_of(baseline), reference_unlike=unlike
    )
    return msgspec.structs.replace(request, scenario=known)


def _unlike(request: "RunRequest", baseline: "Baseline") -> list[str]:
    """Why this run is none that the baseline's can be held against, as far as that is known before it begins."""
    from stresstui.compare.setting import Setting, load_of, unlike
    from stresstui.core.model.units import format_duration

    planned = [request.duration, *(run.planned for run in baseline.runs)]
    lengths = {format_duration(one) if one else "none" for one in planned}
    runners = {request.runner.value, *(run.runner for run in baseline.runs)}
    said = [
        f"the {what} differ: {', '.join(sorted(found))}"
        for what, found in (("planned lengths", lengths), ("runners", runners))
        if len(found) > 1
    ]
    own = Setting(
        cpus=os.cpu_count() or 0,
        interval=request.interval,
        warm_up=request.warm_up,
        load=load_of(request.scenario.lab) if request.runner.value == "lab" else "",
    )
    return [*said, *unlike([*(run.setting for run in baseline.runs), own])]
