"""This program's modules as processes, in folders whose own modules have the names of Python's."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui import itself
from tests.cli.box import Box

TAKEN = ("types", "json", "logging", "select", "msgspec", "click")


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    """A folder of a project that names its modules as it likes."""
    made = Box(tmp_path)
    shadow(tmp_path)
    yield made
    made.close()


def shadow(folder: Path) -> None:
    for name in TAKEN:
        (folder / f"{name}.py").write_text("raise SystemExit('the module of the project, not of Python')\n")


def test_a_run_takes_no_module_of_the_folder_that_it_is_started_in(box: Box) -> None:
    argv = (sys.executable, "-P", "-m", "stresstui", "run", "--headless", "--warm-up", "0s", "--", "true")
    done = subprocess.run(argv, cwd=box.folder, env=box.env, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 3, done.stdout + done.stderr  # too short to judge memory
    assert box.result()["outcome"] == "inconclusive"


def test_the_tests_of_a_project_may_name_their_modules_as_they_like(box: Box) -> None:
    """Pytest puts their folder before all others once it has loaded what it needs itself."""
    (box.folder / "conftest.py").write_text("")
    (box.folder / "test_theirs.py").write_text("def test_one():\n    pass\n")
    argv = [sys.executable, "-P", "-m", "pytest", "-q", "-c", "/dev/null", "--rootdir", ".", "-p", "no:cacheprovider"]
    argv += ["-p", "stresstui.pytest_plugin", "--stresstui", "--stresstui-report-dir", str(box.reports)]
    env = box.env | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(argv, cwd=box.folder, env=env, capture_output=True, text=True, check=False, timeout=90)
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert box.directory().name in done.stdout


def test_what_only_the_folder_has_is_found_there(tmp_path: Path) -> None:
    """A clone from which nothing is installed: its packages are where the module that was asked for is."""
    code = f"import sys; sys.path[:] = [{itself._HOME!r}, *(p for p in sys.path if p != {itself._HOME!r})]\n"
    code += "from stresstui import itself; print(*itself.python()[1:])"
    found = [
        subprocess.check_output((sys.executable, *how, "-c", code), text=True, cwd=tmp_path).split()
        for how in ((), ("-P",))
    ]
    assert found == [[], ["-P"]]


def test_a_module_is_found_where_this_process_finds_it_but_never_before_pythons(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shadow(tmp_path)
    (tmp_path / "only_here.py").write_text("import types; print(types.FunctionType)")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    done = subprocess.run(
        itself.module("only_here"), env=itself.environment(), cwd="/", capture_output=True, text=True, check=False
    )
    assert done.stdout == "<class 'function'>\n", done.stderr
    assert os.environ.get("PYTHONPATH") != itself.environment()["PYTHONPATH"]


@pytest.mark.parametrize("code", [0, 3])
def test_a_code_is_not_lost_to_who_would_look_into_python(code: int) -> None:
    """PYTHONINSPECT makes a traceback of a code, and 1 of each."""
    said = f"import atexit; from stresstui.itself import leave; atexit.register(print, 'left'); leave({code})"
    env = {**os.environ, "PYTHONINSPECT": "1"}
    argv = (sys.executable, "-c", said)
    done = subprocess.run(
        argv, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (code, "left\n", "")
