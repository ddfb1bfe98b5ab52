"""The published schema of result.json is what is written, for every outcome. STRESSTUI_UPDATE_SCHEMA writes it anew."""

import json
import os
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from stresstui.core.model import event as ev
from stresstui.core.model.scenario import MetricSpec
from stresstui.report.result import decode_result, encode_result, result_of
from stresstui.report.schema import PUBLISHED, encode_schema
from tests.core.story import MIB, Story

FILES = "max(fds) < 100"
FIRST_FIELDS = (
    "schema", "run", "scenario", "runner", "outcome", "reasons", "exit_code", "started", "ended", "duration_s",
    "criteria", "metrics", "child", "monitor",
)  # fmt: skip
"""What schema 1 had from its first day."""


def stopped() -> Story:
    story = Story(FILES).warm().soak(5)
    return story.add(ev.StopRequested(story.t, "user")).exit(None, signal="SIGTERM").end()


def everything() -> Story:
    rules = ("growth(rss) < 1MiB/h", "settles(fds)", "exit_status == 0", "max(rss) < 64MiB", "max(wait_ms) < 1s")
    story = Story(*rules, metrics={"wait_ms": MetricSpec()}).warm().soak(25, rss=96 * MIB)
    return story.report(wait_ms=2.5).run(25).cool().exit(planned=True).end()


STORIES: dict[str, Callable[[], Story]] = {
    "passed": lambda: Story(FILES).whole(),
    "failed": lambda: Story(FILES).whole(fds=200),
    "everything": everything,
    "no data": lambda: Story(FILES).whole(fds=None),
    "aborted": stopped,
    "could not run": lambda: Story(FILES).add(ev.Exited(0.0, cause="not_found")).end(),
    "running": lambda: Story(FILES).warm().soak(5),
    "nothing": Story,
}


def published() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PUBLISHED.read_bytes())
    return found


def document(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encode_result(result_of(STORIES[name]().state())))
    return found


def test_what_is_published_is_what_is_meant() -> None:
    if os.environ.get("STRESSTUI_UPDATE_SCHEMA"):
        PUBLISHED.write_bytes(encode_schema())
    assert PUBLISHED.read_bytes() == encode_schema()
    jsonschema.Draft202012Validator.check_schema(published())


@pytest.mark.parametrize("name", STORIES)
def test_every_result_keeps_the_schema(name: str) -> None:
    jsonschema.validate(document(name), published(), jsonschema.Draft202012Validator)


@pytest.mark.parametrize("field", FIRST_FIELDS)
def test_no_field_of_the_first_day_may_be_missing(field: str) -> None:
    found = document("passed")
    del found[field]
    with pytest.raises(jsonschema.ValidationError, match=f"'{field}' is a required property"):
        jsonschema.validate(found, published(), jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("field", "wrong"), [("outcome", "fine"), ("schema", 2), ("exit_code", "0"), ("criteria", {}), ("reasons", [1])]
)
def test_what_is_not_meant_is_refused(field: str, wrong: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document("passed") | {field: wrong}, published(), jsonschema.Draft202012Validator)


def test_more_fields_are_welcome_and_newer_ones_may_be_missing() -> None:
    found = document("failed") | {"later": 1}
    del found["doubts"], found["too_short"], found["criteria"][0]["certainty"]
    jsonschema.validate(found, published(), jsonschema.Draft202012Validator)
    assert decode_result(json.dumps(found).encode()).criteria[0].certainty == "exact"
