"""A pattern that is compiled late is the pattern."""

import re
from pathlib import Path

import pytest

import stresstui
from stresstui.core.text.lazy_pattern import lazy

SOURCE = Path(stresstui.__file__).parent
USED = re.compile(r"^(_\w+): Final = .*\b(?:lazy|late)\(", re.MULTILINE)


def test_it_finds_what_the_pattern_finds_and_is_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    compile_one = re.compile

    def compile_and_count(expression: str, flags: int) -> re.Pattern[str]:
        made.append(expression)
        return compile_one(expression, flags)

    monkeypatch.setattr(re, "compile", compile_and_count)
    pattern = lazy(r"(?P<word>b+)", re.IGNORECASE)
    assert made == []
    found = pattern.search("aBBc")
    assert found is not None
    assert found["word"] == "BB"
    assert pattern.search("a") is None
    assert len(made) == 1


@pytest.mark.parametrize("path", [p for p in SOURCE.rglob("*.py") if USED.search(p.read_text())], ids=lambda p: p.stem)
def test_every_late_pattern_compiles(path: Path) -> None:
    module = __import__(".".join(path.relative_to(SOURCE.parent).with_suffix("").parts), fromlist=["_"])
    for name in USED.findall(path.read_text()):
        late = getattr(module, name)
        for one in [expression for _, expression in late] if isinstance(late, tuple) else [late]:
            assert one._make() is not None, name  # raises for a mistake; a set of expressions has no pattern


def test_a_mistake_is_said_when_it_is_used() -> None:
    with pytest.raises(re.error):
        lazy("(").search("x")
