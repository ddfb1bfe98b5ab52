import os
import re
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from stresstui.core.run.fold import RunState, advance
from stresstui.report.monitor_log import MonitorLog, entry_interval, machine_memory
from tests.core.story import MIB, Story

START = datetime(2026, 11, 3, 10, 15, tzinfo=UTC)
PIPELINE = """grep "{}" reports/stress-tests/monitor_*.log | \\
    awk '{{print $2}}'
"""


def the_log(directory: Path) -> str:
    (path,) = directory.iterdir()
    return path.read_text()


def keep_log(story: Story, directory: Path) -> list[str | None]:
    """Feed a run to a log as its supervisor does."""
    state = RunState()
    log = MonitorLog(directory, now=lambda: START + timedelta(seconds=state.t), memory=1000 * MIB)
    said = []
    for event in story.events:
        advance(state, event)
        said.append(log.write_due(state))
    return [*said, log.end()]


def growing(duration: float = 60.0) -> Story:
    story = Story("max(fds) < 100", duration=duration, warm_up=duration / 5)
    return story.whole(rss=lambda t: (50 + int(t)) * MIB, fds=lambda t: 40 + int(t), established=lambda t: int(t) % 7)


def test_the_log_is_in_the_format_of_the_guides_script(tmp_path: Path) -> None:
    keep_log(growing(), tmp_path)
    lines = the_log(tmp_path).splitlines()
    assert lines[:9] == [
        "Monitoring PID: 1",
        "Start time: Tue Nov  3 10:15:00 UTC 2026",
        "=== Tue Nov  3 10:15:00 UTC 2026 ===",
        "%CPU %MEM    VSZ   RSS",
        "   -  5.0 921600 51200",
        "Memory: 51200",
        "FDs: 40",
        "Connections: 0",
        "=== Tue Nov  3 10:15:10 UTC 2026 ===",
    ]
    assert lines[10] == "10.0  6.0 921600 61440"
    assert lines[-1] == "End time: Tue Nov  3 10:16:05 UTC 2026"


@pytest.mark.parametrize(("duration", "every", "entries"), [(30.0, 5.0, 7), (60.0, 10.0, 7), (600.0, 60.0, 11)])
def test_a_short_run_has_entries_enough(tmp_path: Path, duration: float, every: float, entries: int) -> None:
    story = growing(duration)
    assert entry_interval(story.state()) == every
    keep_log(story, tmp_path)
    assert the_log(tmp_path).count("===\n") == entries


def test_a_run_without_an_end_is_logged_once_a_minute() -> None:
    assert entry_interval(Story(duration=None).state()) == 60.0


@pytest.mark.parametrize("logs", [1, 2])
@pytest.mark.parametrize(
    ("word", "value"),
    [("Memory:", lambda t: (50 + t) * 1024), ("FDs:", lambda t: 40 + t), ("Connections:", lambda t: t % 7)],
)
def test_the_guides_own_pipelines_print_the_numbers(
    tmp_path: Path, logs: int, word: str, value: Callable[[int], int]
) -> None:
    folder = tmp_path / "reports" / "stress-tests"
    for _ in range(logs):
        keep_log(growing(), folder)
    done = subprocess.run(["sh", "-c", PIPELINE.format(word)], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert [int(line) for line in done.stdout.splitlines()] == [value(t) for t in range(0, 65, 10)] * logs


def test_what_could_not_be_read_has_no_line(tmp_path: Path) -> None:
    keep_log(Story().whole(fds=None, rss=None), tmp_path)
    text = the_log(tmp_path)
    assert "FDs:" not in text
    assert "Memory:" not in text
    assert "   -    - 921600     -\n" in text
    assert text.count("Connections: 20") == 7


def test_nothing_is_written_before_there_is_something_to_watch(tmp_path: Path) -> None:
    keep_log(Story().run(5, processes=()), tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_write_error_is_told_once_and_never_raised(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a directory")
    said = [text for text in keep_log(growing(), tmp_path / "file") if text]
    assert len(said) == 1
    assert re.match("the monitor log could not be written: .*", said[0])


def test_runs_of_one_second_have_a_log_each_that_nobody_else_reads_or_leads_astray(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / f"monitor_{START + timedelta(seconds=10):%Y%m%d_%H%M%S}.log").symlink_to(victim)
    before = os.umask(0)
    try:
        for _ in range(3):
            keep_log(growing(), folder)
    finally:
        os.umask(before)
    logs = [path for path in folder.iterdir() if not path.is_symlink()]
    assert len(logs) == 3
    assert {path.stat().st_mode & 0o777 for path in logs} == {0o600}
    assert all(path.read_text().count("Monitoring PID") == 1 for path in logs)
    assert not victim.exists()


def test_the_machine_has_memory() -> None:
    assert (machine_memory() or 0) > 64 * MIB
