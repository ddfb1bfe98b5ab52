"""A person's walk in a real terminal: start, breach, zoom, search, detach, attach, stop, replay."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.cli.box import STRESSTUI, Box, until

WORKLOAD = """
import time
print("needle in the output", flush=True)
kept = []
while True:
    time.sleep(0.2)
    kept.append(open("/dev/null"))
    print(f"STRESSTUI queue={len(kept)}", flush=True)
"""


class Pane:
    """One pane of a tmux server of its own."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._server = ("tmux", "-u", "-L", f"walk-{box.folder.parent.name}", "-f", "/dev/null")
        self.ask("new-session", "-d", "-x", "120", "-y", "35", "-c", str(box.folder), "sh")

    def ask(self, *words: str) -> str:
        done = subprocess.run(
            (*self._server, *words), capture_output=True, text=True, check=False, env=self._box.env, timeout=20
        )
        return done.stdout

    def type(self, *arguments: str) -> None:
        self.ask("send-keys", "-l", "clear; " + shlex.join((*STRESSTUI, *arguments)))
        self.ask("send-keys", "Enter")

    def press(self, *keys: str) -> None:
        self.ask("send-keys", *keys)

    @property
    def text(self) -> str:
        return self.ask("capture-pane", "-p")

    def until(self, words: str, *, gone: str = "\x00") -> str:
        def there() -> bool:
            text = self.text
            return words in text and gone not in text

        try:
            until(there, words)
        except AssertionError as error:
            raise AssertionError(f"{error}; the pane says\n{self.text}") from None
        return self.text


@pytest.fixture
def pane(box: Box) -> Iterator[Pane]:
    pane = Pane(box)
    try:
        yield pane
    finally:
        pane.ask("kill-server")


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_a_run_is_started_seen_to_breach_left_found_again_stopped_and_replayed(box: Box, pane: Pane) -> None:
    (box.folder / "leaks.py").write_text(WORKLOAD)
    scenario = box.scenario("max(queue) < 5", "warm_up = '1s'\ncool_down = '1s'\nduration = '10m'\n[metrics.queue]")
    pane.type("run", "--scenario-file", scenario, "--", sys.executable, "leaks.py")
    assert "Few descriptors" in pane.until("✗ BREACHED since")
    pane.press("2", "Enter")
    assert "Criteria" not in pane.until("whole run (z)")
    pane.press("y")
    pane.until("(z), log")
    pane.press("Escape")
    pane.until("5 Criteria")
    pane.press("/")
    pane.until("search the output")
    pane.ask("send-keys", "-l", "needle")
    pane.press("Enter")
    pane.until("1 of 1")
    pane.press("Escape")  # with the next key at once it would be alt and that key
    pane.until("7 Output", gone="/needle")
    pane.press("d")
    pane.until("goes on.")
    pane.type("attach")
    pane.until("✗ BREACHED since")
    pane.press("x")
    pane.until("Stop the run (s)")
    pane.press("s")
    pane.until("exit code")
    pane.press("q")
    pane.until("report: ")
    pane.type("replay", "--at", "0s", "--speed", "1")
    pane.until("REPLAY")
    pane.press("]")
    pane.until("PAUSED")
    pane.press("End")
    pane.until("exit code 1")
    pane.press("q")
