"""Samples in shorthand: what is read back is what was written, whatever comes, goes and changes."""

from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from stresstui.core.model.event import Event, Sampled, decode_event, encode_event
from stresstui.core.model.sample import ProcessSample, Sample
from stresstui.core.run.fold import fold
from stresstui.engine.record.delta import FULL_SAMPLE_EVERY_S, Completer, Shortener
from stresstui.engine.record.journal import read
from stresstui.engine.record.writer import JournalWriter
from tests.core.story import Story

KINDS = st.builds(
    ProcessSample,
    pid=st.integers(1, 6),
    started=st.sampled_from([1.0, 2.0]),
    name=st.sampled_from("ab"),
    rss=st.none() | st.sampled_from([1, 2]),
    cpu_s=st.none() | st.sampled_from([0.1, 0.3]),
)
PROCESSES = st.lists(KINDS, max_size=6, unique_by=lambda process: process.pid)
SAMPLES = st.lists(st.tuples(st.sampled_from([1.0, 7.3, 40.0]), PROCESSES), max_size=30)


@given(SAMPLES)
@settings(max_examples=300, deadline=None)
def test_what_is_read_back_is_what_was_written(plan: list[tuple[float, list[ProcessSample]]]) -> None:
    shorten, complete, t = Shortener(), Completer(), 0.0
    for step, processes in plan:
        t += step
        event = Sampled(t, Sample(t, tuple(processes), cpus=2))
        assert complete(decode_event(encode_event(shorten(event)))) == event


@given(SAMPLES)
@settings(max_examples=30, deadline=None)
def test_folding_live_and_folding_what_was_read_back_are_equal(plan: list[tuple[float, list[ProcessSample]]]) -> None:
    story = Story("max(rss) < 100MiB", moves_bytes=False).phase_of("warm_up")
    for step, processes in plan:
        story.t += step
        story.sample(processes=tuple(processes))
    events: list[Event] = story.exit().end().events
    shorten, complete = Shortener(), Completer()
    back = [complete(decode_event(encode_event(shorten(event)))) for event in events]
    live, later = fold(events), fold(back)
    one, other = ((state.series, state.summaries, state.reasons, state.samples) for state in (live, later))
    assert msgspec.json.encode(one, enc_hook=list) == msgspec.json.encode(other, enc_hook=list)


def test_five_hundred_idle_processes_cost_little(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    writer = JournalWriter(path)
    processes = tuple(
        ProcessSample(pid=1000 + n, started=1234.5 + n, name="sleep", ppid=999, cpu_s=0.01, rss=1720320, vsz=5767168,
                      fds=3, threads=1, established=0, close_wait=0, listen=0, udp=0)
        for n in range(500)
    )  # fmt: skip
    seconds = round(4 * FULL_SAMPLE_EVERY_S)
    samples: list[Event] = [Sampled(float(t), Sample(float(t), processes, cpus=2)) for t in range(seconds)]
    for sample in samples:
        writer.write(sample)
    writer.close()
    assert path.stat().st_size / seconds < 5000
    assert list(read(path)) == samples
