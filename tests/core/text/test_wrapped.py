import pytest

from stresstui.core.text.wrapped import behind_wrappers


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        ("env -u A B=1 nice -n 10 cargo test", "cargo test"),
        ("stdbuf -oL timeout 90s ./soak -x 1", "./soak -x 1"),
        ("taskset -c 0-1 soak", "soak"),
        ("soak env A=1", "soak env A=1"),
        ("xvfb-run -a -s -ac soak", "soak"),
        ("nohup", ""),
    ],
)
def test_a_wrapper_is_taken_off(words: str, rest: str) -> None:
    assert list(behind_wrappers(words.split())) == rest.split()
