import pytest

from stresstui.fleet.matrix.labels import LabelError, compile_condition

LABELS = {"kernel": "6.1", "size": "small", "cores": 4}
KNOWN = {*LABELS, "zone"}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True),
        ("kernel == '6.1'", True),
        ("kernel == '5.10'", False),
        ("kernel != '5.10' and size == 'small'", True),
        ("kernel == '5.10' or cores >= 4", True),
        ("not size == 'small'", False),
        ("size in ('small', 'big')", True),
        ("size not in ['small']", False),
        ("2 < cores <= 4", True),
        ("zone == 'a'", False),
        ("zone != 'a'", True),
        ("zone < 3", False),
        ("size < 3", False),
    ],
)
def test_a_condition_holds_or_not(text: str, holds: object) -> None:
    assert compile_condition(text, KNOWN)(LABELS) is holds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kernal == '6.1'", "did you mean 'kernel'?"),
        ("kernel = '6.1'", "cannot be read"),
        ("kernel ==", "cannot be read"),
        ("__import__('os').system('true')", "may only compare"),
        ("kernel.upper() == '6.1'", "may only compare"),
        ("[x for x in (1,)]", "may only compare"),
        ("kernel is '6.1'", "of comparisons"),
        ("(" * 300 + "kernel" + ")" * 300, "cannot be read"),
        ("kernel == '" + "x" * 2000 + "'", "too long"),
        ("-cores == 4", "may only compare"),
    ],
)
def test_what_is_no_condition_is_refused(text: str, said: str) -> None:
    with pytest.raises(LabelError, match=said.replace("?", r"\?").replace("(", r"\(")):
        compile_condition(text, KNOWN)
