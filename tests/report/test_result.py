import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.model.scenario import CriterionSpec, MetricSpec, Severity
from stresstui.files import write_whole
from stresstui.report.result import decode_result, encode_result, result_of, tidy, write_result
from tests.core.story import MIB, Story


def breached() -> Story:
    story = Story("max(rss) < 64MiB", "max(fds) < 100", "settles(established)").warm()
    return story.soak(20, rss=96 * MIB).run(30).cool().exit(planned=True).end()


def test_the_document_is_schema_1_to_the_letter() -> None:
    document = json.loads(encode_result(result_of(breached().state())))
    first = {key: document[key] for key in ("schema", "run", "scenario", "runner", "outcome", "exit_code")}
    assert first == {
        "schema": 1, "run": "story_1", "scenario": "story", "runner": "command", "outcome": "failed", "exit_code": 1,
    }  # fmt: skip
    assert (document["started"], document["ended"]) == ("2026-11-23T10:15:00Z", "2026-11-23T10:16:05Z")
    assert document["duration_s"] == 60
    said = "max(rss) < 64MiB: 96.0 MiB over 50s of soak, 50 values; breached once, first at 00:00:10, worst 96.0 MiB"
    assert document["reasons"] == [f"Criterion 0: {said}"]
    assert document["criteria"][0]["evidence"] == said
    assert document["child"] == {
        "exit_status": 0, "signal": None, "tests_run": 0, "tests_failed": 0, "panics": 0, "crashed": 0,
        "oom_errors": 0, "stopped_as_planned": True, "cause": "",
    }  # fmt: skip
    assert document["monitor"] == {"cpu_percent_mean": 0.4, "rss_max": 20 * MIB, "samples": 65, "missed": 0}
    assert document["phases"] == {"build": 0, "warm_up": 0, "soak": 10, "cool_down": 60, "ended": 65}


def test_a_criterion_speaks_in_the_unit_of_its_rule() -> None:
    memory, files, back = json.loads(encode_result(result_of(breached().state())))["criteria"]
    assert (memory["value"], memory["limit"], memory["unit"], memory["margin"]) == (96, 64, "MiB", -32)
    assert memory["breaches"] == [{"began_s": 10, "ended_s": 30, "worst": 96}]
    assert (files["value"], files["limit"], files["unit"], files["verdict"]) == (40, 100, "", "passed")
    assert (back["value"], back["limit"], back["unit"], back["margin"]) == (0, None, "", None)


def test_growth_is_told_per_hour_where_the_rule_is() -> None:
    story = Story("growth(rss) < 1MiB/h", duration=1310.0)
    leak = lambda t: int((50 + t / 60) * MIB)  # noqa: E731 - one line says it
    found = result_of(story.whole(rss=leak).state()).criteria[0]
    assert found.unit == "MiB/h"
    assert found.value == pytest.approx(60, rel=0.02)


def test_a_metric_has_its_numbers_over_the_whole_run() -> None:
    found = result_of(breached().state()).metrics
    assert list(found) == sorted(found)
    rss, throughput = found["rss"], found["throughput"]
    assert (rss.unit, rss.min, rss.max, rss.last, rss.baseline) == ("bytes", 50 * MIB, 96 * MIB, 50 * MIB, 50 * MIB)
    assert (rss.samples, rss.missing) == (65, 0)
    assert rss.mean == pytest.approx((20 * 96 + 45 * 50) / 65 * MIB)
    assert (throughput.unit, throughput.mean, throughput.samples) == ("bytes/s", 2000, 64)


def test_a_reported_metric_has_its_unit_and_is_never_missing_from_a_sample() -> None:
    story = Story("max(wait_ms) < 1s", metrics={"wait_ms": MetricSpec()})
    found = result_of(story.whole(report=lambda t: {"wait_ms": 5.0, "bytes_total": 10.0 * t}).state()).metrics
    assert (found["wait_ms"].unit, found["wait_ms"].mean, found["wait_ms"].samples) == ("ms", 5, 65)
    assert found["wait_ms"].baseline == 5
    assert (found["bytes_total"].unit, found["bytes_total"].missing) == ("bytes", 0)


def test_a_run_that_goes_on_has_no_outcome_yet() -> None:
    found = result_of(Story("max(fds) < 100").warm().soak(5).state())
    assert (found.outcome, found.exit_code, found.ended) == (None, None, "")
    assert found.criteria[0].verdict == "ok"


def test_nothing_at_all_is_still_a_result() -> None:
    found = result_of(Story().end().state())
    assert (found.outcome, found.exit_code, found.metrics) == ("inconclusive", 3, {})


def test_a_warning_is_told_apart() -> None:
    spec = CriterionSpec(id="w", title="W", rule="max(fds) < 10", severity=Severity.WARN, group="Evidence")
    found = result_of(Story(spec, "max(rss) < 1GiB").whole().state())
    assert (found.outcome, found.criteria[0].verdict) == ("passed", "failed")
    assert (found.criteria[0].severity, found.criteria[0].group) == ("warn", "Evidence")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None), (math.nan, None), (math.inf, None), (-math.inf, None), (0.0, 0), (-0.0, 0), (5.0, 5),
        (1 / 3, 0.333333), (86400.23456, 86400.2), (123456789.26, 123456789.3), (1.23456789e-5, 1.23457e-5),
    ],
)  # fmt: skip
def test_numbers_are_tidy(value: float | None, expected: float | None) -> None:
    assert tidy(value) == expected
    assert type(tidy(value)) is type(expected)


@given(st.floats())
def test_every_number_can_be_written(value: float) -> None:
    found = tidy(value)
    assert (found is None) == (not math.isfinite(value))
    if found is not None:
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        assert found == pytest.approx(value, rel=1e-5)


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    state = breached().state()
    path = write_result(state, tmp_path)
    assert path == tmp_path / "result.json"
    assert decode_result(path.read_bytes()) == result_of(state)
    assert [found.name for found in tmp_path.iterdir()] == ["result.json"]


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = write_whole(tmp_path / "result.json", b"old")

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("stresstui.files.os.fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert [found.name for found in tmp_path.iterdir()] == ["result.json"]
