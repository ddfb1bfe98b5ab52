"""The weakest word that is true."""

from collections.abc import Callable

import pytest

from stresstui.core.criteria.state import Verdict
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.scenario import CriterionSpec, Severity
from stresstui.core.model.timeline import Mark
from stresstui.core.run.breaches import BreachWatch
from stresstui.core.run.fold import advance
from stresstui.core.run.standing import Word, standing_of
from stresstui.core.run.state import RunState
from tests.core.story import Story

FILES = "max(fds) < 100"
WARN = CriterionSpec(id="w", title="Threads", rule="max(threads) < 5", severity=Severity.WARN)


def panicking() -> Story:
    story = Story(FILES).warm().soak(5)
    return story.add(ev.Matched(story.t, "panic", "thread 'x' panicked at y"))


def doubted() -> Story:
    story = Story(FILES).warm().soak(5)
    return story.add(ev.Doubted(story.t, "journal", "3 events were damaged"))


def aborted(*rules: str | CriterionSpec, fds: int = 40) -> Story:
    story = Story(*rules).warm().soak(5, fds=fds)
    return story.add(ev.StopRequested(story.t, "user")).exit(None, signal="SIGTERM").end()


@pytest.mark.parametrize(
    ("story", "word", "detail"),
    [
        (Story, Word.STARTING, ""),
        (lambda: Story(FILES), Word.STARTING, ""),
        (lambda: Story(FILES).warm(), Word.WARMING_UP, "not judged yet"),
        (lambda: Story("count(crashes) == 0", FILES).warm(), Word.WARMING_UP, "not judged yet"),
        (lambda: Story("settles(fds)", "exit_status == 0").warm().soak(5), Word.WATCHING, "nothing judged yet"),
        (lambda: Story().warm().soak(5), Word.WATCHING, "no criteria, nothing will be judged"),
        (lambda: Story(FILES).warm().soak(5), Word.OK, ""),
        (lambda: Story(FILES, "settles(fds)", "exit_status == 0").warm().soak(5), Word.OK, "2 open"),
        (lambda: Story(FILES, "max(fds) > 900").warm().soak(5), Word.OK, "1 open"),
        (lambda: Story("max(fds) < 100 for 9s", FILES.replace("100", "900")).warm().soak(5, fds=200),
         Word.PENDING, "1 of 2"),
        (lambda: Story(FILES).warm().soak(5).run(3, fds=200), Word.BREACHED, "since 00:00:15"),
        (lambda: Story(FILES).warm().soak(5, fds=200).run(3), Word.BREACHED, "at 00:00:10, now over"),
        (lambda: Story("max(fds) < 100 for 3s").warm().soak(9, fds=200), Word.BREACHED, "since 00:00:10"),
        (lambda: Story(FILES, WARN).warm().soak(5), Word.WARNED, "1 warning"),
        (lambda: Story(FILES, WARN).warm().soak(5, fds=200), Word.BREACHED, "since 00:00:10"),
        (panicking, Word.BREACHED, "1 panic in the output"),
        (doubted, Word.OK, "cannot pass: 3 events were damaged"),
        (lambda: Story(FILES).whole(), Word.PASSED, ""),
        (lambda: Story(FILES, WARN).whole(), Word.PASSED, "1 warning"),
        (lambda: Story(FILES, WARN).whole(fds=200), Word.FAILED, "1 failed, 1 warning"),
        (lambda: Story(FILES).whole(fds=None), Word.INCONCLUSIVE, ""),
        (lambda: aborted(FILES), Word.ABORTED, ""),
        (lambda: aborted(FILES, WARN), Word.ABORTED, "1 warning"),
        (lambda: aborted(FILES, fds=200), Word.FAILED, "1 failed, stopped by user"),
    ],
)  # fmt: skip
def test_the_word(story: Callable[[], Story], word: Word, detail: str) -> None:
    found = story().state().standing
    assert (found.word, found.detail) == (word, detail)


def test_a_run_whose_supervisor_died_is_lost_and_one_that_ended_is_not() -> None:
    running, ended = Story(FILES).warm().soak(5), Story(FILES).whole()
    assert standing_of(running.state(), lost=True).word is Word.LOST
    assert standing_of(ended.state(), lost=True).word is Word.PASSED


