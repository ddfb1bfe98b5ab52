"""What is profiled when, and what is said of it."""

from pathlib import Path

import msgspec
import pytest

from stresstui.core.model.event import BreachBegan, Phase, PhaseBegan, ProcessKnown
from stresstui.core.model.sample import Role
from stresstui.investigate import follow
from stresstui.investigate.follow import Profiles
from stresstui.investigate.pprof import ANNOUNCED, NoAnswerError, fetch
from tests.alerts.receivers import Hook
from tests.investigate.test_profile import GOROUTINES, HEAP

KNOWN = ProcessKnown(0.0, 7, Role.SUT, "proxy", pprof="127.0.0.1:1")


class Program:
    """A program that leaks a megabyte and a goroutine at each look."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def fetch(self, address: str, kind: str) -> str:
        self.asked.append((address, kind))
        count = len(self.asked)
        if kind == "heap":
            return HEAP.format(count=count, size=count << 20)
        return GOROUTINES.format(total=count + 1, count=count)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> Program:
    made = Program()
    monkeypatch.setattr(follow, "fetch", made.fetch)
    return made


def test_a_breach_is_told_with_the_function_that_grew(program: Program, tmp_path: Path) -> None:
    said = list[str]()
    profiles = Profiles(tmp_path, (ANNOUNCED,), said.append)
    for event in (KNOWN, PhaseBegan(9.0, Phase.SOAK), BreachBegan(60.0, "c", "Few"), BreachBegan(70.0, "c", "Few")):
        profiles.observe(event)
    assert len(program.asked) == 4  # two at the end of warm-up, two at the first breach
    assert said == [
        "proxy: +2.0 MiB in +2 objects, held by main.(*cache).remember since the end of warm-up",
        "proxy: +2 goroutines in main.serve since the end of warm-up",
    ]
    found = msgspec.json.decode((tmp_path / "evidence" / "heap_proxy_60.json").read_bytes())
    assert found["growth"][0]["function"] == "main.(*cache).remember"
    assert {path.name for path in (tmp_path / "evidence").glob("*.txt")} == {
        "heap_proxy_baseline.txt", "heap_proxy_60.txt", "goroutines_proxy_baseline.txt", "goroutines_proxy_60.txt",
    }  # fmt: skip


def test_the_end_of_the_load_is_looked_at_too(program: Program, tmp_path: Path) -> None:
    profiles = Profiles(tmp_path, ("127.0.0.1:9",), lambda _: None)
    profiles.observe(PhaseBegan(9.0, Phase.SOAK))
    profiles.observe(PhaseBegan(99.0, Phase.COOL_DOWN))
    assert program.asked[0] == ("127.0.0.1:9", "heap")
    assert (tmp_path / "evidence" / "heap_127.0.0.1_9_99.json").exists()


def test_one_that_was_started_again_has_a_new_baseline(program: Program, tmp_path: Path) -> None:
    profiles = Profiles(tmp_path, (), lambda _: None)
    for event in (KNOWN, PhaseBegan(9.0, Phase.SOAK), msgspec.structs.replace(KNOWN, t=30.0, pid=8)):
        profiles.observe(event)
    assert len(program.asked) == 4


def test_a_program_that_does_not_answer_is_told_and_ends_nothing(tmp_path: Path) -> None:
    said = list[str]()
    profiles = Profiles(tmp_path, ("127.0.0.1:1",), said.append)
    profiles.observe(PhaseBegan(9.0, Phase.SOAK))
    profiles.observe(BreachBegan(60.0, "c", "Few"))
    assert all("no profile at http://127.0.0.1:1/" in line for line in said)
    assert len(said) == 2


def test_another_answer_is_no_profile() -> None:
    hook = Hook()
    try:
        with pytest.raises(NoAnswerError, match=r"501|Unsupported"):
            fetch(hook.url.removeprefix("http://").partition("/")[0], "heap")
    finally:
        hook.close()
