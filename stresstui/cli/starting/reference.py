"""What a run is held against by rules on the baseline, put into its request so that its record stands for itself."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say

if TYPE_CHECKING:
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
    reach = reaches_of(baseline)
    known = msgspec.structs.replace(scenario, reference=means_of(baseline), reference_reach=reach)
    return msgspec.structs.replace(request, scenario=known)
