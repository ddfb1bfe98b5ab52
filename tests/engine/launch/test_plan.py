"""What a plan knows of a command before it is started."""

from pathlib import Path

import pytest

from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.engine.launch.plan import make_plan
from stresstui.engine.launch.request import RunRequest


@pytest.mark.parametrize(
    ("script", "so"), [('#!/bin/sh\nset -e\npytest -q "$@"\n', True), ("#!/bin/sh\npytest -q\nexec ./soak\n", False)]
)
def test_a_script_says_whether_it_does_nothing_but_test(tmp_path: Path, script: str, *, so: bool) -> None:
    (tmp_path / "run.sh").write_text(script)
    for command in (("./run.sh", "-x"), ("nice", "bash", "-e", "run.sh")):
        request = RunRequest(scenario=Scenario(name="x"), runner=RunnerKind.COMMAND, command=command, cwd=str(tmp_path))
        assert make_plan(request).tests is so
