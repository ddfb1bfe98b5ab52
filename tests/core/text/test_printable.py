import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstui.core.model import event as ev
from stresstui.core.model.cleaning import TEXT_MAX, cleaned
from stresstui.core.model.event import Phase, Timed
from stresstui.core.model.sample import ProcessSample, Sample
from stresstui.core.text.printable import MARKS_MOST, printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("grün 日本 ✓", "grün 日本 ✓"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[38;2;1;2;3mred", "red"),
        ("\x1b]52;c;AAAA\x07after", "after"),
        ("\x1b]0;title\x1b\\after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d0;title\x9cafter", "after"),
        ("\x9b31mred", "red"),
        ("\x1bPq#0\x1b\\after", "after"),
        ("\x1b_app\x1b\\after", "after"),
        ("\x1b^pm\x1b\\after", "after"),
        ("\x1bXsos\x1b\\after", "after"),
        ("\x1bcreset", "reset"),
        ("\x1b(0lines", "lines"),
        ("\x1b", ""),
        ("\x1b]0;never ends", ""),
        ("a\x00b\x07c\x08d\x7f", "abcd"),
        ("a\nb\tc\r", "a b c "),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("a\u2028b", "a b"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("e" + "\u0301" * 50, "e" + "\u0301" * MARKS_MOST),
        ("[bold]markup[/bold]", "[bold]markup[/bold]"),
    ],
)
def test_only_characters_to_show_are_left(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(alphabet=st.characters(), max_size=60))
def test_what_is_left_is_printable_and_stays_so(text: str) -> None:
    found = printable(text)
    assert found.isprintable()
    assert printable(found) == found


def test_what_is_long_is_cut_in_bounded_time() -> None:
    assert printable("\u0301" * 10_000_000 + "x", 10) == "\u0301" * MARKS_MOST
    assert len(printable("\x1b[1m" * 3_000_000 + "end", 100)) <= 100


EVIL = "a\x1b]0;evil\x07\x1bc\u202eb"
EVENTS: tuple[ev.Event, ...] = (
    ev.Noted(1.0, EVIL, EVIL),
    ev.Problem(1.0, EVIL, EVIL),
    ev.Doubted(1.0, EVIL, EVIL),
    ev.Matched(1.0, "panic", EVIL, {EVIL: 1.0}),
    ev.ServiceState(1.0, EVIL, EVIL, EVIL),
    ev.PhaseBegan(1.0, Phase.SOAK, EVIL),
    ev.StopRequested(1.0, EVIL, EVIL),
    ev.Reported(1.0, {EVIL: 1.0}),
    ev.Started(0.0, run=EVIL, wall=EVIL, scenario={"name": EVIL, "criteria": [{"title": EVIL}]}, runner="lab", why=EVIL,
               command=("x", EVIL)),
    ev.Captured(1.0, EVIL, (ev.Descriptor(1, EVIL, 3, EVIL, EVIL),), 1, EVIL, EVIL),
    ev.Sampled(1.0, Sample(1.0, (ProcessSample(1, 1.0, "good"), ProcessSample(2, 1.0, EVIL)))),
)  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_text_of_every_event_is_cleaned(event: ev.Event) -> None:
    said = ev.encode_event(cleaned(event)).decode()
    assert "evil" not in said
    assert "\\u001b" not in said
    assert "\u202e" not in said
    assert "ab" in said


def test_what_a_machine_reads_is_kept_and_long_texts_are_cut() -> None:
    scenario = {"metrics": {"x": {"regex": "\\x1b\t"}}, "command": {"argv": ["a\tb"]}}
    kept = cleaned(ev.Started(0.0, run="r", wall="", scenario=scenario, runner="lab"))
    assert isinstance(kept, ev.Started)
    assert kept.scenario == scenario
    long = cleaned(ev.Noted(0.0, "x" * 10**6))
    assert isinstance(long, ev.Noted)
    assert len(long.text) == TEXT_MAX
    same = ev.Noted(0.0, "as it is")
    assert cleaned(same) is same


def test_a_histogram_is_kept_whole_and_what_is_none_is_a_text_like_any() -> None:
    buckets = ",".join(f"{bucket}:123456" for bucket in range(2200))
    assert cleaned(Timed(1.0, "latency_ms", buckets)) == Timed(1.0, "latency_ms", buckets)
    found = cleaned(Timed(1.0, "x\x1b[2J", "1:2\x1b]0;x\x07" * 1000))
    assert isinstance(found, Timed)
    assert "\x1b" not in found.name + found.buckets
    assert len(found.buckets) <= 4000


@pytest.mark.parametrize("name", ["\x1b[2Jworker", "\x9b2J", "a\nb", "\u202eworker"])
def test_one_name_among_many_that_a_terminal_would_obey_is_cleaned(name: str) -> None:
    processes = tuple(ProcessSample(pid, 1.0, name if pid == 5 else f"worker {pid}") for pid in range(9))
    found = cleaned(ev.Sampled(0.0, Sample(0.0, processes)))
    assert isinstance(found, ev.Sampled)
    assert found.sample.processes[5].name == printable(name)
    assert found.sample.processes[5].name.isprintable()
    assert found.sample.processes[:5] == processes[:5]
