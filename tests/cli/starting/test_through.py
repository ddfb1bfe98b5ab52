"""In a test binary's place: what it prints and how it ends comes through, what failed of its criteria is told."""

import signal
import subprocess
from pathlib import Path

import pytest

from stresstui.cli.starting.through import exit_code, stands_in
from stresstui.core.run.fold import RunState
from tests.cli.box import Box
from tests.core.story import Story

UNDER_CARGO = {"CARGO": "/usr/bin/cargo", "CARGO_MANIFEST_DIR": "/crate"}


@pytest.fixture
def binary(tmp_path: Path) -> str:
    """What cargo built: it lists, runs its tests, and fails when told to."""
    path = tmp_path / "soaked-1234"
    path.write_text(
        '#!/bin/sh\n[ "$1" = --list ] && echo "quick: test" && exit 0\nprintf "out\\0put"; echo err >&2\nexit ${1:-0}\n'
    )
    path.chmod(0o755)
    return str(path)


def test_cargo_is_known_by_what_it_gives_to_its_runners() -> None:
    assert stands_in(("/target/debug/deps/soaked-1234",), UNDER_CARGO)
    assert not stands_in(("soaked",), UNDER_CARGO)
    assert not stands_in((), UNDER_CARGO)
    assert not stands_in(("/target/debug/deps/soaked-1234",), {"CARGO_MANIFEST_DIR": "/crate"})


@pytest.mark.parametrize(("status", "expected"), [("0", 0), ("101", 101)])
def test_output_and_exit_status_come_through(box: Box, binary: str, status: str, expected: int) -> None:
    box.env |= UNDER_CARGO
    done = box.run("run", "--", binary, status)
    assert (done.returncode, done.stdout) == (expected, "out\0puterr\n")
    assert "recorded in" in done.stderr
    assert ("because the child ended with exit status 101" in done.stderr) is (expected == 101)
    assert len(list(box.reports.glob("command_*/result.json"))) == 1


def test_a_question_for_tests_is_answered_by_the_binary_itself(box: Box, binary: str) -> None:
    box.env |= UNDER_CARGO
    done = box.run("run", "--", binary, "--list", "--format", "terse")
    assert (done.returncode, done.stdout, done.stderr) == (0, "quick: test\n", "")
    assert not box.reports.exists()
    assert box.run("run", "--through", "--", "/nowhere/x", "--list").returncode == 4


def ended(story: Story, status: int | None, name: str | None = None) -> RunState:
    story.exit(status, signal=name).end()
    return story.state()


def test_a_criterion_that_failed_turns_a_good_end_into_one() -> None:
    assert exit_code(ended(Story("max(fds) < 10").warm().soak(), 0)) == 1
    assert exit_code(ended(Story("max(fds) < 100").warm().soak(), 0)) == 0
    assert exit_code(ended(Story("max(fds) < 10").warm().soak(), 7)) == 7
    assert exit_code(ended(Story("max(fds) < 10").warm().soak(), None, "SIGTERM")) == 128 + signal.SIGTERM


def test_a_signal_ends_the_run(box: Box) -> None:
    process = box.start("run", "--through", "--", "sleep", "60", stderr=subprocess.PIPE)
    box.wait_for_samples(1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 128 + signal.SIGTERM
    assert "ABORTED" in said
