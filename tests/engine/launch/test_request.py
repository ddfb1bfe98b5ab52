"""What a request says of the code and the programs that a run rests on."""

import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from stresstui.engine.launch.request import find_revision, installed_versions


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false")
    done = subprocess.run(("git", "-C", folder, *who, *arguments), check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    (tmp_path / "a").write_text("1")
    return tmp_path


def test_versions_are_those_that_the_packages_say() -> None:
    names = [one.metadata["Name"] for one in metadata.distributions()]
    assert installed_versions([*names, "no-such-package"]) == {name: metadata.version(name) for name in names}
    assert "msgspec" in names


def test_the_revision_is_that_of_the_last_commit_with_a_mark_where_files_were_changed(project: Path) -> None:
    git(project, "add", "a")
    git(project, "commit", "-qm", "one")
    head = git(project, "rev-parse", "HEAD")
    (project / "not tracked").write_text("1")
    assert find_revision(str(project)) == head
    (project / "a").write_text("2")
    assert find_revision(str(project)) == f"{head}+"
    git(project, "add", "a")
    assert find_revision(str(project)) == f"{head}+"


def test_without_a_commit_or_a_repository_there_is_none(project: Path) -> None:
    assert find_revision(str(project)) is None
    assert find_revision("/") is None
    assert find_revision("/no/such/folder") is None
