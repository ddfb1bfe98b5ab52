# ruff: noqa: E501 - a table: words of sums
import pytest

from stresstui.engine.output.harness_counts import counts_of

COUNTED = {
    "tests_passed": "passed|passing|pass|xfailed|xpassed|flaky|succeeded|successes|success|successful|xfail|expected failures|known|"
    "expected passes|expected fail|failed as expected|completed|tests|test|examples|example|specs|spec|runs|doctests|doctest|scenarios|"
    "scenario|properties|property",
    "tests_failed": "failed|failing|fail|error|errors|failures|failure|unexpected successes|timed|timed out|timeout|exec|cancelled|"
    "canceled|interrupted|aborted|xpass|unexpected pass|unresolved|undefined|ambiguous|crashed|interrupt|uncaught|unhandled|invalid|"
    "unexpected failures|unresolved testcases|fatal|infra failure|build failure|unexpected success|fails|errored",
    "tests_ignored": "skipped|skip|skips|pending|pendings|todo|ignored|excluded|omissions|incomplete|unsupported|cancel|did|"
    "unsupported tests|untested testcases|omit|disabled",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "word"), [(kind, word) for kind, words in COUNTED.items() for word in words.split("|")]
)
def test_each_word_of_a_sum_counts(kind: str, word: str) -> None:
    assert counts_of(f"{word}=3")[kind] == 3
