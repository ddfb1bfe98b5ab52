"""Colours in the order of the conventions, links only where a terminal follows them."""

from io import StringIO
from pathlib import Path

import pytest

from stresstui.cli.terminal.capable import has_colors, has_links, linked, painted
from stresstui.cli.terminal.say import say


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environ", "terminal", "pipe"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"CLICOLOR": "0"}, False, False),
        ({"CLICOLOR": "1"}, True, False),
        ({"CLICOLOR_FORCE": "1"}, True, True),
        ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, True, True),
        ({"CLICOLOR_FORCE": "0", "NO_COLOR": "1"}, False, False),
        ({"CLICOLOR_FORCE": "", "CLICOLOR": "0"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": ""}, False, False),
        ({"TERM": "unknown"}, False, False),
    ],
)
def test_who_asks_for_colours_is_heard_in_the_usual_order(
    environ: dict[str, str], *, terminal: bool, pipe: bool
) -> None:
    known = {"TERM": "xterm-256color", **environ}
    assert has_colors(Terminal(), known) is terminal
    assert has_colors(StringIO(), known) is pipe


@pytest.mark.parametrize(
    ("environ", "links"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7003"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4999"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color", "WT_SESSION": "x"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm"}, False),
        ({"TERM": "dumb", "TERM_PROGRAM": "WezTerm"}, False),
        ({}, False),
    ],
)
def test_links_are_for_terminals_that_follow_them(environ: dict[str, str], *, links: bool) -> None:
    assert has_links(Terminal(), environ) is links
    assert not has_links(StringIO(), environ)


def test_only_what_a_verdict_begins_with_is_painted() -> None:
    assert painted("FAILED  soak with lab") == "\x1b[31mFAILED\x1b[0m  soak with lab"
    assert painted("  ✓ passed        Exits") == "  \x1b[32m✓ passed\x1b[0m        Exits"
    assert painted("  ? inconclusive  x") == "  \x1b[33m? inconclusive\x1b[0m  x"
    for line in ("the test FAILED", "FAILEDNESS", "✓", "", "00:00:01  phase    failed: x"):
        assert painted(line) == line


def test_a_report_that_is_there_is_a_link(tmp_path: Path) -> None:
    path = tmp_path / "a b\u00e4.html"
    path.write_text("")
    said = linked(f"report: {path}")
    assert said.startswith("report: \x1b]8;;file://")
    assert "a%20b%C3%A4.html\x1b\\" in said
    assert said.endswith(f"{path}\x1b]8;;\x1b\\")
    assert linked(f"report: {path}.no") == f"report: {path}.no"
    assert linked("report: relative") == "report: relative"


def test_errors_have_no_number_of_the_system(capsys: pytest.CaptureFixture[str]) -> None:
    say("stresstui: [Errno 13] Permission denied: '/x'", err=True)
    say("[Errno 13] is what the program printed")
    seen = capsys.readouterr()
    assert seen.err == "stresstui: Permission denied: '/x'\n"
    assert "[Errno 13]" in seen.out
