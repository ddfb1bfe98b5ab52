"""A real run whose breach, end and loss are told to a real receiver."""

import os
import signal
from collections.abc import Iterator

import pytest

from stresstui.engine.process.pidfile import supervisor_pid
from tests.alerts.receivers import Hook
from tests.cli.box import Box, until


@pytest.fixture
def hook(box: Box) -> Iterator[Hook]:
    made = Hook()
    folder = box.folder / "config" / "stresstui"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(f'[[alerts]]\nname = "hook"\nurl = "{made.url}"\n')
    yield made
    made.close()


def test_breach_and_end_are_told_and_the_run_is_not_changed_by_it(box: Box, hook: Hook) -> None:
    scenario = box.scenario("max(fds) < 1")
    fast = ("--duration", "3s", "--warm-up", "0.3s", "--cool-down", "0.1s", "--interval", "0.2s")
    done = box.run("run", "--scenario-file", scenario, *fast, "--headless", "--", "sleep", "60")
    assert done.returncode == 1, done.stdout
    until(lambda: "end" in [one["kind"] for one in hook.posted], "the message of the end")
    assert [one["kind"] for one in hook.posted] == ["breach", "end"]
    assert hook.posted[0]["criterion"] == "few"
    assert hook.posted[1]["title"].endswith(": failed")
    until(lambda: (box.directory() / "alerts.log").read_text().count("sent: ") == 2, "two lines in alerts.log")


def test_the_loss_of_a_run_is_told(box: Box, hook: Hook) -> None:
    box.run("run", "--duration", "60s", "--detach", "--", "sleep", "60")
    box.wait_for_samples(1)
    pid = supervisor_pid(box.directory())
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: hook.posted, "the message of the loss")
    assert [one["kind"] for one in hook.posted] == ["lost"]


def test_a_test_message_says_whether_it_arrived(box: Box, hook: Hook) -> None:
    assert box.run("alert", "list").stdout.startswith("hook")
    done = box.run("alert", "test")
    assert (done.returncode, done.stdout) == (0, "✓ hook: sent\n")
    assert hook.posted[0]["kind"] == "test"
    assert box.run("alert", "test", "nobody").returncode == 2
    hook.server.shutdown()
    hook.server.server_close()
    assert box.run("alert", "test").returncode == 1
