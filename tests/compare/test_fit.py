"""Whether two sides fit to be compared, and what is left out of them."""

import random
from typing import Any

import msgspec
import pytest

from stresstui.compare.judge import Change, Report, compare
from stresstui.compare.numbers import Numbers
from stresstui.compare.say import lines, markdown, verdict
from stresstui.compare.setting import Setting
from tests.compare.noise import run

TIMED = ("latency_ms_p50", "latency_ms_p99", "throughput", "connections_total")
KNOWN = Setting(
    cpus=2, allowed=2, memory=8 << 30, machine="x86_64", system="Linux 6.1", collector="auto", interval=1.0,
    warm_up=30.0, cool_down=15.0, load="plain steady", criteria={"few": "max(fds) < 100 fail"},
    versions={"stresstui": "0.1.0"}, revision="abc",
)  # fmt: skip


def known(source: random.Random, **changes: Any) -> Numbers:
    return msgspec.structs.replace(run(source), soaked=60.0, setting=msgspec.structs.replace(KNOWN, **changes))


def strained(source: random.Random, share: float, factor: float, *, left: bool = True, **changes: float) -> Numbers:
    """A run that met a saturated host, in which times were that many times as long and rates so many times less."""
    one = run(source, **changes)
    soak = one.phases["soak"]

    def bent(name: str) -> Any:
        by = 1 / factor if soak[name].falls else factor
        cut = round(share * len(soak[name].values))
        values = [value * by for value in soak[name].values[:cut]] + soak[name].values[cut:]
        return msgspec.structs.replace(soak[name], values=values)

    kept = soak if left else {name: values for name, values in soak.items() if name not in TIMED}
    return msgspec.structs.replace(
        one, phases={"soak": kept}, whole={"soak": {name: bent(name) for name in TIMED}}, strained={"soak": share}
    )


def changes(report: Report) -> dict[str, Change]:
    return {one.metric: one.change for one in report.comparisons}


def test_seconds_of_a_saturated_host_are_left_out_and_that_is_said() -> None:
    source = random.Random(31)
    report = compare([run(source) for _ in range(5)], [strained(source, 0.12, 1.0) for _ in range(5)])
    assert (report.worse, report.open) == ([], [])
    said = "the host was saturated for 0 % of the base's soak and 12 % of the other side's: left out of times and rates"
    assert any(said in remark for remark in report.remarks)


def test_what_is_worse_only_in_those_seconds_is_no_pass() -> None:
    source = random.Random(32)
    report = compare([run(source) for _ in range(5)], [strained(source, 0.5, 8.0) for _ in range(5)])
    assert report.worse == []
    assert {line.split()[0] for line in report.open} >= {"throughput", "latency_ms_p99"}
    assert all("its own doing" in line for line in report.open)
    assert verdict(report).startswith("OPEN, so no verdict: ")


def test_a_change_that_saturates_the_host_itself_is_called_by_its_cpu() -> None:
    source = random.Random(33)
    base = [run(source) for _ in range(5)]
    report = compare(base, [strained(source, 0.6, 8.0, left=False, cpu=2.0) for _ in range(5)])
    assert changes(report)["cpu"] is Change.WORSE
    assert verdict(report).startswith("WORSE: ")
    assert any("it may itself be what saturated the host" in remark for remark in report.remarks)
    assert any("throughput is worse with the seconds" in line for line in lines(report))
    assert any(" latency_ms_p99, throughput cannot be compared: too little is left" in line for line in lines(report))
    assert "latency_ms_p99, throughput cannot be compared" in markdown(report)


def test_what_cannot_be_compared_is_no_pass() -> None:
    source = random.Random(34)
    report = compare([run(source)], [strained(source, 0.9, 1.0, left=False)])
    (said,) = report.open
    assert "latency_ms_p99" in said
    assert "cannot be compared: too little is left" in said
    assert "latency_ms_p50" not in said  # nobody asked for it: a note
    assert any("latency_ms_p50" in line for line in report.remarks)


@pytest.mark.parametrize(
    ("unit", "said"), [("ms", "its units differ: bytes, ms"), ("", "its units differ: bytes, none")]
)
def test_other_units_are_not_compared(unit: str, said: str) -> None:
    source = random.Random(35)
    odd = run(source)
    rss = msgspec.structs.replace(odd.phases["soak"]["rss"], unit=unit)
    report = compare([run(source)], [msgspec.structs.replace(odd, phases={"soak": odd.phases["soak"] | {"rss": rss}})])
    assert "rss" not in changes(report)
    assert any(said in line for line in report.open)


