"""The plugin in a pytest of its own, as somebody else's project would have it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.box import Box

PLUGIN = ("-p", "stresstui.pytest_plugin", "-p", "no:cacheprovider")
STRICT = """
title = "Strict"

[[criteria]]
id = "few"
title = "Few descriptors"
rule = "max(fds) < {limit}"
"""


THEIRS = """
import pathlib, time

def test_one():
    deadline = time.monotonic() + 60
    while True:  # until it has been judged a few times
        for journal in pathlib.Path({reports!r}).glob("*/journal.jsonl"):
            if journal.read_text().partition('"phase":"soak"')[2].count('"event":"sample"') > 1:
                return
        assert time.monotonic() < deadline
        time.sleep(0.1)
"""


@pytest.fixture
def project(box: Box) -> Path:
    path = box.folder / "test_theirs.py"
    path.write_text(THEIRS.format(reports=str(box.reports)))
    return path


def theirs(box: Box, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", str(box.folder), *PLUGIN, *words),
        cwd=box.folder, env=box.env | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}, capture_output=True, text=True,
        timeout=90, check=False,
    )  # fmt: skip


def strict(box: Box, limit: int) -> tuple[str, ...]:
    path = box.folder / "strict.toml"
    path.write_text(STRICT.format(limit=limit))
    return ("--stresstui", "--stresstui-report-dir", str(box.reports), "--stresstui-criteria", str(path))


def test_what_the_tests_break_fails_the_session(box: Box, project: Path) -> None:
    done = theirs(box, *strict(box, 1), str(project))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED: Few descriptors: " in done.stdout
    assert "1 passed" in done.stdout
    box.wait_end()


def test_what_holds_leaves_it_alone(box: Box, project: Path) -> None:
    done = theirs(box, *strict(box, 10_000), str(project))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 of 1 criteria are not broken" in done.stdout
    box.wait_end()
    request = json.loads((box.directory() / "run.json").read_text())
    assert request["runner"] == "pid"


def test_without_the_option_nothing_is_loaded_or_recorded(box: Box) -> None:
    (box.folder / "test_light.py").write_text(
        "import sys\ndef test_light():\n    own = {n for n in sys.modules if n.startswith('stresstui')}\n"
        "    assert own == {'stresstui', 'stresstui.pytest_plugin'}\n"
    )
    assert theirs(box, "test_light.py").returncode == 0
    assert not box.reports.exists()


def test_what_cannot_be_watched_is_said_in_one_line(box: Box, project: Path) -> None:
    (box.folder / "file").write_text("")
    done = theirs(box, "--stresstui", "--stresstui-report-dir", str(box.folder / "file" / "x"), str(project))
    assert done.returncode == 4
    assert "--stresstui: stresstui: cannot start the run" in done.stdout + done.stderr
