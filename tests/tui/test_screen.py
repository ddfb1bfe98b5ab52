import msgspec
import pytest

from stresstui.core.model import event as ev
from stresstui.core.model.event import Event, Phase
from stresstui.core.model.scenario import RunnerKind, Severity
from stresstui.core.run.fold import RunState, advance
from stresstui.tui import app as app_module
from stresstui.tui.draw.glyphs import ASCII, UNICODE, glyphs_for
from stresstui.tui.panes.vital import VitalPane
from stresstui.tui.widgets.header import Header
from tests.tui.screen_harness import compare, line_with, monitor, text_of, until
from tests.tui.scripted_run import real_scenario, run_events, sample, scenario, started

SIZES = ((80, 24), (120, 35), (200, 60))
OUTPUT = b"".join(b"STRESSTUI connections_total=%d\n" % i for i in range(40)) + b"ready to serve\n"


@pytest.mark.parametrize("size", SIZES)
async def test_outcome_with_reasons_stays(size: tuple[int, int]) -> None:
    events = list(run_events(150, leak_from=100, end=True, duration=150.0))
    app, _ = monitor(events, output=OUTPUT)
    async with app.run_test(size=size) as pilot:
        text = await until(pilot, "✗ FAILED  exit code 1")
        assert "No more than 100 descriptors: " in text
        assert "✗ failed" in text
        assert "ENDED" in text


@pytest.mark.parametrize(
    ("outcome", "events"),
    [
        ("? INCONCLUSIVE  exit code 3", [*run_events(40, end=True, duration=40.0)]),
        ("? ABORTED  exit code 130", [*run_events(40), ev.StopRequested(40.0, by="user"), ev.Ended(41.0)]),
    ],
)
async def test_other_outcomes(outcome: str, events: list[Event]) -> None:
    app, _ = monitor(events)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, outcome)
        assert "q leaves" in text_of(app)


async def test_a_low_and_wide_screen_has_numbers_beside_their_names_and_lists_side_by_side() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(300, 20)) as pilot:
        text = await until(pilot, "BREACHED since")
        line = next(line for line in text.splitlines() if "RSS" in line)
        assert line.index("MiB") < 130
        titles = next(line for line in text.splitlines() if "5 Criteria" in line)
        assert "6 Events" in titles
        assert "below" not in titles
        await pilot.resize_terminal(30, 8)
        assert "✗ breached" in await until(pilot, "5 Criteria")
        assert "q leave" in text_of(app)


async def test_when_it_ends_is_said_by_the_clock_until_it_has() -> None:
    app, source = monitor(list(run_events(60)))
    async with app.run_test(size=(160, 45)) as pilot:
        assert "no Cargo workspace" not in line_with(app, "SOAK")
        await until(pilot, "ends Tue 10:15")
        source.batches.put_nowait([ev.PhaseBegan(60.0, Phase.COOL_DOWN)])
        await until(pilot, "ends Tue", gone=True)


async def test_a_breach_that_only_warns_is_nowhere_drawn_as_one_that_fails() -> None:
    few = scenario()
    warn = tuple(msgspec.structs.replace(spec, severity=Severity.WARN) for spec in few.criteria if spec.id == "few_fds")
    events = list(run_events(150, leak_from=100, run=msgspec.structs.replace(few, criteria=warn)))
    app, _ = monitor(events, theme="dark")
    async with app.run_test(size=(120, 35)) as pilot:
        text = await until(pilot, "! WARNED")
        assert "2 File descriptors ! WARNED" in text
        assert "1 warning ╮" in line_with(app, "6 Events")
        loud = app._ink.styles["breached"].color
        drawn = [segment for strip in app.screen._compositor.render_strips() for segment in strip]
        assert not [segment.text for segment in drawn if segment.style and segment.style.color == loud]


async def test_a_run_that_passed_with_a_warning_does_not_say_that_all_passed() -> None:
    few = scenario()
    specs = {"few_fds": Severity.WARN, "no_crashes": Severity.FAIL}
    criteria = tuple(
        msgspec.structs.replace(spec, severity=specs[spec.id]) for spec in few.criteria if spec.id in specs
    )
    run = msgspec.structs.replace(few, criteria=criteria, moves_bytes=False)
    app, _ = monitor(list(run_events(150, leak_from=100, run=run, end=True, duration=150.0)))
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "✓ PASSED  exit code 0")
        text = await until(pilot, "1 of 2 criteria passed, 1 warned: No more than 100 descriptors: 175")
        assert "every criterion passed" not in text


