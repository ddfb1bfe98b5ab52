from collections.abc import Sequence

import pytest
from rich.style import Style

from stresstui.core.criteria.state import Verdict
from stresstui.core.derive.series import Series
from stresstui.core.model import event as ev
from stresstui.core.model.event import Phase
from stresstui.core.model.metric import BUILT_IN
from stresstui.core.model.sample import HostSample
from stresstui.core.model.scenario import CriterionSpec
from stresstui.core.run.fold import fold
from stresstui.report.text import mark_of
from stresstui.tui.draw.columns import Cutter
from stresstui.tui.draw.criterion import _brief, say_margin
from stresstui.tui.draw.figures import figure, rate_series
from stresstui.tui.draw.glyphs import UNICODE
from stresstui.tui.draw.ink import Ink, length, pad, say_verdict
from stresstui.tui.draw.view import View
from stresstui.tui.panes.criteria import criterion_line, fold_title, widths_of
from stresstui.tui.panes.output import OutputLines, clean
from stresstui.tui.widgets.board import _changed
from stresstui.tui.widgets.header import _times
from tests.core.story import Story
from tests.tui.scripted_run import MIB, run_events, sample


def series_of(values: Sequence[float | None]) -> Series:
    series = Series()
    for second, value in enumerate(values):
        if value is not None:
            series.add(float(second), value)
    return series


@pytest.mark.parametrize(("minima", "expected"), [(False, [4.0, 8.0, None, 9.0]), (True, [1.0, 5.0, None, 8.5])])
def test_columns_keep_extremes_and_gaps(*, minima: bool, expected: list[float | None]) -> None:
    series = Series()
    for t, value in enumerate([1.0, 3.0, 4.0, 2.0, 5.0, 8.0, 6.0, 7.0]):
        series.add(t / 2, value)
    series.add(6.0, 8.5)
    series.add(6.5, 9.0)
    assert Cutter().columns(series, 4, 7.0, 1.0, minima=minima).values == expected


@pytest.mark.parametrize("until", [0, 5, 59, 60, 3_599, 86_399, 1_000_000])
def test_columns_always_reach_the_present(until: float) -> None:
    series = Series()
    for t in range(0, int(until) + 1, max(1, int(until) // 2000)):
        series.add(float(t), 1.0)
    drawn = Cutter().columns(series, 60, float(until), 1.0, minima=False)
    assert len(drawn.values) == 60
    assert 0 <= drawn.index(until) < 60
    assert drawn.step >= series.width / 2
    whole = drawn.values[: drawn.index(series.buckets[-1].start) + 1]
    assert None not in whole


def test_a_reading_stands_for_its_interval_and_a_gap_stays_a_gap() -> None:
    drawn = Cutter().columns(series_of([1, 2, None, 4, None, None, 7]), 14, 6.0, 1.0, minima=False)
    assert drawn.step == 0.5
    assert drawn.values == [1, 1, 2, 2, 2, 2, 4, 4, 4, 4, None, None, 7, None]


def test_a_new_value_changes_only_the_last_columns() -> None:
    before = Cutter().columns(series_of([1.0] * 50), 60, 49.0, 1.0, minima=False).values
    after = Cutter().columns(series_of([1.0] * 50 + [9.0]), 60, 50.0, 1.0, minima=False).values
    assert [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [50]


@pytest.mark.parametrize("minima", [False, True])
def test_a_series_that_grows_is_cut_as_one_that_is_cut_for_the_first_time(*, minima: bool) -> None:
    """Over its merges, over steps that lengthen, and over another series in its place."""
    cutter, series = Cutter(), Series(capacity=16)
    for second in range(70):
        if second % 7:
            series.add(float(second), float(second * 37 % 11))
        asked = (series, 12, float(second), 1.0)
        assert cutter.columns(*asked, minima=minima) == Cutter().columns(*asked, minima=minima)
    other = Series(capacity=16)
    for second in range(70):
        other.add(float(second), 3.0)
    assert set(cutter.columns(other, 12, 69.0, 1.0, minima=minima).values) == {3.0, None}


@pytest.mark.parametrize("capacity", [16, 64, 1024])
@pytest.mark.parametrize("newest", [None, 24])
def test_a_steady_rate_is_steady_though_its_newest_bucket_is_not_full(capacity: int, newest: int | None) -> None:
    """Of a day a bucket is minutes long: conn/s would be a saw from nothing to what it is."""
    counter = Series(capacity=capacity)
    for second in range(2000):
        counter.add(float(second), 22.0 * second)
        rates = rate_series(counter, newest)
        if second > 10:
            assert rates.newest == pytest.approx(22.0, rel=0.02), second
    assert {round(bucket.high) for bucket in rates.buckets} == {22}


def test_series_beside_each_other_have_columns_of_the_widest_bucket() -> None:
    assert Cutter().columns(series_of([1.0] * 9), 60, 8.0, 1.0, minima=False).step == 0.5
    assert Cutter().columns(series_of([1.0] * 9), 60, 8.0, 1.0, minima=False, widest=4.0).step == 4


def test_figure_of_a_breached_vital() -> None:
    run = fold(run_events(150, leak_from=100))
    fds = figure(run, "fds")
    assert (fds.value, fds.low, fds.baseline) == (175, 28, 28)
    assert (fds.limit_value, fds.verdict, fds.active) == (100.0, Verdict.BREACHED, True)
    assert fds.span == (28, 175)
    rss = figure(run, "rss")
    assert (rss.scale.unit, rss.scale.divisor, rss.limit_value) == ("MiB", MIB, 512 * MIB)
    assert rss.verdict is Verdict.OK


def test_figure_without_data() -> None:
    empty = figure(fold([]), "throughput")
    assert (empty.value, empty.low, empty.limit, empty.slope_text, empty.span) == (None, None, None, "", None)
    assert empty.title == BUILT_IN["throughput"].title


def test_a_growth_is_said_as_its_criterion_measures_it() -> None:
    early = figure(fold(run_events(100)), "rss")
    assert early.slope_text == ""
    leaking = figure(fold(run_events(700, leak_from=40)), "fds")
    assert leaking.slope_text.startswith("+")
    assert leaking.slope_text.endswith("/h")


def test_one_unit_for_every_number_of_a_pane() -> None:
    run = fold([*run_events(40), sample(40, rss=3000.0)])
    assert figure(run, "rss").scale.unit == "GiB"
    assert figure(run, "rss").scale.number(run.baseline["rss"]) == "0.05"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"plain", "plain"),
        (b"\x1b[31mred\x1b[0m", "red"),
        (b"\x1b]0;title\x07after", "after"),
        (b"\x1b]52;c;AAAA\x1b\\after", "after"),
        (b"50%\r100%", "100%"),
        (b"windows\r", "windows"),
        (b"bell\x07 and \x9b31mc1", "bell and \ufffd31mc1"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"\tx", "    x"),
        (b"\x1b", ""),
    ],
)
def test_output_cannot_move_the_cursor(line: bytes, text: str) -> None:
    assert clean(line) == text


