import pytest

from stresstui.core.model.event import Doubted, Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.expected import HOLD_S
from stresstui.engine.output.line_budget import Digest
from stresstui.engine.output.line_reader import LineReader

PANIC = "thread 'm::p' (412) panicked at src/a.rs:1:1:"
OF_A_WORKER = "thread 'tokio-runtime-worker' (413) panicked at src/b.rs:1:1:"
ALONE = "thread 'main' panicked at src/a.rs:1:1:"
TO_PANIC = "test m::p - should panic ... "


def panics(digest: Digest, *lines: str, t: float = 1.0) -> list[str]:
    found = digest.feed(t, "".join(f"{line}\n" for line in lines).encode())
    return [one.line for one in found if isinstance(one, Matched) and one.pattern == "panic"]


def reader(*, is_to_panic: bool | None = None) -> Digest:
    return Digest(LineReader(Scenario(name="a"), lambda _: is_to_panic))


def doubts(digest: Digest, *lines: str) -> int:
    found = digest.feed(1.0, "".join(f"{line}\n" for line in lines).encode())
    return len([one for one in found if isinstance(one, Doubted)])


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["running 1 test", PANIC, TO_PANIC + "ok"], []),
        (["running 1 test", PANIC, TO_PANIC + "ok <0.012s>"], []),
        (["running 1 test", PANIC, "an unfinished line " + TO_PANIC + "ok"], []),
        (["running 1 test", "thread 'm::p' panicked at 'x', src/a.rs:1:1", TO_PANIC + "ok"], []),
        (["running 1 test", TO_PANIC, PANIC, "the message", "ok"], []),
        (["running 1 test", TO_PANIC, ALONE, "ok"], []),
        (["running 1 test", TO_PANIC + ALONE, "ok"], []),
        (["running 1 test", TO_PANIC + "ok", "---- m::p stdout ----", PANIC], []),
        (["running 1 test", TO_PANIC + "ok", PANIC, PANIC, "running 0 tests"], [PANIC]),
        (["running 2 tests", "test m::q ... ignored, why", PANIC, TO_PANIC + "ok"], []),
        (["running 2 tests", "test m::q ... ", PANIC, "the message", "ignored", TO_PANIC + "ok"], []),
        (["running 1 test", "test m::q ... ", OF_A_WORKER, "ok", "test result: ok. 1 passed"], [OF_A_WORKER]),
        (["running 1 test", PANIC, PANIC, TO_PANIC + "ok"], [PANIC]),
        (["running 1 test", PANIC, "test m::p ... ok"], [PANIC]),
        (["running 1 test", PANIC, "test m::p ... FAILED"], [PANIC]),
        (["running 1 test", PANIC, TO_PANIC + "FAILED"], [PANIC]),
        (["running 2 tests", PANIC, "test m::q - should panic ... ok", "running 0 tests"], [PANIC]),
        (["running 1 test", "test m::p ... ", PANIC], [PANIC]),
        (["running 1 test", TO_PANIC, PANIC, "FAILED"], [PANIC]),
        (["running 1 test", OF_A_WORKER, TO_PANIC + "ok"], [OF_A_WORKER]),
        (["running 1 test", ALONE], [ALONE]),
        (["running 1 test", TO_PANIC + "ok", "running 1 test", PANIC, "test m::p ... FAILED"], [PANIC]),
        ([PANIC], [PANIC]),
    ],
)
def test_a_panic_that_the_test_was_to_end_with_is_none(lines: list[str], told: list[str]) -> None:
    assert panics(reader(), *lines) == [line.removeprefix(TO_PANIC) for line in told]


def test_a_panic_of_which_no_result_speaks_is_told_when_its_time_is_over() -> None:
    digest = reader()
    assert panics(digest, "running 2 tests", "test m::q ... ok", PANIC) == []
    assert digest.tick(1.0 + HOLD_S) == []
    assert digest.tick(2.0 + HOLD_S) == [Matched(2.0 + HOLD_S, "panic", PANIC)]