def test_a_metric_that_one_side_lacks_is_said() -> None:
    source = random.Random(36)
    odd = run(source)
    soak = {name: values for name, values in odd.phases["soak"].items() if name not in {"throughput", "threads"}}
    report = compare([run(source)], [msgspec.structs.replace(odd, run="odd", phases={"soak": soak})])
    assert report.open == ["throughput cannot be compared: odd has too few values of it"]
    assert "threads cannot be compared: odd has too few values of it" in report.remarks


def test_a_reason_that_several_metrics_have_is_said_once() -> None:
    source = random.Random(37)
    odd = run(source)
    soak = {name: values for name, values in odd.phases["soak"].items() if name not in {"throughput", "rss"}}
    report = compare([run(source)], [msgspec.structs.replace(odd, run="odd", phases={"soak": soak})])
    assert report.open == ["rss, throughput cannot be compared: odd has too few values of it"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("cpus", 8, "the machines differ: 2, 8 CPUs"),
        ("allowed", 1, "the CPUs that they might use differ: 2, 1"),
        ("memory", 32 << 30, "of memory"),
        ("machine", "aarch64", "the machines differ: x86_64, aarch64"),
        ("load", "plain steady rate=40", "the loads differ: plain steady, plain steady rate=40"),
        ("interval", 5.0, "different intervals: 1s, 5s"),
        ("warm_up", 5.0, "the warm-ups differ: 5s and 30s"),
    ],
)
def test_what_was_made_under_other_conditions_is_not_of_a_kind(field: str, value: object, said: str) -> None:
    source = random.Random(37)
    report = compare([known(source)], [known(source, **{field: value})])
    assert any(said in reason for reason in report.unlike), report.unlike
    assert verdict(report).startswith("NOT OF A KIND")


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("system", "Linux 6.12", "the systems differ: Linux 6.1, Linux 6.12"),
        ("collector", "portable", "the collectors differ: auto, portable"),
        ("faults", "stall=5s@60s", "the faults on purpose differ: none, stall=5s@60s"),
        ("command", "./new", "the commands differ"),
        ("revision", "def", "the revisions under test differ: abc, def"),
        ("cool_down", 1.0, "the cool-downs differ: 1s and 15s"),
        ("versions", {"stresstui": "0.2.0"}, "the versions of stresstui differ: 0.1.0, 0.2.0"),
        ("criteria", {"few": "max(fds) < 90 fail"}, "the criteria differ: few"),
        ("criteria", {"few": "max(fds) < 100 fail", "more": "max(rss) < 1MiB fail"}, "the criteria differ: more"),
    ],
)
def test_what_may_have_been_changed_on_purpose_is_said(field: str, value: object, said: str) -> None:
    source = random.Random(38)
    start = {"command": "./old"} if field == "command" else {}
    report = compare([known(source, **start)], [known(source, **{field: value})])
    assert report.unlike == []
    assert any(said in remark for remark in report.remarks), report.remarks


def test_an_end_before_the_plan_is_said_with_when() -> None:
    source = random.Random(39)
    cut = msgspec.structs.replace(known(source), run="b", outcome="failed", cut="failed after 40s of 2m")
    assert compare([known(source)], [cut]).unlike == ["not whole: b (failed after 40s of 2m)"]


def test_an_older_record_is_compared_and_what_is_not_known_is_said() -> None:
    source = random.Random(40)
    old = msgspec.json.decode(msgspec.json.encode(run(source)), type=Numbers)
    report = compare([old], [known(source)])
    assert report.unlike == []
    assert len(report.comparisons) > 8
    assert any("an older record" in remark for remark in report.remarks)
    assert not any("older record" in remark for remark in compare([known(source)], [known(source)]).remarks)


def test_doubts_and_looks_are_said() -> None:
    source = random.Random(41)
    odd = msgspec.structs.replace(known(source), run="b", doubts=["lines are missing"], looked={"soak": 0.2})
    said = " ".join(compare([known(source)], [odd]).remarks)
    assert "in doubt: b: lines are missing" in said
    assert "somebody looked into 20 % of b, which is left out" in said
