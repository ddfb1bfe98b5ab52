from pathlib import Path

import msgspec
import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.scenario import CriterionSpec, Severity
from stresstui.report.summary import _plain, fitted, phase_lengths, summary_of, write_summary
from stresstui.report.text import SYMBOLS, limit_of, margin_of, mark_of, verdict_lines
from tests.core.story import MIB, Story


def failing() -> Story:
    evidence = CriterionSpec(id="e", title="Files", rule="max(fds) < 10", group="Evidence", severity=Severity.WARN)
    story = Story("max(rss) < 64MiB", "growth(fds) < 1/h", evidence).warm().soak(25, rss=96 * MIB)
    story.add(ev.Noted(story.t, text="saw | a *spike*", by="me"))
    return story.run(25).cool().exit(planned=True).end()


@pytest.mark.parametrize(
    ("command", "block"),
    [
        (("sh", "-c", "exit 3"), ["```sh", "sh -c 'exit 3'", "```"]),
        (("echo", "```"), ["````sh", "echo '```'", "````"]),
    ],
)
def test_the_command_can_be_typed_again(command: tuple[str, ...], block: list[str]) -> None:
    story = failing()
    assert isinstance(story.events[0], ev.Started)
    story.events[0] = msgspec.structs.replace(story.events[0], command=command)
    assert "\n".join(block) in summary_of(story.state())


def test_the_lines_say_outcome_reasons_and_every_criterion() -> None:
    lines = verdict_lines(failing().state())
    assert lines[0] == "FAILED  story with command, 1m under load; 1 failed, 1 warning"
    assert lines[1].startswith("  because Criterion 0: max(rss) < 64MiB: 96.0 MiB over 50s of soak")
    assert lines[2] == "Success criteria:"
    assert lines[3] == "  ✗ failed        Criterion 0: 96.0 MiB (< 64 MiB)"
    assert lines[4].strip().startswith("max(rss) < 64MiB: 96.0 MiB over 50s of soak, 50 values; breached once")
    assert lines[5].startswith("  ? inconclusive  Criterion 1: - (< 1/h)")
    assert lines[7:9] == ["Evidence:", "  ! warning       Files: 40 (< 10)"]


def test_no_text_is_read_as_markdown() -> None:
    assert _plain("~~a~~ &amp; <b>") == r"\~\~a\~\~ \&amp; \<b>"
    assert _plain("p99 | `ms`\r\n| --- |\n# [x](y)") == r"p99 \| \`ms\` \| --- \| # \[x\](y)"


def test_a_plain_terminal_gets_ascii_only() -> None:
    lines = verdict_lines(failing().state(), ascii_only=True)
    assert lines[3] == "  x failed        Criterion 0: 96.0 MiB (< 64 MiB)"
    assert all(line.isascii() for line in lines)


def test_what_could_not_run_is_not_listed_criterion_by_criterion() -> None:
    story = Story("max(fds) < 100").add(ev.ServiceState(0.0, "failed", "no such thing"))
    lines = verdict_lines(story.add(ev.Exited(0.0, cause="not_ready")).end().state())
    assert lines[1:] == ["  because could not run: the workload did not become ready: no such thing"]


def test_every_verdict_has_a_symbol_of_its_meaning() -> None:
    assert set(SYMBOLS) == set(Verdict)
    assert {SYMBOLS[verdict] for verdict in (Verdict.OK, Verdict.PASSED)} == {("✓", "+")}


def test_a_run_that_goes_on_says_so() -> None:
    state = Story("max(rss) < 64MiB").warm().soak(3, rss=96 * MIB).state()
    assert verdict_lines(state)[0] == "RUNNING, breached  story with command, 12s under load; since 00:00:10"
    assert mark_of(state.criteria[0]) == "✗ breached"


@pytest.mark.parametrize(
    ("rule", "limit", "margin"),
    [
        ("max(rss) < 64MiB", "< 64 MiB", "+14 MiB"),
        ("mean(cpu) < 80%", "< 80%", "+75%"),
        ("max(fds) < 100 for 5s", "< 100", "+60"),
        ("max(fds) < 20000", "< 20000", "+19,960"),
        ("max(fds) < 30 for 5h", "< 30 for 5h", "-10"),
        ("count(panics) == 0", "== 0", "+0"),
        ("settles(fds)", "back at baseline", "-"),
    ],
)
def test_limit_and_margin_are_told_in_the_rules_unit(rule: str, limit: str, margin: str) -> None:
    criterion = Story(rule).whole().criterion()
    assert (limit_of(criterion), margin_of(criterion)) == (limit, margin)


def test_the_summary_has_everything(tmp_path: Path) -> None:
    state = failing().state()
    text = write_summary(state, tmp_path).read_text()
    assert text == summary_of(state)
    for line in (
        "# story",
        "**FAILED story with command, 1m under load; 1 failed, 1 warning**",
        "### Evidence",
        "| RSS (`rss`) | 50.0 MiB | 50.0 MiB | 67.7 MiB | 96.0 MiB | 50.0 MiB | 65 | 0 |",
        r"| 00:00:35 | note | saw \| a \*spike\* |",
        "| 00:00:10 | ✗ breach | Criterion 0 96.0 MiB |",
        "| 00:00:35 | ✓ over | Criterion 0 over after 25s, worst 96.0 MiB |",
        "- Run: `story_1`, from 2026-11-23T10:15:00Z to 2026-11-23T10:16:05Z",
        "- Planned: 1m, of which 10s warm-up",
        "- Phases: 10s of warm-up, 50s of soak, 5s of cool-down",
        "- Samples: 65 read, 0 missed, one every 1s",
        "- Throughput: kernel socket counters",
        "- Child: the child was stopped as planned and ended with status 0",
        "- Monitor: 0.40 % of one core on average, at most 20.0 MiB",
        "proxy --run",
    ):
        assert line in text.splitlines(), line
    assert "| ✗ failed | Criterion 0 | `max(rss) < 64MiB` | 96.0 MiB | < 64 MiB | -32 MiB | max(rss)" in text
    assert "- Criterion 1: no growth of any size, for want of data" in text.splitlines()
    assert all(line.count(" | ") == 7 for line in text.splitlines() if "(`" in line)


def test_phases_that_did_not_happen_are_not_told() -> None:
    assert phase_lengths(Story().warm().end().state()) == [("warm-up", 10.0)]


def test_a_run_without_anything_has_a_summary() -> None:
    text = summary_of(Story().end().state())
    assert "This scenario has no criteria for this runner." in text
    assert "Nothing was measured." in text
    assert "- Child: its end was not seen" in text


def test_the_summary_says_what_growth_would_have_shown() -> None:
    text = summary_of(Story("growth(rss) < 1MiB/h", duration=1310.0).whole(rss=lambda t: 50 * MIB + int(t) % 9).state())
    assert "- Criterion 0: growth above " in text
    assert " would have shown (< 1 MiB/h was asked)" in text


def test_a_summary_for_ci_is_cut_at_a_line_and_says_so() -> None:
    whole = "\n".join(f"line {n} ✗" for n in range(1000))
    assert fitted(whole, 1 << 20) == whole
    cut = fitted(whole, 500)
    assert len(cut.encode()) <= 500
    assert "✗\n\nThe rest does not fit" in cut
