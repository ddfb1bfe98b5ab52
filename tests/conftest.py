"""What holds for every test: runs are registered in a folder of the tests; a property may hold late on a busy box."""

import os
import tempfile
from collections.abc import Iterator

import pytest
from hypothesis import settings

settings.register_profile("stresstui", deadline=None)
settings.load_profile("stresstui")


@pytest.fixture(autouse=True, scope="session")
def own_registry() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in ("XDG_STATE_HOME", "XDG_RUNTIME_DIR")}
    with tempfile.TemporaryDirectory(prefix="st") as folder:
        os.environ.pop("XDG_RUNTIME_DIR", None)
        os.environ["XDG_STATE_HOME"] = folder
        yield
    for name, value in before.items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value
