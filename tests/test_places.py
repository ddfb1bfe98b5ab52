"""Where a user's own files are, also of one that has no home."""

from pathlib import Path

import platformdirs
import pytest

from stresstui import places


def _raising(_name: str) -> Path:
    raise RuntimeError("could not determine the home directory")


@pytest.mark.parametrize("find", [_raising, lambda name: Path("~/.config") / name], ids=["raises", "gives it as ~"])
def test_without_a_home_there_is_no_folder_and_none_is_made(
    find: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(platformdirs, "user_config_path", find)
    monkeypatch.setattr(platformdirs, "user_state_path", find)
    for folder in (places.config_folder(), places.state_folder()):
        assert folder.is_absolute()
        assert not folder.exists()


def test_with_one_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platformdirs, "user_state_path", lambda name: tmp_path / name)
    assert places.state_folder() == tmp_path / "stresstui"
