# ruff: noqa: E501 - a table: what programs print, line by line
"""Where a message is in a line: inside the fields of a log's record, or only told of there."""

import pytest

from tests.engine.output.test_words import told


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (
            r'WARN[0001] Request Failed   error="Get \"http://127.0.0.1:1/\": dial tcp 127.0.0.1:1: socket: too many open files"',
            "oom",
        ),
        ('level=warning msg="accept failed" error="accept tcp [::]:80: accept4: too many open files"', "oom"),
        ('level=error last_error="dial: connect: cannot assign requested address" try=3', "oom"),
        ('level=error msg="worker 3: panic: boom"', "panic"),
        (
            'time="2026-11-27T22:01:11Z" level=error msg="relay ended" reason="worker: fatal error: concurrent map writes"',
            "crash",
        ),
        (r'{"log":"{\"msg\":\"panic: boom\"}\n","stream":"stderr"}', "panic"),
        (r'{"log":"{\"level\":\"error\",\"err\":\"accept: too many open files\"}\n"}', "oom"),
    ],
)
def test_a_message_in_a_field_is_told(line: str, kind: str) -> None:
    assert told(line) == [kind]


@pytest.mark.parametrize(
    "line",
    [
        'the log said "accept: too many open files" once',
        'level=info query="too many open files" hits=0',
        'level=info msg="started" expected="panic: boom"',
        'level=info testname="worker panic: boom"',
        r'{"test":"{\"name\":\"panic: boom\"}"}',
        r'{"log":"{\"name\":\"panic: boom\"}"}',
        "errors.EMFILE: .............. 0",
        "errors.ENOBUFS....: 0.00%",
    ],
)
def test_what_a_field_only_names_or_counts_as_none_is_not(line: str) -> None:
    assert told(line) == []


def test_a_record_behind_a_prefix_is_read_as_a_record() -> None:
    assert told('[app] {"msg":"panic: boom"}') == ["panic"]
    assert told(r'[app] {"test":"{\"name\":\"panic: boom\"}"}') == []


def test_a_load_generators_count_of_errors_is_told() -> None:
    assert told("errors.EMFILE: .............. 12") == ["oom"]


@pytest.mark.parametrize("end", ['"}', "", "\\", "\\u00"])
def test_a_long_record_is_read_though_it_was_cut(end: str) -> None:
    assert told('{"level":"panic","msg":"lost","stack":"' + r"main.f\n" * 3000 + end) == ["panic"]
    assert told('{"level":"info","stack":"' + r"main.f\n" * 3000 + end) == []
