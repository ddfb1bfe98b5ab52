"""What a CI system is told while a run is on."""

import re
from pathlib import Path

from stresstui.ci.voice import ANNOTATIONS_MAX, GitLab, voice_of
from stresstui.core.model.scenario import CriterionSpec
from tests.core.story import Story
from tests.report.run_with_leak import leaking


def test_github_gets_a_group_an_annotation_for_each_failure_and_a_summary(tmp_path: Path) -> None:
    said, summary = list[str](), tmp_path / "summary.md"
    voice = voice_of({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}, said.append)
    voice.begin("run_1")
    voice.end(leaking().state())
    assert said[:2] == ["::group::run_1", "::endgroup::"]
    assert said[2].startswith("::error title=Criterion 0::max(fds) < 100: ")
    assert said[3].startswith("::warning title=Warned <b>::")
    assert len(said) == 4
    assert summary.read_text().startswith("# story")


def test_no_text_of_others_is_a_command(tmp_path: Path) -> None:
    spec = CriterionSpec(id="c", title="a,b::\n::error::x%\x1b[0m", rule="max(fds) < 1")
    said = list[str]()
    voice = voice_of({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "x")}, said.append)
    voice.end(Story(spec).whole().state())
    assert len(said) == 3
    assert re.fullmatch(r"::error title=a%2Cb%3A%3A[^:,\n]*%3A%3Aerror%3A%3Ax%25[^:,\n\x1b]*::.*", said[1])
    assert said[2].startswith("::warning::the summary cannot be written")


def test_many_failures_are_as_many_as_are_shown() -> None:
    said = list[str]()
    voice_of({"GITHUB_ACTIONS": "true"}, said.append).end(Story(*["max(fds) < 1"] * 20).whole().state())
    assert len(said) == 1 + ANNOTATIONS_MAX


def test_gitlab_gets_a_section_and_nobody_else_anything() -> None:
    said = list[str]()
    voice = voice_of({"GITLAB_CI": "true"}, said.append)
    assert isinstance(voice, GitLab)
    voice.begin("run_1")
    voice.end(leaking().state())
    assert said[0].startswith("\x1b[0Ksection_start:")
    assert said[1].startswith("\x1b[0Ksection_end:")
    voice_of({"CI": "true"}, said.append).begin("x")
    assert len(said) == 2
