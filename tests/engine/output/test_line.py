import re

import pytest

from stresstui.engine.output.line import Line, clean, drawn


def test_a_line_without_a_prefix_is_one_text() -> None:
    assert Line("panic: boom").texts == ("panic: boom",)


@pytest.mark.parametrize(
    ("line", "bare"),
    [
        ("2026-11-28T09:00:00Z [app] panic: boom", "panic: boom"),
        ("web-1  | ", ""),
        ("web-1  | [ FAIL 1 | WARN 0 | SKIP 0 | PASS 2 ]", "[ FAIL 1 | WARN 0 | SKIP 0 | PASS 2 ]"),
    ],
)
def test_what_stands_behind_a_prefix(line: str, bare: str) -> None:
    assert Line(line).texts == (line, bare)


@pytest.mark.parametrize(("line", "content"), [("web-1  |", ""), ("[app]", ""), ("[app]  x", " x"), ("x", "x")])
def test_an_empty_line_behind_a_prefix_that_has_lost_its_last_space(line: str, content: str) -> None:
    assert Line(line).content == content


def test_an_expression_is_looked_for_in_the_whole_first() -> None:
    whole = Line("[BUG] [BUG] x").match(re.compile(r"(\[BUG\] )+"))
    assert whole is not None
    assert whole[0] == "[BUG] [BUG] "
    behind = Line("[app] ok 3").match(re.compile(r"ok \d"))
    assert behind is not None
    assert Line("[app] it is ok 3").match(re.compile(r"ok \d")) is None


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"plain", ["plain"]),
        (b"one\ttwo\r", ["one\ttwo"]),
        (b"\x1b[31mred\x1b[0m", ["red"]),
        (b"10 %\r20 %", ["10 %", "20 %"]),
        ("wide".encode("utf-16-le"), ["wide"]),
        (b"\xff", ["\ufffd"]),
    ],
)
def test_what_a_person_sees_of_a_line(raw: bytes, shown: list[str]) -> None:
    assert drawn(raw) == shown
    assert clean(raw) == shown[-1]


@pytest.mark.parametrize("back", [b"\r", b"\x1b[G", b"\x1b[1G", b"\x1b[999D\x1b[K"])
def test_what_a_cursor_went_back_over_is_not_what_stands(back: bytes) -> None:
    assert drawn(b"Determining test suites to run..." + back + b"No tests found") == [
        "Determining test suites to run...",
        "No tests found",
    ]