async def test_vitals_that_lie_side_by_side_share_one_axis_of_time() -> None:
    """Numbers of one to six digits beside the charts, and a metric that nobody reported in the beginning."""
    app, _ = monitor(list(run_events(700, leak_from=400)))
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "00:11:39")
        for size in ((120, 35), (160, 45), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            vitals = [vital for vital in app.screen.query(VitalPane) if vital.display]
            assert len(vitals) >= 4
            charts = [vital._chart for vital in vitals]
            assert len({(chart.gutter, chart.step) for chart in charts if chart}) == 1
            assert {chart is None for chart in charts} == {False}


async def test_passed_outcome() -> None:
    few = scenario()
    run = type(few)(name="few", duration=60.0, moves_bytes=False, criteria=few.criteria[:1])
    app, _ = monitor(list(run_events(60, end=True, run=run, duration=60.0)))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "every criterion passed" in await until(pilot, "✓ PASSED  exit code 0")


def first_breach(events: list[Event]) -> int:
    """The index of the event with which the first criterion is breached."""
    run = RunState()
    for index, event in enumerate(events):
        if any(criterion.active for criterion in advance(run, event).criteria):
            return index
    raise AssertionError("nothing is breached")


@pytest.mark.parametrize("size", SIZES)
async def test_breach_turns_everything_with_one_event(size: tuple[int, int]) -> None:
    events = list(run_events(150, leak_from=100))
    index = first_breach(events)
    app, source = monitor(events[:index])
    async with app.run_test(size=size) as pilot:
        await until(pilot, "SOAK")
        calm = await until(pilot, "reading", gone=True)
        assert "BREACHED" not in calm
        assert "✗" not in calm
        source.batches.put_nowait([events[index]])
        text = await until(pilot, "✗ BREACHED since 00:02:04")
        assert "1 breached" in text
        assert "✗ breached No more than 100" in text
        assert " over" in line_with(app, "✗ breached")
        assert "✗ File descriptors" in text or "File descriptors ✗ BREACHED" in text
        assert "00:02:09  ✗ No more than 100 descriptors" in text


async def test_breached_pane_changes_colour() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "BREACHED")
        corner = app.query_one("#vital-fds").render_lines(app.query_one("#vital-fds").size.region)[0]
        calm = app.query_one("#vital-rss").render_lines(app.query_one("#vital-rss").size.region)[0]
        first, other = next(iter(corner)).style, next(iter(calm)).style
        assert first is not None
        assert other is not None
        assert first.color != other.color


async def test_every_criterion_of_the_real_scenario_can_be_reached() -> None:
    app, _ = monitor(list(run_events(60, run=real_scenario())))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "SOAK")
        await pilot.press("5", "G")
        await until(pilot, "above")
        assert "keys were rotated" in text_of(app)


async def test_ascii_terminal_gets_ascii_only() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)), output=OUTPUT, glyphs=ASCII)
    async with app.run_test(size=(120, 35)) as pilot:
        text = await until(pilot, "X BREACHED")
        text = await until(pilot, "reading", gone=True)
        assert text.isascii(), sorted({char for char in text if not char.isascii()})
        compare("ascii_120x35", text)


@pytest.mark.parametrize(
    ("encoding", "glyphs"),
    [("UTF-8", UNICODE), ("utf8", UNICODE), ("ISO8859-1", ASCII), ("ascii", ASCII), (None, ASCII)],
)
def test_encoding_decides_on_glyphs(encoding: str | None, glyphs: object) -> None:
    assert glyphs_for(encoding) is glyphs


