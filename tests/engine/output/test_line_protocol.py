import pytest

from stresstui.core.model.event import Doubted, Problem, Reported, ServiceState, Timed
from stresstui.core.model.sample import Role
from stresstui.core.model.scenario import CriterionSpec, MetricSpec, Scenario
from stresstui.engine.output.line_protocol import Announced, Exported
from stresstui.engine.output.line_reader import Found, LineReader

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


def test_a_histogram_is_taken_whole_or_not_at_all() -> None:
    reader = LineReader(Scenario(name="x"))
    assert reader.read(1.0, b"STRESSTUI_HISTOGRAM name=latency_ms buckets=17:3,200:1") == [
        Timed(1.0, "latency_ms", "17:3,200:1")
    ]
    found = reader.read(2.0, b"STRESSTUI_HISTOGRAM name=latency_ms buckets=17:3,")
    assert [type(one) for one in found] == [Problem]
