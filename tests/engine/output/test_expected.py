import pytest

from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.expected import HOLD_S
from stresstui.engine.output.line_budget import Digest
from stresstui.engine.output.line_protocol import LineReader

PANIC = "thread 'm::p' (412) panicked at src/a.rs:1:1:"
OF_A_WORKER = "thread 'tokio-runtime-worker' (413) panicked at src/b.rs:1:1:"
ALONE = "thread 'main' panicked at src/a.rs:1:1:"
TO_PANIC = "test m::p - should panic ... "


def panics(digest: Digest, *lines: str, t: float = 1.0) -> list[str]:
    found = digest.feed(t, "".join(f"{line}\n" for line in lines).encode())
    return [one.line for one in found if isinstance(one, Matched) and one.pattern == "panic"]


def reader() -> Digest:
    return Digest(LineReader(Scenario(name="a")))


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
    assert panics(digest, "running 1 test", PANIC) == []
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
