"""Secrets of a recorded run, which its record has not: from the environment, or from the scenario's own file."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from stresstui.cli.terminal.refuse import refuse
from stresstui.core.text.secret import HIDDEN

if TYPE_CHECKING:
    from stresstui.core.model.scenario import Scenario
    from stresstui.engine.launch.request import RunRequest


def with_secrets(request: "RunRequest") -> "RunRequest":
    """The request with the values of its variables; what cannot be had ends the program with one line."""
    scenario = request.scenario
    argv = (*request.command, *(scenario.command.argv if scenario.command else ()))
    if any(HIDDEN in word for word in argv):
        refuse(f"stresstui rerun: secrets in the command of {request.run} were not kept; run it with 'stresstui run'")
    missing = [name for name, value in scenario.env.items() if value == HIDDEN]
    found = _from_file(scenario) if missing else {}
    found |= {name: os.environ[name] for name in missing if name in os.environ}
    if lacking := [name for name in missing if name not in found]:
        named = ", ".join(lacking)
        refuse(f"stresstui rerun: values of variables are not kept with a run; set these first: {named}")
    env = scenario.env | {name: found[name] for name in missing}
    return msgspec.structs.replace(request, scenario=msgspec.structs.replace(scenario, env=env))


def _from_file(scenario: "Scenario") -> dict[str, str]:
    from stresstui.catalogue import ScenarioError, load_file

    try:
        return dict(load_file(Path(scenario.source)).env) if scenario.source else {}
    except ScenarioError:
        return {}
