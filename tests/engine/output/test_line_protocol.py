import pytest

from stresstui.core.model.event import Doubted, Matched, Problem, Reported, ServiceState, Timed
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import CriterionSpec, MetricSpec, Scenario
from stresstui.engine.output.crash import Crashed
from stresstui.engine.output.line_protocol import Announced, Exported, Found, LineReader

PLAIN = Scenario(name="plain")


def read(line: str, scenario: Scenario = PLAIN) -> list[Found]:
    return LineReader(scenario).read(1.0, line.encode())


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("STRESSTUI a=1 b_total=2.5", {"a": 1.0, "b_total": 2.5}),
        ("  STRESSTUI a=-1e3", {"a": -1000.0}),
        ("STRESSTUI a=.5 b=5.\r", {"a": 0.5, "b": 5.0}),
        ("test stress_ech_24h ... STRESSTUI a=1", {"a": 1.0}),
        ("\x1b[32mSTRESSTUI a=1\x1b[0m", {"a": 1.0}),
        ("progress 10%\rSTRESSTUI a=1", {"a": 1.0}),
        (" 10%|###    | 12/120 [00:01<00:09]STRESSTUI a=1", {"a": 1.0}),
        ("12:00:01 INFO soak: STRESSTUI a=1", {"a": 1.0}),
        ("working... STRESSTUI a=1", {"a": 1.0}),
        ("STRESSTUI\ta=1\tb=2", {"a": 1.0, "b": 2.0}),
        ("test src/lib.rs - Pool::grow (line 12) ... STRESSTUI a=1", {"a": 1.0}),
        ("STRESSTUI panicked=1 a=0", {"panicked": 1.0, "a": 0.0}),
    ],
)
def test_the_metrics_line(line: str, values: dict[str, float]) -> None:
    assert read(line) == [Reported(1.0, values)]


@pytest.mark.parametrize(
    "pair", ["a=", "=1", "a=x", "a=nan", "a=inf", "a=1e999", "a=1e308", "a=1_000", "1a=1", "a", "a=1=2"]
)
def test_a_malformed_pair_is_told_once_and_the_others_count(pair: str) -> None:
    reader = LineReader(PLAIN)
    first = reader.read(1.0, f"STRESSTUI {pair} good=1".encode())
    assert first[0] == Reported(1.0, {"good": 1.0})
    assert isinstance(first[1], Problem)
    assert pair in first[1].text
    assert reader.read(2.0, f"STRESSTUI {pair} good=1".encode()) == [Reported(2.0, {"good": 1.0})]


@pytest.mark.parametrize(
    "line",
    [
        "STRESSTUIX a=1",
        "said STRESSTUI a=1",
        "echo 'STRESSTUI a=1'",
        "+ echo STRESSTUI a=1",
        "MY_STRESSTUI a=1",
        "",
        "STRESSTUI",
    ],
)
def test_what_only_looks_like_a_metrics_line(line: str) -> None:
    assert read(line) == []


@pytest.mark.parametrize("word", ["STRESSTUI:", "STRESSTUI="])
def test_a_metrics_line_that_was_nearly_written_is_told(word: str) -> None:
    reader = LineReader(PLAIN)
    told = f"not a metrics line: {word} a=1; write STRESSTUI name=value"
    assert reader.read(1.0, f"{word} a=1".encode()) == [Problem(1.0, "output", told)]
    assert reader.read(2.0, f"{word} a=1".encode()) == []


JUDGED = Scenario(
    name="judged",
    metrics={"q": MetricSpec(regex=r"queue (\S+)", unit="bytes"), "free": MetricSpec()},
    criteria=(CriterionSpec(id="a", title="A", rule="max(q) < 10"),),
)


@pytest.mark.parametrize(
    ("line", "doubted"),
    [
        ("STRESSTUI q=inf", "inf"),
        ("STRESSTUI q=1e308", "1e308"),
        ("STRESSTUI q=1,000", "1,000"),
        ("STRESSTUI q=5MiB free=1", "5MiB"),
        ("queue 5ms", "5ms"),
        ("STRESSTUI q=NaN", ""),
        ("STRESSTUI q=", ""),
        ("queue nan", ""),
        ("STRESSTUI free=inf", ""),
        ("STRESSTUI q=1", ""),
    ],
)
def test_what_a_rule_reads_and_nobody_could_is_a_doubt_told_once(line: str, doubted: str) -> None:
    reader = LineReader(JUDGED)
    doubts = [one for one in reader.read(1.0, line.encode()) if isinstance(one, Doubted)]
    mend = "print a plain number, or nan where nothing was measured"
    said = f"'q' was '{doubted}' once, which cannot be judged; {mend}"
    assert doubts == ([Doubted(1.0, "output", said)] if doubted else [])
    assert not any(isinstance(one, Doubted) for one in reader.read(2.0, line.encode()))


