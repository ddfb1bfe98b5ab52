"""Runs of real supervisors, each ended and its processes reaped whatever the test does."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from stresstui.engine.process.find import look_up
from tests.engine.launcher import PROGRAMS, Launcher, until


@pytest.fixture
def launch(tmp_path: Path) -> Iterator[Launcher]:
    launcher = Launcher(tmp_path / "runs")
    yield launcher
    launcher.end_all()


@pytest.fixture
def programs() -> Path:
    return PROGRAMS


@pytest.fixture
def gone() -> Callable[[int], bool]:
    return lambda pid: look_up(pid) is None


@pytest.fixture
def wait_until() -> Callable[..., Any]:
    return until
