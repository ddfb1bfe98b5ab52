"""What every test of the command line stands on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stresstui.engine.process.kernel.exits import ExitReports
from tests.cli.box import Box


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    made.close()


@pytest.fixture
def told_ends() -> None:
    """Skip where the kernel tells nobody of ends, as in a container."""
    reports = ExitReports()
    listening = reports.listening
    reports.close()
    if not listening:
        pytest.skip("this process may not listen to the kernel's proc connector")