@pytest.mark.parametrize(
    ("environ", "glyphs"),
    [
        ({"TERM": "xterm-256color", "LANG": "de_DE.UTF-8"}, UNICODE),
        ({"TERM": "xterm-256color"}, UNICODE),
        ({"TERM": "xterm-256color", "LC_ALL": "POSIX", "LANG": "de_DE.UTF-8"}, ASCII),
        ({"TERM": "xterm-256color", "LANG": "C"}, ASCII),
        ({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "LANG": "C"}, UNICODE),
        ({"TERM": "linux", "LANG": "en_US.UTF-8"}, ASCII),
        ({"TERM": "vt100", "LANG": "en_US.UTF-8"}, ASCII),
    ],
)
def test_locale_and_console_decide_on_glyphs(environ: dict[str, str], glyphs: object) -> None:
    assert glyphs_for("utf-8", environ) is glyphs


async def test_no_color_sends_no_colour_and_says_it_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "✗ BREACHED")
        strips = app.query_one("#vital-fds").render_lines(app.query_one("#vital-fds").size.region)
        for strip in strips:
            for line_filter in app.get_line_filters():
                strip = strip.apply_filter(line_filter, app.screen.background_colors[1])  # noqa: PLW2901 - a chain
            colors = {str(segment.style.color.name) for segment in strip if segment.style and segment.style.color}
            assert colors <= {"default"}


async def test_gap_is_a_gap() -> None:
    events = [*run_events(60), *(sample(second) for second in range(100, 160))]
    app, _ = monitor(events)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "00:02:39")
        rows = text_of(app).splitlines()
        rss = next(i for i, row in enumerate(rows) if "1 RSS" in row)
        below = next(i for i, row in enumerate(rows) if i > rss and " base " in row)
        chart = [row[5:46] for row in rows[rss + 1 : below]]
        drawn = "".join("x" if any(row[i] not in " ⠁⠂⠄⡀⠈⠐⠠⢀" for row in chart) else " " for i in range(40))
        assert "    " in drawn.strip(), drawn


async def test_estimate_carries_its_sign() -> None:
    events = list(run_events(30))
    last = sample(30).sample
    host = type(last.host)(curr_estab=70, curr_estab_at_dump=64)
    old = type(last)(30.0, last.processes, host, 2, 29.0)
    app, _ = monitor([*events, ev.Sampled(30.0, sample=old)])
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "00:00:30 of")
        assert "~" in line_with(app, "ESTABLISHED")


async def test_throughput_says_its_source() -> None:
    app, _ = monitor([started(scenario(), 100.0), ev.PhaseBegan(0.0, Phase.WARM_UP), *(sample(i) for i in range(9))])
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, "kernel socket counters")
    app, _ = monitor(list(run_events(20)))
    async with app.run_test(size=(200, 60)) as pilot:
        await until(pilot, "verified by the workload")


async def test_silence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_module, "SILENCE", 0.5)
    app, _ = monitor(list(run_events(20)))
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "no news for")


async def test_waits_for_a_run_that_has_not_begun() -> None:
    app, source = monitor([])
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "waiting for the run")
        source.batches.put_nowait(list(run_events(3)))
        await until(pilot, "ech_24h")


async def test_changes_layout_with_the_terminal() -> None:
    app, _ = monitor(list(run_events(40)), output=OUTPUT)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "7 Output")
        await pilot.resize_terminal(80, 24)
        await until(pilot, "7 Output", gone=True)
        assert len(text_of(app).splitlines()) == 24
        await pilot.resize_terminal(160, 45)
        await until(pilot, "7 Output")


@pytest.mark.parametrize("size", [(10, 3), (40, 10), (117, 44), (200, 24)])
@pytest.mark.parametrize("end", [False, True])
async def test_any_size_is_drawn(size: tuple[int, int], *, end: bool) -> None:
    app, _ = monitor(list(run_events(40, end=end, duration=40.0)), output=OUTPUT)
    async with app.run_test(size=size) as pilot:
        await until(pilot, "ech_24h" if size[0] > 10 else "ENDED" if end else "SOAK")
        await pilot.press("o", "7", "5", "enter", "escape", "2", "enter", "escape", "question_mark", "escape", "slash")
        await pilot.pause()
        assert len(text_of(app).splitlines()) == size[1]


async def test_a_broken_screen_says_so_briefly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("drawn and quartered")

    monkeypatch.setattr(Header, "lines", broken)
    app, _ = monitor(list(run_events(5)))
    with pytest.raises(RuntimeError, match="drawn and quartered"):
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause(0.3)
    said = capsys.readouterr().err
    assert "the run goes on" in said
    assert len(said) < 20_000


