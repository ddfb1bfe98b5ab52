"""What a request says of the code and the programs that a run rests on."""

import os
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

from stresstui.core.model.scenario import RunnerKind, Scenario
from stresstui.engine.launch.request import RevisionQuestion, RunRequest, complete, find_revision, installed_versions


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


def test_who_has_asked_for_the_revision_hands_the_question_over(project: Path) -> None:
    git(project, "add", "a")
    git(project, "commit", "-qm", "one")
    asked = RevisionQuestion(str(project))
    request = RunRequest(scenario=Scenario(name="x"), runner=RunnerKind.COMMAND, cwd="/")
    assert complete(request, "x").revision is None
    assert complete(request, "x", asked).revision == git(project, "rev-parse", "HEAD")


def test_a_git_that_does_not_answer_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "git").write_text("#!/bin/sh\nexec sleep 60\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr("stresstui.engine.launch.request._GIT_S", 0.1)
    asked = RevisionQuestion("/")
    assert asked.answer() is None
    assert asked._git
    assert asked._git.returncode == -9


def test_without_a_commit_or_a_repository_there_is_none(project: Path) -> None:
    assert find_revision(str(project)) is None
    assert find_revision("/") is None
    assert find_revision("/no/such/folder") is None
