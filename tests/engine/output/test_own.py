from stresstui.core.model.event import Matched, Problem, Reported
from stresstui.core.model.scenario import MetricSpec, Scenario
from stresstui.engine.output.line_reader import Found, LineReader

PLAIN = Scenario(name="plain")


def read(line: str, scenario: Scenario = PLAIN) -> list[Found]:
    return LineReader(scenario).read(1.0, line.encode())


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