@pytest.mark.parametrize("size", SIZES)
async def test_the_load_is_in_sight(size: tuple[int, int]) -> None:
    app, _ = monitor(list(run_events(120)))
    async with app.run_test(size=size) as pilot:
        await until(pilot, "00:01:59")
        line = line_with(app, "conn/s")
        assert "conn/s 20.0" in line
        assert "failed 0" in line
        assert "p50 4.00  p99 1" in line


async def test_reports_are_numbers_and_not_lines_of_output() -> None:
    app, _ = monitor(list(run_events(60)), output=OUTPUT)
    async with app.run_test(size=(120, 35)) as pilot:
        text = await until(pilot, "ready to serve")
        assert "STRESSTUI" not in text
        assert "40 reports as a table: v" in text
        await pilot.press("v")
        await until(pilot, "bytes_total")
        assert "ready to serve" not in text_of(app)
        await pilot.press("v")
        await until(pilot, "ready to serve")


async def test_a_zoomed_output_is_looked_at_as_the_pane_was_and_the_pane_as_its_zoom_was() -> None:
    app, _ = monitor(list(run_events(60)), output=OUTPUT)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, "ready to serve")
        await pilot.press("7", "v", "enter")
        await until(pilot, "reports, v shows the lines")
        await until(pilot, "tab pane", gone=True)
        await until(pilot, "bytes_total")
        await pilot.press("v", "f", *"ready", "enter")
        await until(pilot, "only 1 lines with 'ready'")
        await until(pilot, "bytes_total", gone=True)
        await pilot.press("escape")
        await until(pilot, "tab pane")
        text = await until(pilot, "only 1 lines with 'ready'")
        assert "bytes_total" not in text


async def test_trouble_is_on_top_of_the_criteria() -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=(120, 35)) as pilot:
        rows = (await until(pilot, "In trouble")).splitlines()
        heading = next(i for i, row in enumerate(rows) if "In trouble" in row)
        assert "5 Criteria" in rows[heading - 1]
        assert "✗ breached No more than 100" in rows[heading + 1]


@pytest.mark.parametrize(("columns", "slope"), [(50, False), (60, True), (80, True)])
async def test_a_sparkline_has_room_before_slope_and_margin_have(columns: int, slope: bool) -> None:  # noqa: FBT001
    app, _ = monitor(list(run_events(900, leak_from=100)))
    async with app.run_test(size=(columns, 24)) as pilot:
        await until(pilot, "BREACHED")
        line = line_with(app, "File descriptors ")
        assert sum("\u2801" <= sign <= "\u28ff" for sign in line) >= 8
        assert ("/h" in line) is slope


@pytest.mark.parametrize("size", [(40, 10), (40, 24), (60, 24)])
async def test_names_of_vitals_are_never_dropped(size: tuple[int, int]) -> None:
    app, _ = monitor(list(run_events(150, leak_from=100)))
    async with app.run_test(size=size) as pilot:
        text = await until(pilot, "BREACHED")
        assert all(f"{name} " in text for name in ("RSS", "File descriptors", "ESTABLISHED", "Throughput"))


async def test_numbers_stand_beside_their_titles_on_a_very_wide_screen() -> None:
    app, _ = monitor(list(run_events(120)))
    async with app.run_test(size=(300, 20)) as pilot:
        await until(pilot, "00:01:59")
        line = line_with(app, "No crashes or panics")
        assert line.index("= 0") < 100


async def test_an_ended_run_offers_its_report_among_the_keys() -> None:
    app, _ = monitor(list(run_events(40, end=True, duration=40.0)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, "the run has ended")
        assert "r report" in text_of(app).splitlines()[-1]
        assert "x stop" not in text_of(app)


async def test_connections_that_nobody_reports_are_the_hosts() -> None:
    begun = msgspec.structs.replace(started(scenario(), 100.0), runner=RunnerKind.COMMAND)
    app, _ = monitor([begun, ev.PhaseBegan(0.0, Phase.WARM_UP), *(sample(second) for second in range(20))])
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, " host conn/s 20.0")
