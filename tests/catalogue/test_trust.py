import os
from pathlib import Path

import pytest

from stresstui import catalogue
from stresstui.catalogue import ScenarioError
from tests.places import Write

GOOD = """
duration = "3s"
warm_up = "0s"
[command]
argv = ["true"]
[[criteria]]
id = "a"
title = "A"
rule = "max(rss) < 1GiB"
"""


@pytest.mark.parametrize(("mode", "said"), [(0o664, "its group"), (0o666, "everybody"), (0o602, "everybody")])
def test_a_scenario_that_others_can_write_is_refused(write: Write, mode: int, said: str) -> None:
    path = write("mine.toml", GOOD)
    assert catalogue.load_file(path).duration == 3.0
    path.chmod(mode)
    with pytest.raises(ScenarioError, match=f"can be written by {said}; chmod go-w"):
        catalogue.load_file(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_scenario_of_another_user_is_refused(write: Write) -> None:
    path = write("theirs.toml", GOOD)
    os.chown(path, 12345, -1)
    with pytest.raises(ScenarioError, match=r"belongs to another user \(uid 12345\)"):
        catalogue.load_file(path)


def test_a_folder_in_which_others_can_put_files_is_refused(write: Write, tmp_path: Path) -> None:
    path = write("open/mine.toml", GOOD)
    path.parent.chmod(0o777)
    with pytest.raises(ScenarioError, match=r"the folder .*open can be written by everybody"):
        catalogue.load_file(path)


def test_planted_scenarios_of_a_project_do_not_replace_built_in_ones(project: Path, write: Write) -> None:
    write("project/.stresstui/ech_24h.toml", GOOD)
    assert catalogue.load("ech_24h").duration == 3.0
    (project / ".stresstui").chmod(0o777)
    with pytest.raises(ScenarioError, match="can be written by everybody"):
        catalogue.load("ech_24h")
