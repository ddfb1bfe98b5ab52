"""The doctor's look at the machine before each run: recorded in run.json, and what is a problem is said at once."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stresstui.cli.terminal.say import say
from stresstui.core.model.check import Level

if TYPE_CHECKING:
    from stresstui.engine.launch.request import RunRequest


def checked(request: "RunRequest", report_dir: Path) -> "RunRequest":
    """The request with what the doctor found; a problem is said, and ends nothing: the verdict will have its doubts."""
    from stresstui.doctor.examine import before_run
    from stresstui.doctor.needs import Needs

    needs = Needs(
        scenario=request.scenario, duration=request.duration, runner=request.runner.value, report_dir=report_dir
    )
    checks = before_run(needs)
    for check in checks:
        if check.level is Level.PROBLEM:
            say(f"stresstui doctor: {check.name}: {check.found}; {check.mend}", err=True)
    return msgspec.structs.replace(request, checks=tuple(checks))
