"""Ends that the lines around them tell, behind what logs and containers put before each line; and pods' names."""

import pytest

from stresstui.core.model.event import Matched
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.line_reader import LineReader

NODE = """\
Error: boom
    at Timeout._onTimeout (/x.js:1:24)
    at process.processTimers (node:internal/timers:512:7)

Node.js v18.20.4"""
GO = "panic: abort\n\ngoroutine 1 [running]:\nmain.main()"
GO_PLAIN = "panic: boom\n\ngoroutine 1 [running]:"
GO_FATAL = "fatal error: concurrent map writes\n\ngoroutine 8 [running]:"
BEFORE = (
    "", "relay-1  | ", "[pod/relay-7d9f8-xk2lp/relay] ", "2026-01-01T00:00:00.000Z ", "relay-7d9f8-xk2lp relay ",
    "relay-5d8f9c7b6d-x2x4z side-car ", "agent-xk2lp agent ", "relay-0 relay ",
)  # fmt: skip


def told(text: str) -> list[str]:
    reader = LineReader(Scenario(name="around"))
    found = [one for line in text.splitlines() for one in reader.read(1.0, line.encode())]
    return [one.pattern for one in found if isinstance(one, Matched)]


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize(("text", "kind"), [(NODE, "panic"), (GO, "panic"), (GO_PLAIN, "panic"), (GO_FATAL, "crash")])
def test_an_end_is_told_behind_a_prefix(before: str, text: str, kind: str) -> None:
    assert told("\n".join((before + line).rstrip() for line in text.splitlines())) == [kind]


def test_tests_are_counted_behind_the_name_of_a_pod() -> None:
    lines = ("running 1 test", "test a ... FAILED", "test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured")
    assert "libtest_result" in told("\n".join(f"soak-7d9f8-xk2lp soak {line}" for line in lines))


@pytest.mark.parametrize(
    "line",
    [
        "Node.js v18.20.4",
        "relay-1  | Node.js v18.20.4",
        "relay-0 recovered panic: boom",
        "worker-3 ignoring panic: boom",
        "build-and-tests never panic: boom",
    ],
)
def test_what_reads_like_a_prefix_and_is_none(line: str) -> None:
    assert told(line) == []


@pytest.mark.parametrize(
    "line",
    [
        "ERROR panic hook: panicked at src/relay.rs:41:9:",
        "[relay] panicked at src/relay.rs:41:9:",
        "2026-01-01T00:00:00Z ERROR app: panicked at src/relay.rs:41:9: boom",
    ],
)
def test_what_a_panic_hook_logs_is_a_panic(line: str) -> None:
    assert told(line) == ["panic"]


@pytest.mark.parametrize(
    ("line", "kinds"),
    [
        ("vsock [Errno 99] Cannot assign requested address", []),
        ("connect AF_VSOCK: Cannot assign requested address", []),
        ("connect: Cannot assign requested address", ["oom"]),
    ],
)
def test_an_address_that_vsock_has_not_is_no_port_that_ran_out(line: str, kinds: list[str]) -> None:
    assert told(line) == kinds


PLACE = "/srv/a.js:3\n  throw new Error('lost');\n  ^\n\nError: lost\n"


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (PLACE, ["panic"]),
        ("\n".join("relay-1  | " + line for line in PLACE.splitlines()), ["panic"]),
        (PLACE.replace("/srv/a.js:3", "node:events:497"), ["panic"]),
        (PLACE.replace("/srv/a.js:3", "srv/a.rs:3"), []),
        (PLACE.replace("  ^\n", ""), []),
        (PLACE.replace("Error: lost", "all is well"), []),
        (PLACE.replace("\n\nError", "\n\n\n\n\nError"), []),
    ],
)
def test_what_node_shows_of_an_error_that_nobody_caught(text: str, kinds: list[str]) -> None:
    assert told(text) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("workingpanic: lost\n\ngoroutine 1 [running]:", ["panic"]),
        ("working fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:", ["crash"]),
        ("docs: panic: lost\n[signal SIGSEGV: segmentation violation code=0x1]\n\ngoroutine 1 [running]:", ["panic"]),
        ("ignoring panic: lost\nrelay goes on\n\n\n\ngoroutine 1 [running]:", []),
        ("docs: panic: lost", []),
    ],
)
def test_a_panic_behind_unfinished_text_is_told_by_the_stack_below(text: str, kinds: list[str]) -> None:
    assert told(text) == kinds
