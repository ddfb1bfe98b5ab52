import random

import pytest

from stresstui.core.model.event import Doubted, Matched, Problem, Reported, Timed
from stresstui.core.model.scenario import MetricSpec, Scenario
from stresstui.engine.output.line_budget import LINE_CAP, LINES_PER_S, REPORTS_PER_S, TIMES_PER_S, Digest
from stresstui.engine.output.line_reader import Found, LineReader


def digest() -> Digest:
    return Digest(LineReader(Scenario(name="a", patterns={"x": "^x"})))


def matches(found: list[Found]) -> int:
    return sum(isinstance(one, Matched) for one in found)


def test_meaning_does_not_depend_on_where_chunks_end() -> None:
    text = b"one\nSTRESSTUI a=1\nx two\nrunning 1 test\nno end x\nSTRESSTUI a=2"
    whole = digest()
    expected = [*whole.feed(0.5, text), *whole.finish(0.5)]
    rng = random.Random(4)
    for _ in range(50):
        parts, found = digest(), []
        rest = text
        while rest:
            size = rng.randint(1, 9)
            found += parts.feed(0.5, rest[:size])
            rest = rest[size:]
        assert [*found, *parts.finish(0.5)] == expected
    assert expected[-1] == Reported(0.5, {"a": 2.0})