@pytest.mark.parametrize(
    ("rules", "duration", "said"),
    [
        (
            ("growth(rss) < 1MiB/h",),
            240.0,
            "4m is too short to pass: growth(rss) < 1MiB/h takes 57m13s of soak; --duration 1h20m could",
        ),
        (
            ("growth(fds) < 60/h",),
            240.0,
            "4m is too short to pass: growth(fds) < 60/h takes 5m of soak; --duration 10m could",
        ),
        (
            (FILES, "max(fds) < 9 after 10m"),
            240.0,
            "4m is too short to pass: max(fds) < 9 after 10m takes 10m of soak; --duration 15m could",
        ),
        (
            ("mean(fds, 10m) < 9",),
            240.0,
            "4m is too short to pass: mean(fds, 10m) < 9 takes 10m of soak; --duration 15m could",
        ),
        (
            ("growth(fds) < 60/h after 10m",),
            600.0,
            "10m is too short to pass: growth(fds) < 60/h after 10m takes 15m of soak; --duration 25m could",
        ),
        (
            ("mean(fds, 10s) < 9",),
            56.0,
            "56s is too short to pass: mean(fds, 10s) < 9 takes 10s of soak; --duration 1m could",
        ),
        (("max(fds) < 9 for 10m",), 240.0, ""),
        (("growth(fds) < 60/h",), 600.0, ""),
        ((FILES, "growth(fds, 60s) < 60/h", "settles(fds)"), 240.0, ""),
        (("growth(fds) < 1/h",), None, ""),
        ((CriterionSpec(id="w", title="W", rule="growth(fds) < 1/h", severity=Severity.WARN),), 240.0, ""),
    ],
)
def test_a_run_that_cannot_pass_in_its_time_says_so_when_it_begins(
    rules: tuple[str | CriterionSpec, ...], duration: float | None, said: str
) -> None:
    story = Story(*rules, duration=duration, warm_up=48.0, own_warm_up=1800.0)
    state = story.state()
    assert state.too_short == said
    assert state.standing.detail == said
    assert [entry.text for entry in state.entries if entry.mark is Mark.PROBLEM] == ([said] if said else [])


def test_a_run_without_criteria_says_so_when_it_begins() -> None:
    without, with_one = (
        [entry.text for entry in story.state().entries if entry.mark is Mark.PROBLEM]
        for story in (Story(), Story(FILES))
    )
    assert without == [
        'cannot pass: no criteria for the runner command; include = ["default"] brings those of any command'
    ]
    assert with_one == []


def test_what_it_says_could_pass_does() -> None:
    story = Story("growth(rss) < 1MiB/h", duration=4800.0, warm_up=960.0, own_warm_up=1800.0)
    assert story.whole().state().standing.word is Word.PASSED


def watched(story: Story) -> tuple[list[ev.Event], RunState]:
    watch, state, told = BreachWatch(), RunState(), []
    for event in story.events:
        advance(state, event)
        told += watch.changes(event.t, state)
    return told, state


def test_the_event_of_a_breach_and_the_header_agree_on_when_it_began() -> None:
    told, state = watched(Story("max(fds) < 100 for 3s").warm().soak(9, fds=200))
    (began,) = [event for event in told if isinstance(event, ev.BreachBegan)]
    assert (began.t, began.began, began.warning) == (13.0, 10.0, False)
    assert began.text == "max(fds) < 100 for 3s: 200 since 00:00:10"
    assert state.standing.detail == "since 00:00:10"
    assert [entry.text for entry in state.entries if entry.mark is Mark.BREACH] == ["Criterion 0  200  since 00:00:10"]


def test_a_warning_is_no_breach_for_those_who_are_told() -> None:
    told, state = watched(Story(WARN).warm().phase(Phase.SOAK).run(5))
    assert [event.warning for event in told if isinstance(event, ev.BreachBegan)] == [True]
    assert [entry.mark for entry in state.entries if "Threads" in entry.text] == [Mark.PROBLEM]
    assert (state.criteria[0].verdict, state.criteria[0].shown_verdict) == (Verdict.BREACHED, Verdict.WARNING)


@pytest.mark.parametrize(
    ("rule", "too", "said"),
    [
        ("growth(fds) < 1/h", Verdict.OK, "rising"),
        ("growth(throughput) > -1kB/s/h", Verdict.OK, "falling"),
        ("growth(fds) < 1/h", Verdict.PENDING, ""),
    ],
)
def test_growth_that_is_pending_alone_is_called_too_early(rule: str, too: Verdict, said: str) -> None:
    state = RunState()
    for event in Story(FILES, rule).warm().soak(5).events:
        advance(state, event)
    state.criteria[0].verdict, state.criteria[1].verdict = too, Verdict.PENDING
    state.too_short = ""
    count = "1 of 2" if said else "2 of 2"
    detail = f"{count} {said}, too early to call" if said else count
    assert (state.standing.word, state.standing.detail) == (Word.PENDING, detail)


@pytest.mark.parametrize(("value", "shown", "detail"), [(5.0, Verdict.NO_DATA, "1 open"), (0.1, Verdict.OK, "")])
def test_growth_beyond_its_limit_that_is_not_called_is_open_and_not_well(
    value: float, shown: Verdict, detail: str
) -> None:
    state = RunState()
    for event in Story(FILES, "growth(fds) < 1/h").warm().soak(5).events:
        advance(state, event)
    growth = state.criteria[1]
    growth.verdict, growth.value = Verdict.OK, value / 3600.0
    state.too_short = ""
    assert (growth.unsettled, growth.shown_verdict) == (shown is Verdict.NO_DATA, shown)
    assert (state.standing.word, state.standing.detail) == (Word.OK, detail)
