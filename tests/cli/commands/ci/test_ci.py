"""``stresstui ci`` through the command line."""

import pytest
from click.testing import CliRunner

from stresstui.cli import cli
from tests.cli.box import Box


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("github", "--scenario", "fd_leak"), 0, "workflow_dispatch:"),
        (("github", "--scenario", "ech_24h", "--series"), 0, "max-parallel: 1"),
        (("gitlab", "--scenario", "fd_leak", "--duration", "30m"), 0, "--duration 30m"),
        (("github", "--scenario", "nothing"), 2, "nothing"),
        (("github", "--scenario", "fd_leak", "--schedule", "weekly"), 2, "five fields"),
        (("github", "--scenario", "fd_leak", "--schedule", "0 0 * * 0\n  x:"), 2, "five fields"),
    ],
)
def test_files_and_refusals(words: tuple[str, ...], code: int, said: str) -> None:
    done = CliRunner().invoke(cli, ["ci", *words])
    assert done.exit_code == code, done.output
    assert said in done.output


def test_a_headless_run_speaks_to_github(box: Box) -> None:
    summary = box.folder / "step.md"
    box.env |= {"CI": "true", "GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    done = box.run("run", "--scenario-file", box.scenario("max(fds) < 1"), "--duration", "2s", "--warm-up", "0.2s",
                   "--cool-down", "0.1s", "--interval", "0.2s", "--", "sleep", "60")  # fmt: skip
    assert done.returncode == 1, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("::group::shown_")
    assert lines.index("::endgroup::") < next(i for i, line in enumerate(lines) if line.startswith("FAILED"))
    assert sum(line.startswith("::error") for line in lines) == 1
    assert "Few descriptors" in summary.read_text()