def test_output_lines_are_whole_and_bounded() -> None:
    lines = OutputLines()
    lines.feed(b"one\ntw")
    assert list(lines.lines) == ["one"]
    lines.feed(b"o\n" + b"x\n" * 6000)
    assert (len(lines.lines), lines.count) == (5000, 6002)
    lines.feed(b"endless " * 1000)
    assert lines.count == 6003


INK = Ink({"text": Style(), "dim": Style(dim=True)}, UNICODE)


@pytest.mark.parametrize(
    ("left", "right", "width", "text"),
    [("ab", "cd", 8, "ab    cd"), ("abcdef", "gh", 6, "abc…gh"), ("ab", "", 2, "ab"), ("日本語", "x", 6, "日本…x")],
)
def test_fit(left: str, right: str, width: int, text: str) -> None:
    pieces = INK.fit([(left, "text")], [(right, "text")], width)
    assert length(pieces) == width
    assert "".join(part for part, _ in pieces) == text


@pytest.mark.parametrize(("text", "width", "padded"), [("ab", 4, "ab  "), ("abcdef", 4, "abc…"), ("ab", 0, "")])
def test_pad(text: str, width: int, padded: str) -> None:
    assert pad(text, width) == padded


@pytest.mark.parametrize(
    ("room", "wrap", "folded"),
    [
        (50, True, ("Memory usage stable (no continuous growth)", "")),
        (20, True, ("Memory usage stable", "")),
        (12, True, ("Memory usage", "stable")),
        (12, False, ("Memory usage stable", "")),
    ],
)
def test_titles_lose_their_bracket_first(*, room: int, wrap: bool, folded: tuple[str, str]) -> None:
    assert fold_title("Memory usage stable (no continuous growth)", room, wrap=wrap) == folded


@pytest.mark.parametrize(
    ("before", "now", "region"),
    [("abcdef", "abcdef", None), ("abcdef", "abXdef", (2, 3)), ("abcdef", "aXcdXf", (1, 5)), ("日b", "日c", (0, 3))],
)
def test_only_changed_cells_are_sent(before: str, now: str, region: tuple[int, int] | None) -> None:
    width = length([(before, "text")])
    found = _changed(INK.strip([(before, "text")], width), INK.strip([(now, "text")], width), 3)
    assert (found and (found.x, found.right)) == region


@pytest.mark.parametrize("width", [72, 80])
def test_a_long_title_goes_on_over_the_blanks_before_its_value(width: int) -> None:
    """As wide as the pane is at 120 and at 80 columns."""
    rules = ("max(fds) < 100", "mean(throughput) > 5kB/s", "growth(rss) < 1MiB/h")
    titles = ("Network connections properly closed", "Throughput", "Memory")
    specs = [CriterionSpec(id=rule, title=title, rule=rule) for title, rule in zip(titles, rules, strict=True)]
    view = View(Story(*specs).warm().soak(5).state(), INK)
    widths = widths_of(view, width)
    lines = [criterion_line(view, criterion, width, widths) for criterion in view.run.criteria]
    texts = ["".join(text for text, _ in line) for line, _ in lines]
    assert f"{titles[0]} " in texts[0]
    assert [rest for _, rest in lines] == ["", "", ""]
    assert len({text.index(" < ") for text in (texts[0], texts[2])}) == 1, "limits stand below each other"


def test_what_has_to_be_reached_is_open_with_what_is_left_and_is_no_trouble() -> None:
    opened = HostSample(active_opens=5)
    state = Story("count(attempts_total) >= 20").warm(host=opened).soak(3, host=opened).state()
    (criterion,) = state.criteria
    assert (say_verdict(criterion.shown_verdict), say_margin(criterion, state)) == ("open", "20 to go")
    assert UNICODE.mark(criterion.shown_verdict) == UNICODE.open
    assert mark_of(criterion) == "○ open"


@pytest.mark.parametrize(
    ("over", "said"), [(0.5, "0.50"), (14_434.0, "14.4k"), (1_234.0, "1,234"), (999_900.0, "1,000k")]
)
def test_a_margin_is_short_and_grouped_as_the_value_beside_it(over: float, said: str) -> None:
    assert _brief(over) == said


def test_a_cool_down_never_lasts_longer_than_planned() -> None:
    """What is taken down after it is not part of it."""
    run = fold([*run_events(40), ev.PhaseBegan(40.0, Phase.COOL_DOWN), sample(53)])
    assert _times(run) == (10.0, 10.0)
