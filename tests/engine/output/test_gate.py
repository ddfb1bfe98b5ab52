import pytest

from stresstui.engine.output.gate import look
from stresstui.engine.output.line import Kind


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("2026-11-28T09:00:00Z INFO proxy: accepted connection id=7 peer=10.0.0.1:40007", set()),
        ("iteration 12: sent 1024 bytes, rtt 5.1 ms", set()),
        ("STRESSTUI a=1", {Kind.OWN}),
        ("running 2 tests", {Kind.TEST, Kind.RESULT}),
        ("[app] ok 1 - it listens", {Kind.TEST}),
        ("thread 'main' panicked at src/main.rs:4:5:", {Kind.CRASH, Kind.RESULT}),
        ("child exited with signal 11", {Kind.CRASH}),
        ("no server; Skipping", {Kind.SKIP}),
        ("[app] ok", {Kind.RESULT}),
        ("ok <1.2s>", {Kind.RESULT}),
        ("    at f (/x/a.js:3:7)", {Kind.AROUND}),
        ("/x/a.js:3", {Kind.AROUND}),
        ("@@ -1,2 +1,3 @@", {Kind.SHOWN}),
        ("src/a.c:3:1: error: expected ';'", {Kind.BUILD}),
    ],
)
def test_one_look_tells_who_is_to_read_a_line(line: str, kinds: set[Kind]) -> None:
    assert set(look(line).kinds) == kinds
