import pytest

from stresstui.core.model.event import Matched, Reported
from stresstui.core.model.scenario import Scenario
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line_reader import Found, LineReader

PLAIN = Scenario(name="plain")


def read(line: str, scenario: Scenario = PLAIN) -> list[Found]:
    return LineReader(scenario).read(1.0, line.encode())


@pytest.mark.parametrize(
    ("line", "pattern", "values"),
    [
        ("running 1 test", "libtest_running", {"tests_run": 1}),
        ("running 12 tests", "libtest_running", {"tests_run": 12}),
        ("running 0 tests", "libtest_running", {"tests_run": 0}),
        (
            "test result: ok. 1 passed; 0 failed; 2 ignored; 0 measured; 9 filtered out; finished in 0.00s",
            "libtest_result",
            {"tests_passed": 1, "tests_failed": 0, "tests_ignored": 2, "tests_filtered": 9},
        ),
        (
            "test result: FAILED. 3 passed; 1 failed; 0 ignored",
            "libtest_result",
            {"tests_passed": 3, "tests_failed": 1, "tests_ignored": 0},
        ),
        ("test stress_ech ... FAILED", "libtest_failed", {}),
        ("thread 'main' panicked at 'boom', src/main.rs:4:5", "panic", {}),
        ("thread 'main' panicked at src/main.rs:4:5:", "panic", {}),
        ("thread '<unnamed>' (4711) panicked at app/tests/a.rs:10:9:", "panic", {}),
        ("thread 'it's me' panicked at src/main.rs:4:5:", "panic", {}),
        ("test stress ... thread 'stress' panicked at src/lib.rs:1:1:", "panic", {}),
        ("Error: Too many open files (os error 24)", "oom", {}),
        ("memory allocation of 4096 bytes failed", "oom", {}),
        ("MemoryError", "oom", {}),
        ("SB_ECH_STRESS_ADDR not set; skipping", "skip", {}),
        ("Skipping: no server", "skip", {}),
    ],
)
def test_lines_that_every_run_looks_for(line: str, pattern: str, values: dict[str, float]) -> None:
    (found,) = read(line)
    assert isinstance(found, Matched)
    assert (found.pattern, found.values) == (pattern, values)


@pytest.mark.parametrize(
    "line",
    [
        "it said: thread 'x' has not panicked at all",
        "0 panicked at the disco",
        "test result: pending",
        "running 3 tests in parallel",
        "0 out of memory errors",
        "hop, skip and jump",
        "test stress ... ok",
    ],
)
def test_lines_that_mean_nothing(line: str) -> None:
    assert read(line) == []


@pytest.mark.parametrize(
    ("line", "name"),
    [
        (
            "  process didn't exit successfully: `/t/deps/a-1` (signal: 11, SIGSEGV: invalid memory reference)",
            "SIGSEGV",
        ),
        ("Segmentation fault (core dumped)", "SIGSEGV"),
        ("run.sh: line 3: 4711 Aborted                 (core dumped) ./a", "SIGABRT"),
        ("bash: 4711 Segmentation fault      sh -c x", "SIGSEGV"),
        ("Aborted", "SIGABRT"),
        ("Aborted by the user", None),
    ],
)
def test_a_crash_that_somebody_else_reaped(line: str, name: str | None) -> None:
    found = [one.signal for one in read(line) if isinstance(one, Crashed)]
    assert found == ([name] if name else [])


def test_a_long_line_is_cut() -> None:
    (found,) = read("thread 'main' panicked at " + "x" * 9000)
    assert isinstance(found, Matched)
    assert len(found.line) == 500


def test_a_panic_that_a_bar_was_drawn_over_was_said_all_the_same() -> None:
    (found,) = read("10 %\rthread 'main' panicked at src/a.rs:1:1:\r20 %")
    assert isinstance(found, Matched)
    assert found.pattern == "panic"
    assert read("10 %\r20 %\rSTRESSTUI queue=1") == [Reported(1.0, {"queue": 1.0})]


def patterns(*lines: str | bytes) -> list[str]:
    reader = LineReader(Scenario(name="x"))
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return [one.pattern for line in raw for one in reader.read(1.0, line) if isinstance(one, Matched)]


def test_wide_text_is_read_as_a_terminal_shows_it() -> None:
    assert patterns("panic: boom".encode("utf-16-le")) == ["panic"]


def test_node_tells_of_its_end_below_the_error() -> None:
    error = (
        "/x/a.js:3",
        "    throw new Error('x')",
        "    ^",
        "",
        "Error: x",
        "    at f (/x/a.js:3:7) {",
        "  code: 'E'",
    )
    assert patterns(*error, "}", "", "Node.js v20.11.0") == ["panic"]
    assert not patterns("", "Node.js v20.11.0", "    at f (/x/a.js:3:7)", "Node.js v20.11.0")


def test_a_panic_called_like_a_setting_is_one_above_a_stack_of_go() -> None:
    assert patterns("panic: abort", "", "goroutine 1 [running]:", "main.main()", "goroutine 2 [select]:") == ["panic"]
    assert patterns("panic: on", "[signal SIGABRT: abort]", "", "goroutine 7 gp=0xc0 m=0 mp=0x5 [running]:") == [
        "panic"
    ]
    assert patterns("panic: boom", "", "goroutine 1 [running]:") == ["panic"]
    assert not patterns("panic: abort", "lto: true")
    assert not patterns("panic: abort", "lto: true", "opt: 3", "debug: 0", "rpath: no", "goroutine 1 [running]:")