def test_a_panic_of_which_no_result_speaks_is_told_at_the_end() -> None:
    digest = reader()
    assert panics(digest, "running 1 test", PANIC) == []
    assert digest.finish(1.5) == [Matched(1.5, "panic", PANIC)]


def test_more_panics_than_are_held_are_told_at_once() -> None:
    many = [f"thread 'm::p{number}' panicked at src/a.rs:1:1:" for number in range(1005)]
    told = panics(reader(), "running 1005 tests", *many)
    assert told == many[1000:]


PASSED = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s"
FAILED = "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s"


@pytest.mark.parametrize("end", [[PASSED], [FAILED], ["running 0 tests"]])
def test_where_results_are_dots_the_source_says_which_test_was_to_panic(end: list[str]) -> None:
    assert panics(reader(is_to_panic=True), "running 3 tests", ".", PANIC, "..", *end) == []
    assert panics(reader(is_to_panic=False), "running 3 tests", ".", PANIC, "..", *end) == [PANIC]


def test_where_results_are_dots_and_no_source_is_found_tests_that_all_passed_leave_a_doubt() -> None:
    lines = ["running 3 tests", ".", PANIC, ".."]
    assert panics(reader(), *lines, PASSED) == []
    assert doubts(reader(), *lines, PASSED) == 1
    assert panics(reader(), *lines, FAILED) == [PANIC]
    assert doubts(reader(), *lines, FAILED) == 0
    assert panics(reader(), *lines, "running 0 tests") == [PANIC]


def test_a_worker_that_panics_is_not_asked_for() -> None:
    assert panics(reader(is_to_panic=True), "running 3 tests", OF_A_WORKER, "...", PASSED) == [OF_A_WORKER]


def test_of_two_panics_of_one_test_only_the_last_was_to_come() -> None:
    assert panics(reader(is_to_panic=True), "running 3 tests", PANIC, PANIC, "...", PASSED) == [PANIC]


def test_a_panic_that_was_to_come_waits_for_the_sum_however_long_that_takes() -> None:
    digest = reader(is_to_panic=True)
    assert panics(digest, "running 3 tests", PANIC) == []
    assert digest.tick(2.0 + HOLD_S) == []
    assert digest.finish(3.0 + HOLD_S) == []


def test_a_panic_that_was_not_to_come_is_told_once_its_time_is_over() -> None:
    digest = reader(is_to_panic=False)
    assert panics(digest, "running 3 tests", PANIC) == []
    assert digest.tick(2.0 + HOLD_S) == [Matched(2.0 + HOLD_S, "panic", PANIC)]
    assert panics(digest, "...", PASSED) == []


def test_a_panic_of_which_nobody_knows_is_a_doubt_once_its_time_is_over_and_is_told_where_a_test_failed() -> None:
    digest = reader()
    assert panics(digest, "running 3 tests", PANIC) == []
    assert [type(one) for one in digest.tick(2.0 + HOLD_S)] == [Doubted]
    assert digest.tick(3.0 + HOLD_S) == []
    assert doubts(digest, PASSED) == 0
    digest = reader()
    assert panics(digest, "running 3 tests", PANIC) == []
    digest.tick(2.0 + HOLD_S)
    assert panics(digest, FAILED, t=3.0 + HOLD_S) == [PANIC]


def test_a_test_whose_result_got_lost_among_others_lines_is_asked_for() -> None:
    lines = ["running 2 tests", "test m::q ... ok", PANIC, PASSED]
    assert panics(reader(is_to_panic=True), *lines) == []
    assert panics(reader(), *lines) == [PANIC]


def test_what_nextest_shows_of_tests_that_passed_is_set_in() -> None:
    lines = ["running 1 test", TO_PANIC + "ok", "", PASSED.replace("3", "1"), "", PANIC]
    assert panics(reader(), *(f"    {line}" for line in lines), "        PASS [   0.1s] (1/1) sp m::p") == []
