"""What every test of the command line stands on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.box import Box


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    made = Box(tmp_path)
    yield made
    made.close()