def test_announcements() -> None:
    assert read("STRESSTUI_PROCESS pid=12 role=sut name='ech server'") == [Announced(12, Role.SUT, "ech server")]
    assert read('STRESSTUI_STATE state=ready detail="round trip in 12 ms"') == [
        ServiceState(1.0, "ready", "round trip in 12 ms")
    ]
    assert read("STRESSTUI_ENV SB_ECH_STRESS_ADDR=127.0.0.1:80") == [Exported("SB_ECH_STRESS_ADDR", "127.0.0.1:80")]


@pytest.mark.parametrize(
    "line",
    [
        "STRESSTUI_PROCESS pid=x role=sut name=a",
        "STRESSTUI_PROCESS pid=1 role=king name=a",
        "STRESSTUI_STATE detail='a",
    ],
)
def test_a_malformed_announcement_is_a_problem(line: str) -> None:
    (found,) = read(line)
    assert isinstance(found, Problem)


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


def test_the_scenarios_own_expressions() -> None:
    scenario = Scenario(
        name="own",
        metrics={
            "sent_bytes_total": MetricSpec(regex=r"Bytes Sent: ([\d,]+)"),
            "share": MetricSpec(regex=r"Successful: (\d+) \((?P<value>[\d.]+)%\)"),
        },
        patterns={"rekeyed": r"key rotated"},
    )
    assert read("Bytes Sent: 1,234", scenario) == [Reported(1.0, {"sent_bytes_total": 1234.0})]
    assert read("Successful: 12 (99.5%)", scenario) == [Reported(1.0, {"share": 99.5})]
    assert read("a key rotated", scenario) == [Matched(1.0, "rekeyed", "a key rotated")]
    assert read("Bytes Sent: many", scenario) == []


def test_a_decimal_comma_of_one_metric_is_one_of_all() -> None:
    reader = LineReader(
        Scenario(name="de", metrics={name: MetricSpec(regex=rf"{name}=([\d,]+)") for name in ("p50", "p99")})
    )
    assert reader.read(1.0, b"p50=0,512 p99=1,234") == [Reported(1.0, {"p50": 0.512, "p99": 1.234})]


def test_an_expression_that_is_wrong_is_a_problem_and_no_more() -> None:
    found = read("STRESSTUI a=1", Scenario(name="wrong", patterns={"bad": "("}))
    assert [type(one) for one in found] == [Problem, Reported]


def test_a_panic_that_a_bar_was_drawn_over_was_said_all_the_same() -> None:
    (found,) = read("10 %\rthread 'main' panicked at src/a.rs:1:1:\r20 %")
    assert isinstance(found, Matched)
    assert found.pattern == "panic"
    assert read("10 %\r20 %\rSTRESSTUI queue=1") == [Reported(1.0, {"queue": 1.0})]


def patterns(*lines: str | bytes) -> list[str]:
    reader = LineReader(Scenario(name="x"))
    raw = [line if isinstance(line, bytes) else line.encode() for line in lines]
    return [one.pattern for line in raw for one in reader.read(1.0, line) if isinstance(one, Matched)]


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


def test_wide_text_is_read_as_a_terminal_shows_it() -> None:
    assert patterns("panic: boom".encode("utf-16-le")) == ["panic"]


def test_a_histogram_is_taken_whole_or_not_at_all() -> None:
    reader = LineReader(Scenario(name="x"))
    assert reader.read(1.0, b"STRESSTUI_HISTOGRAM name=latency_ms buckets=17:3,200:1") == [
        Timed(1.0, "latency_ms", "17:3,200:1")
    ]
    found = reader.read(2.0, b"STRESSTUI_HISTOGRAM name=latency_ms buckets=17:3,")
    assert [type(one) for one in found] == [Problem]
