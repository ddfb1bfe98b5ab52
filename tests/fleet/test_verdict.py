from typing import Any

import pytest

from stresstui.fleet.verdict import BoxRun, combine, explain, find_outliers


def came_out(box: str, outcome: str, **more: Any) -> BoxRun:
    return BoxRun(box=box, scenario="ech_24h", outcome=outcome, **more)


@pytest.mark.parametrize(
    ("outcomes", "outcome", "code"),
    [
        (["passed", "passed"], "passed", 0),
        (["passed", "failed"], "failed", 1),
        (["passed", "lost"], "inconclusive", 3),
        (["lost", "failed"], "failed", 1),
        (["passed", "aborted"], "inconclusive", 3),
        (["passed", "inconclusive"], "inconclusive", 3),
        (["passed", "could not run"], "inconclusive", 3),
        (["passed", "running"], "inconclusive", 3),
        ([], "inconclusive", 3),
    ],
)
def test_all_must_have_passed(outcomes: list[str], outcome: str, code: int) -> None:
    found = combine([came_out(f"b{i}", one) for i, one in enumerate(outcomes)], {})
    assert (found.outcome, found.exit_code) == (outcome, code)
    assert (found.outcome == "passed") is not bool(found.reasons)


def test_reasons_name_their_boxes_the_worst_first() -> None:
    runs = [came_out("a", "inconclusive", reasons=("too short",)), came_out("b", "failed", reasons=("RSS grows",))]
    assert combine(runs, {}).reasons == ("b: ech_24h failed: RSS grows", "a: ech_24h inconclusive: too short")


def test_a_lost_run_that_another_box_carried_out_does_not_count() -> None:
    assert combine([came_out("a", "lost", made_up=True), came_out("b", "passed")], {}).outcome == "passed"


MIB = 1 << 20


def _means(values: dict[str, float]) -> list[BoxRun]:
    return [came_out(box, "passed", means={"rss": value * MIB}) for box, value in values.items()]


def test_a_box_that_is_not_like_its_peers_is_named_with_the_label_that_explains_it() -> None:
    labels = {"a": {"kernel": "6.1"}, "b": {"kernel": "5.10"}, "c": {"kernel": "5.10"}, "d": {"kernel": "5.10"}}
    found = find_outliers(_means({"a": 900.0, "b": 100.0, "c": 103.0, "d": 98.0, "e": 101.0}), labels)
    assert [(one.box, one.metric, one.labels) for one in found] == [("a", "rss", "kernel 6.1")]
    assert found[0].median == 101.0 * MIB


@pytest.mark.parametrize(
    "values",
    [
        {"a": 100.0, "b": 101.0, "c": 99.0, "d": 104.0},
        {"a": 100.0, "b": 100.0, "c": 100.0, "d": 102.0},
        {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.0},
        {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.9},
        {"a": 100.0, "b": 900.0, "c": 101.0},
    ],
)
def test_boxes_that_are_alike_or_too_few_are_not_called_different(values: dict[str, float]) -> None:
    assert find_outliers(_means(values), {}) == []


def test_two_labels_explain_what_none_does_alone() -> None:
    labels = {"a": {"k": 1, "z": 1}, "b": {"k": 1, "z": 1}, "c": {"k": 1, "z": 2}, "d": {"k": 2, "z": 1}}
    assert explain(["a", "b"], ["a", "b", "c", "d"], labels) == "k 1 with z 1"


def test_labels_explain_only_what_they_tell_apart() -> None:
    labels = {"a": {"k": 1, "z": "x"}, "b": {"k": 1, "z": "y"}, "c": {"k": 2, "z": "x"}}
    assert explain(["a", "b"], ["a", "b", "c"], labels) == "k 1"
    assert explain(["a"], ["a", "b", "c"], labels) == ""
    assert explain([], ["a"], labels) == ""
    assert explain(["a"], ["a"], labels) == ""


def test_why_nothing_could_be_judged_is_said_too() -> None:
    reasons = ("no criterion could be judged", "38 % of the readings are missing", "more")
    found = combine([came_out("a", "inconclusive", reasons=reasons), came_out("b", "failed", reasons=reasons)], {})
    assert found.reasons == (
        "b: ech_24h failed: no criterion could be judged",
        "a: ech_24h inconclusive: no criterion could be judged; 38 % of the readings are missing",
    )


@pytest.mark.parametrize(
    ("reasons", "said"),
    [
        (("FDs",), "FDs; mostly p (pid 7)"),
        (("RSS grows; mostly q (pid 8)",), "RSS grows; mostly q (pid 8)"),
        ((), "no reason was recorded; mostly p (pid 7)"),
    ],
)
def test_the_process_is_named_once(reasons: tuple[str, ...], said: str) -> None:
    found = combine([came_out("a", "failed", reasons=reasons, process="p (pid 7)")], {})
    assert found.reasons == (f"a: ech_24h failed: {said}",)
