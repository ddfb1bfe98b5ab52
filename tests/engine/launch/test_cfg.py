import pytest

from stresstui.engine.launch import cfg
from stresstui.engine.launch.cfg import features_for, is_for_release

KNOWN = {"a", "b", "c", "default"}


@pytest.mark.parametrize(
    ("condition", "given", "more"),
    [
        ('feature = "a"', (), ("a",)),
        ('feature = "a"', ("a",), ()),
        ('feature="a"', (), ("a",)),
        ('all(feature = "a", feature = "b")', ("b",), ("a",)),
        ('all(feature = "a", feature = "b",)', (), ("a", "b")),
        ('any(feature = "a", feature = "b")', (), ("a",)),
        ('any(feature = "a", feature = "b")', ("b",), ()),
        ('any(feature = "unknown", feature = "b")', (), ("b",)),
        ('any(all(feature = "a", feature = "b"), feature = "c")', (), ("c",)),
        ('not(feature = "a")', (), ()),
        ('not(feature = "a")', ("a",), None),
        ('not(any(feature = "a", feature = "b"))', ("b",), None),
        ('not(all(feature = "a", feature = "b"))', ("b",), ()),
        ('all(feature = "a", not(feature = "a"))', (), None),
        ('all(feature = "a", not(not(feature = "b")))', (), ("a", "b")),
        ('all(test, feature = "a")', (), ("a",)),
        ("not(test)", (), None),
        ("unix", (), ()),
        ("windows", (), None),
        ('any(windows, feature = "c")', (), ("c",)),
        ('all(target_os = "linux", feature = "a")', (), ("a",)),
        ('not(target_os = "linux")', (), None),
        ('target_os = "plan9"', (), None),
        ("debug_assertions", (), ()),
        ("not(debug_assertions)", (), ()),
        ("tokio_unstable", (), ()),
        ('feature = "unknown"', (), None),
        ("", (), ()),
        ("all()", (), ()),
        ("any()", (), None),
        ("all(", (), ()),
    ],
)
def test_the_fewest_features_with_which_a_condition_holds(
    condition: str, given: tuple[str, ...], more: tuple[str, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cfg, "_OF_THIS_MACHINE", {"target_os": "linux", "target_arch": "x86_64"})
    assert features_for([condition], given, KNOWN) == more


def test_conditions_of_the_modules_around_hold_together() -> None:
    around = ['any(feature = "a", feature = "b")', 'not(feature = "a")', 'feature = "c"']
    assert features_for(around, ()) == ("b", "c")


def test_many_alternatives_are_bounded() -> None:
    pair = 'any(feature = "a", feature = "b")'
    assert features_for([pair] * 40, ()) == ("a",)


@pytest.mark.parametrize(
    ("condition", "so"),
    [
        ("not(debug_assertions)", True),
        (" not( debug_assertions, ) ", True),
        ("debug_assertions", False),
        ("not(any(debug_assertions, test))", False),
        ('feature = "not(debug_assertions)"', False),
    ],
)
def test_a_condition_may_ask_for_a_release(condition: str, *, so: bool) -> None:
    assert is_for_release(["unix", condition]) is so