def test_an_endless_line_is_cut_and_what_follows_is_read() -> None:
    one = digest()
    found: list[Found] = []
    for _ in range(8):
        found += one.feed(0.1, b"x" * (LINE_CAP // 2))
    assert matches(found) == 1
    assert matches(one.feed(0.2, b"tail of it\nx again\n")) == 1


def doubts(one: Digest) -> list[str]:
    return [event.reason for event in one.tick(1.1) if isinstance(event, Doubted)]


PANIC = b"thread 'main' panicked at src/a.rs:1:1:"


@pytest.mark.parametrize("size", [7, 4096, 1 << 20])
@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("words", [PANIC, b"==1==ERROR: AddressSanitizer: heap-use-after-free", b"fatal error: no map"])
def test_a_crash_in_the_unread_part_of_a_line_is_a_doubt(words: bytes, size: int, *, ended: bool) -> None:
    one = digest()
    text = b"x" * 3 * LINE_CAP + b" " + words + b" y" * 1000 + (b"\nx\n" if ended else b"")
    if size == 7:  # no chunk boundary may hide it
        text = text[-4000:]
        one.feed(0.1, b"x" * 2 * LINE_CAP)
    for at in range(0, len(text), size):
        one.feed(0.1, text[at : at + size])
    (reason,) = doubts(one)
    assert "a line of more than 64 KiB may tell of a crash" in reason


def test_a_crash_that_the_cut_goes_through_is_a_doubt() -> None:
    for shift in range(0, 60, 3):
        one = digest()
        one.feed(0.1, b"x" * (LINE_CAP - shift - 1) + b" " + PANIC + b"y" * LINE_CAP)
        found = one.tick(1.1)
        assert any(isinstance(event, Doubted) for event in found), shift


def test_a_long_line_without_a_crash_is_no_doubt() -> None:
    one = digest()
    one.feed(0.1, b"all is well, no Killed process, 0 panics; " * 900 + b"all is well; " * 20_000 + b"\n")
    one.feed(0.2, b"[" + b'{"level": "info", "count": 12},' * 20_000 + b"]")
    assert doubts(one) == []


def test_what_a_carriage_return_left_standing_is_read_whole() -> None:
    one = digest()
    found = one.feed(0.1, b"50 % done " * 20_000 + b"\r" + PANIC + b"\n")
    assert [event.pattern for event in found if isinstance(event, Matched)] == ["panic"]
    assert doubts(one) == []


def test_a_crash_that_an_overlong_bar_was_drawn_over_is_a_doubt() -> None:
    for ended in (b"", b"\n"):
        one = digest()
        one.feed(0.1, b"\r10 %" + b"." * LINE_CAP + b"\r" + PANIC + b"\r20 %" + ended)
        assert len(doubts(one)) == 1


def test_a_flood_is_not_read_but_its_marked_lines_are() -> None:
    one = digest()
    flood = b"y\n" * 200_000
    found = one.feed(0.1, flood + b"STRESSTUI a=7\n" + flood + b"thread 'main' panicked at src/a.rs:1:1:\n" + flood)
    assert Reported(0.1, {"a": 7.0}) in found
    assert [one.pattern for one in found if isinstance(one, Matched)] == ["panic"]
    (problem,) = [one for one in one.tick(1.1) if isinstance(one, Problem)]
    assert str(600_000 - LINES_PER_S) in problem.text


def test_a_flood_of_marked_lines_is_bounded_too() -> None:
    one = digest()
    found = one.feed(0.1, b"thread 'main' panicked at src/a.rs:1:1:\n" * 50_000)
    assert 0 < matches(found) <= 200


def test_reports_beyond_the_limit_give_their_newest_values_a_second_later() -> None:
    one = digest()
    now = one.feed(0.1, b"".join(b"STRESSTUI a=%d b%d=1\n" % (n, n % 3) for n in range(100)))
    assert len(now) == REPORTS_PER_S
    assert one.tick(0.9) == []
    assert one.tick(1.0) == [Reported(1.0, {"a": 99.0, "b0": 1.0, "b1": 1.0, "b2": 1.0})]


def test_what_was_held_back_comes_out_at_the_end() -> None:
    one = digest()
    one.feed(0.1, b"".join(b"STRESSTUI a=%d\n" % n for n in range(100)))
    assert one.finish(0.2) == [Reported(0.2, {"a": 99.0})]


def test_a_flood_of_another_mark_hides_no_panic() -> None:
    flood = b"it is running well\n" * 20_000
    found = digest().feed(0.1, flood + b"thread 'main' panicked at src/a.rs:1:1:\n" + flood)
    assert [one.pattern for one in found if isinstance(one, Matched)] == ["panic"]


def test_the_last_of_a_million_reports_is_the_newest_value() -> None:
    one, found = digest(), list[Found]()
    text = b"".join(b"STRESSTUI a_total=%d\n" % n for n in range(1_000_000))
    for at in range(0, len(text), 1 << 20):
        found += one.feed(0.1, text[at : at + (1 << 20)])
    reports = [event for event in [*found, *one.finish(0.2)] if isinstance(event, Reported)]
    assert reports[-1].values == {"a_total": 999_999.0}


def test_a_flood_of_harmless_lines_with_a_crash_word_hides_no_crash() -> None:
    flood = b"transaction 4: Aborted, again\n" * 10_000
    found = digest().feed(0.1, flood + b"fatal error: concurrent map writes\n" + flood)
    assert [one.pattern for one in found if isinstance(one, Matched)] == ["crash"]


def test_a_flood_of_one_match_hides_no_other() -> None:
    found = digest().feed(0.1, b"x\n" * 500 + b"panic: boom\n")
    assert [one.pattern for one in found if isinstance(one, Matched)][-1] == "panic"


def test_what_was_dropped_and_may_have_been_a_crash_is_a_doubt_told_once() -> None:
    one = digest()
    one.feed(0.1, b"transaction 4: Aborted, again\n" * 50_000)
    assert [type(event) for event in one.tick(1.1)] == [Problem, Doubted]
    one.feed(2.1, b"transaction 4: Aborted, again\n" * 50_000)
    assert not any(isinstance(event, Doubted) for event in one.tick(3.1))


def test_a_flood_without_marks_is_no_doubt() -> None:
    one = digest()
    one.feed(0.1, b"it is running well\n" * 50_000)
    assert [type(event) for event in one.tick(1.1)] == [Problem]


def test_the_scenarios_own_expressions_are_found_in_a_flood() -> None:
    scenario = Scenario(name="a", patterns={"lost": "^lost$"}, metrics={"n": MetricSpec(regex=r"^n=(\d+)$")})
    one = Digest(LineReader(scenario))
    flood = b"y\n" * 20_000
    counted = b"".join(b"n=%d\n" % n for n in range(50_000))
    found = [*one.feed(0.1, flood + b"lost\n" + counted + flood), *one.finish(0.2)]
    assert [event.pattern for event in found if isinstance(event, Matched)] == ["lost"]
    assert [event for event in found if isinstance(event, Reported)][-1].values == {"n": 49_999.0}


def test_a_progress_bar_without_an_end_hides_no_panic() -> None:
    one, found = digest(), list[Found]()
    for n in range(40):
        found += one.feed(0.1, b"\r%06d of 120 files" % n * 300)
    found += one.feed(0.2, b"\rpanic: boom\n")
    assert [event.pattern for event in found if isinstance(event, Matched)] == ["panic"]


def test_a_thousand_tests_in_a_second_are_counted_and_leave_no_doubt() -> None:
    digest = Digest(LineReader(Scenario(name="x")))
    lines = b"".join(b"--- PASS: Test%d (0.00s)\n" % n for n in range(999)) + b"--- FAIL: TestLast (0.00s)\n"
    found = [*digest.feed(1.0, lines), *digest.tick(2.0)]
    counted = [one.values for one in found if isinstance(one, Matched)]
    assert sum(values["tests_passed"] for values in counted) == 999
    assert sum(values["tests_failed"] for values in counted) == 1
    assert not [one for one in found if isinstance(one, Doubted | Problem)]


def test_of_many_histograms_in_a_second_the_newest_of_each_name_comes_out() -> None:
    digest = Digest(LineReader(Scenario(name="x")))
    lines = b"".join(b"STRESSTUI_HISTOGRAM name=n%d buckets=1:%d\n" % (n % 2, n) for n in range(100))
    at_once, later = digest.feed(1.0, lines), digest.tick(2.0)
    assert len(at_once) == TIMES_PER_S
    assert {(one.name, one.buckets) for one in later if isinstance(one, Timed)} == {("n0", "1:98"), ("n1", "1:99")}
