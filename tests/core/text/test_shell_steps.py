"""What a shell is to carry out, and which of its commands comes last."""

import pytest

from stresstui.core.text.shell_steps import last_step, script_of, text_of


@pytest.mark.parametrize(
    ("argv", "text", "script"),
    [
        (["bash", "-eo", "pipefail", "-c", "a; b", "name"], "a; b", ""),
        (["timeout", "5", "sh", "-lc", "a"], "a", ""),
        (["bash", "-x", "run.sh", "-c", "b"], "", "run.sh"),
        (["./run.sh", "-c"], "", "./run.sh"),
        (["bash", "-c"], "", ""),
        ([], "", ""),
    ],
)
def test_what_a_shell_carries_out(argv: list[str], text: str, script: str) -> None:
    assert (text_of(argv), script_of(argv)) == (text, script)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("cd x && pytest -q || true", "pytest -q"),
        ("set -e\npytest a  # not jest\nrc=$?\necho done; exit $rc", "pytest a"),
        ("A=1 B=2; if true; then prove -r t; fi", "prove -r t"),
        ("pytest | tee log | jest", "pytest"),
        ("pytest 2>&1 | cat", "pytest 2 >& 1"),
        ("pytest -q && ./soak", "./soak"),
        ("pytest > log 2>&1", ""),
        ("pytest &> log", ""),
        ("echo 'pytest", ""),
        ("", ""),
    ],
)
def test_the_last_command_that_is_seen(text: str, words: str) -> None:
    assert " ".join(last_step(text)) == words
