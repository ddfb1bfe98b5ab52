"""Traces as people and tools write them: read truly, or refused with what to say."""

import json
from itertools import pairwise
from pathlib import Path

import pytest

from stresstui.core.model.event import encode_event
from stresstui.traces import tables
from stresstui.traces.reader import parse_trace, read_trace
from stresstui.traces.trace import Trace, TraceError, Wanted
from tests.core.story import MIB, Story

RECORDED = Path(__file__).parent / "recorded"
FDS = Wanted("fds")
KIB = 1024.0


def parsed(text: str, wanted: Wanted = FDS) -> list[tuple[float, float]]:
    return parse_trace(text.encode(), wanted).points


@pytest.mark.parametrize(
    ("name", "wanted", "first", "count"),
    [
        ("pidstat_24.txt", Wanted("rss"), 1644 * KIB, 3),
        ("pidstat_h.txt", Wanted("rss"), 1644 * KIB, 3),
        ("pidstat_epoch.txt", Wanted("rss"), 1644 * KIB, 3),
        ("psrecord.txt", Wanted("rss"), 1.711 * MIB, 6),
        ("sadf_d.txt", Wanted("rss", value="kbmemused"), 314864 * KIB, 3),
        ("sadf_du.txt", Wanted("rss", value="kbmemused"), 314864 * KIB, 3),
        ("sar_r.txt", Wanted("rss", value="kbmemused"), 314864 * KIB, 3),
        ("atop.txt", Wanted("rss", value="spawner"), 20568 * KIB, 1),
    ],
)
def test_what_tools_really_wrote(name: str, wanted: Wanted, first: float, count: int) -> None:
    points = read_trace(RECORDED / name, wanted).points
    assert points[0][1] == pytest.approx(first)
    assert len(points) >= count
    steps = [b[0] - a[0] for a, b in pairwise(points)]
    assert all(0 < step < 2 for step in steps)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("t,value\n0,1\n60,2\n", [(0, 1), (60, 2)]),
        ('t,value\n0,"1,073,741,824"\n60,"1,073,741,825"\n', [(0, 1073741824), (60, 1073741825)]),
        ("t;value\n0;1.073.741,5\n60;12,25\n", [(0, 1073741.5), (60, 12.25)]),
        ("t\tvalue\n0\t12,5\n1\t13,75\n", [(0, 12.5), (1, 13.75)]),
        ("Zeit;Wert\n0;1\n1;2\n", None),
        ("time,open files\n0,3\n5,4\n", [(0, 3), (5, 4)]),
        ("t value\n0 3\n5 4\n", [(0, 3), (5, 4)]),
        ('t,value\n0,999\n60,"1,001"\n', [(0, 999), (60, 1001)]),
        ("t,value\n0,1e3\n1,-\n2,NaN\n3,4\n", [(0, 1000), (3, 4)]),
        ("t,value\n1764000000000,1\n1764000001000,2\n", [(1764000000, 1), (1764000001, 2)]),
        ("t,value\n1764000000000000,1\n1764000001000000,2\n", [(1764000000, 1), (1764000001, 2)]),
        ("time,value\n2026-01-01T00:00:00Z,1\n2026-01-01T01:00:00+00:00,2\n", [(1767225600, 1), (1767229200, 2)]),
        ("time,value\n2026-01-01 00:00:00 UTC,1\n2026-01-01 00:00:00.5 UTC,2\n", [(1767225600, 1), (1767225600.5, 2)]),
        ("time,value\n2026-01-01T01:00:00+01:00,1\n", [(1767225600, 1)]),
        ("time,value\n23:59:58,1\n00:00:01,2\n", [(86398, 1), (86401, 2)]),
        ("time,value\n11:59:58 PM,1\n12:00:01 AM,2\n", [(86398, 1), (86401, 2)]),
        ("time,value\n31/01/2026 00:00:00,1\n31/01/2026 00:01:00,2\n", [(1769817600, 1), (1769817660, 2)]),
        ("time,value\n01/31/2026 12:00 AM,1\n01/31/2026 12:01 AM,2\n", [(1769817600, 1), (1769817660, 2)]),
        ("time,value\n01/02/2026 00:00:00,1\n", None),
        ('t,value\n0,"1,234"\n1,"2,345"\n', None),
        ("t,a,b\n0,1,2\n", None),
        ("a,b\n0,1\n", None),
        ("0,1\n1,2\n", None),
    ],
)  # fmt: skip
def test_tables(text: str, points: list[tuple[float, float]] | None) -> None:
    if points is None:
        with pytest.raises(TraceError, match=": "):
            parsed(text)
    else:
        found = parsed(text)
        assert [t for t, _ in found] == pytest.approx([t for t, _ in points])
        assert [x for _, x in found] == pytest.approx([x for _, x in points])


def test_byte_order_marks_and_wide_text_are_read() -> None:
    text = "t,value\r\n0,1\r\n1,2\r\n"
    for data in (b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        assert parse_trace(data, FDS).points == [(0, 1), (1, 2)]


def test_a_column_is_taken_by_name_and_its_unit_is_heeded() -> None:
    text = "when,VmRSS (kB),FD\n0,100000,5\n1,100004,6\n"
    assert parsed(text, Wanted("rss", time="when")) == [(0, 100000 * KIB), (1, 100004 * KIB)]
    assert parsed(text, Wanted("fds", time="when")) == [(0, 5), (1, 6)]
    assert parsed(text, Wanted("gauge_up", time="when", value="fd"))[0] == (0, 5)
    assert parsed("t,mem\n0,12.5 MiB\n", Wanted("rss")) == [(0, 12.5 * MIB)]
    assert parsed("t,mem\n0,120\n", Wanted("rss", unit="MiB")) == [(0, 120 * MIB)]


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("t,mem\n0,120\n1,121\n", Wanted("rss"), "say the unit or the kind, such as --unit MiB or --kind fds"),
        ("t,x\n0,1\n", Wanted("fds", value="y"), "no column 'y': --value takes one of t, x"),
        ("t,pid,fds\n0,1,5\n0,2,6\n", FDS, "several processes are in it (1, 2): keep the lines of one"),
        ('{"status":"success","data":{"resultType":"matrix","result":[]}}', FDS, "the answer has no series"),
        ("t,fds\n0,1\n1,1e308\n", FDS, "line 3: fds is too large"),
        ("[[0, 1], [1]]", FDS, "the shape of this JSON is not known"),
        ("[" * 100_000, FDS, ""),
    ],
)
def test_what_is_not_sure_is_refused_with_what_to_say(text: str, wanted: Wanted, said: str) -> None:
    with pytest.raises(TraceError) as caught:
        parsed(text, wanted)
    assert said in str(caught.value)


def range_answer(*labels: str) -> str:
    series = [{"metric": {"job": label}, "values": [[1764000000, "1"], [1764000015, "2"]]} for label in labels]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": series}})


def test_json_of_prometheus_pairs_and_lines() -> None:
    points = [(1764000000, 1), (1764000015, 2)]
    assert parsed(range_answer("a")) == points
    assert parsed(range_answer("a", "b"), Wanted("fds", value='"b"')) == points
    with pytest.raises(TraceError, match="2 series are in it"):
        parsed(range_answer("a", "b"))
    assert parsed("[[1764000000, 1], [1764000015, 2]]") == points
    assert parsed('{"t": 0, "value": 5, "tags": {"x": 1}}\n{"t": 1, "value": 6}\n') == [(0, 5), (1, 6)]
    assert parsed('[{"time": "2026-01-01T00:00:00Z", "fds": 5}]') == [(1767225600, 5)]


def test_the_guides_monitor_log() -> None:
    log = "Monitoring PID: 7\n" + "".join(
        f"=== Thu Nov 26 10:{minute:02}:00 UTC 2026 ===\n%CPU %MEM VSZ RSS\n 1.0  0.1 9 9\n"
        f"Memory: {45000 + minute}\nFDs: {30 + minute}\nConnections: 61\n"
        for minute in range(3)
    )
    assert [value for _, value in parsed(log, Wanted("rss"))] == [45000 * KIB, 45001 * KIB, 45002 * KIB]
    assert [value for _, value in parsed(log)] == [30, 31, 32]
    times = [t for t, _ in parsed(log)]
    assert [t - times[0] for t in times] == [0, 60, 120]


def test_a_metric_of_another_run(tmp_path: Path) -> None:
    events = Story("max(fds) < 100").warm().soak(20).exit().end().events
    (tmp_path / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in events))
    found: Trace = read_trace(tmp_path, FDS)
    assert {value for _, value in found.points} == {40.0}
    assert read_trace(tmp_path / "journal.jsonl", Wanted("rss")).points[0][1] == 50 * MIB
    with pytest.raises(TraceError, match="the run has no metric 'nosuch': --value takes one of"):
        read_trace(tmp_path, Wanted("rss", value="nosuch"))


def test_a_run_whose_journal_lost_a_part_says_so(tmp_path: Path) -> None:
    events = Story("max(fds) < 100").warm().soak(20).exit().end().events
    lines = [encode_event(event) + b"\n" for event in events]
    (tmp_path / "journal.jsonl").write_bytes(b"".join(lines))
    assert [note for note in read_trace(tmp_path, FDS).notes if "damaged" in note] == []
    lines[len(lines) // 2] = b"{\n"
    (tmp_path / "journal.jsonl").write_bytes(b"".join(lines))
    said = "only what is left of it is looked at"
    assert [note.partition(": ")[0] for note in read_trace(tmp_path, FDS).notes if said in note] == [
        "the journal is damaged"
    ]


def test_ps_in_a_loop_under_a_date_and_vmstat() -> None:
    stamps = [f"Thu Nov 26 23:59:{second} UTC 2026" for second in (50, 55)] + ["Fri Nov 27 00:00:00 UTC 2026"]
    log = "".join(
        f"{stamp}\n    PID   RSS COMMAND\n   1234 {5000 + i} a proxy -c x\n" for i, stamp in enumerate(stamps)
    )
    found = parsed(log, Wanted("rss"))
    assert [value for _, value in found] == [5000 * KIB, 5001 * KIB, 5002 * KIB]
    assert [t - found[0][0] for t, _ in found] == [0, 5, 10]
    two = log.replace("a proxy -c x\n", "a proxy\n   99 7000 other\n")
    with pytest.raises(TraceError, match="several processes are in it"):
        parsed(two, Wanted("rss"))
    vmstat = (
        "procs -----------memory---------- ---swap-- -----timestamp-----\n r  b   swpd   free   si   so     UTC\n"
        " 0  0      0 81000    0    0 2026-11-26 13:00:00\n 1  0      0 82000    0    0 2026-11-26 13:00:01\n"
    )
    assert [value for _, value in parsed(vmstat, Wanted("rss", value="free"))] == [81000 * KIB, 82000 * KIB]
    with pytest.raises(TraceError, match="no times are in it: record with vmstat -t"):
        parsed(vmstat.replace("     UTC", "   st"), Wanted("rss", value="free"))


def test_a_counter_is_read_as_its_rate_and_a_reset_is_not_a_fall() -> None:
    text = "t,bytes_total\n0,0\n10,1000\n20,3000\n30,500\n40,1500\n"
    assert parsed(text, Wanted("throughput")) == [(10, 100), (20, 200), (40, 100)]
    assert parsed(text, Wanted("gauge_up"))[3] == (30, 500)


def test_two_kinds_of_decimal_signs_in_one_column_are_refused() -> None:
    with pytest.raises(TraceError, match=r"line 3: value is '2\.5', not a number"):
        parsed("t;value\n0;1,5\n1;2.5\n")
    assert parsed("t;value\n0;1.234,5\n1;2,5\n") == [(0, 1234.5), (1, 2.5)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t,value\n0,1 MiB\n1,2\n", "line 3: value has no unit here, and elsewhere it has"),
        ("t,value\n1764000000,1\n1764000001000,2\n", "line 3: t has epochs of two sizes"),
        ("t,value\n0,-5\n1,2\n", "fds cannot be below 0"),
    ],
)
def test_what_contradicts_itself_is_refused(text: str, said: str) -> None:
    with pytest.raises(TraceError) as caught:
        parsed(text)
    assert said in str(caught.value)


def test_dates_with_dots_begin_with_the_day() -> None:
    times = [t for t, _ in parsed("time;value\n01.03.2026 23:59:55;1\n02.03.2026 00:00:00;2\n")]
    assert times[1] - times[0] == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# hostname;interval;timestamp;DEV;rkB/s\na;1;2026-01-01 00:00:00 UTC;sda;5\n", None),
        ("# interval;timestamp;DEV;rkB/s\n1;2026-01-01 00:00:00;sda;5\n1;2026-01-01 00:00:00;sdb;7\n", "DEV"),
        ("Series,Time,Value\na,0,1\nb,1,2\na,2,3\n", "Series"),
        ("t,which,value\n0,x,1\n0,y,2\n1,x,1\n1,y,2\n", "which"),
        ("t,state,value\n0,S,1\n1,R,2\n2,S,1\n", None),
        ("t,pid,value\n0,7,1\n1,7,2\n2,9,1\n3,9,2\n", None),
        ("t,pid,value\n0,7,1\n1,9,2\n2,7,1\n3,9,2\n", "several processes"),
        ("t,pid,value\n0,7,1\n0,9,2\n1,7,1\n1,9,2\n", "several processes"),
        ("t,value,unit\n0,1,MiB\n1,2,GiB\n", "several units"),
    ],
)  # fmt: skip
def test_values_of_several_in_one_column_are_refused(text: str, said: str | None) -> None:
    wanted = Wanted("rss" if "unit" in text else "gauge_up", value="rkB/s" if "rkB/s" in text else "")
    if said is None:
        assert parse_trace(text.encode(), wanted).points
        return
    with pytest.raises(TraceError, match=said):
        parse_trace(text.encode(), wanted)


def test_several_series_written_as_objects_are_refused() -> None:
    lines = [json.dumps({"ts": t, "name": name, "fds": 4}) for t in (0, 1) for name in ("a", "b")]
    with pytest.raises(TraceError, match="several series"):
        parsed("\n".join(lines))


@pytest.mark.parametrize(
    ("head", "last"),
    [("time (ms)", 0.02), ("time [min]", 1200.0), ("elapsed_s", 20.0), ("t", 20.0), ("elapsed_ms", 0.02)],
)
def test_a_unit_behind_the_name_of_the_time_is_heeded(head: str, last: float) -> None:
    found = parse_trace(f"{head},fds\n0,3\n20,4\n".encode(), Wanted("fds", time=head)).points
    assert found == [(0.0, 3.0), (pytest.approx(last), 4.0)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("t;value\n0;50.000\n1;51.000\n", "thousands or a decimal point"),
        ("t,value\n1.76415E+12,1\n1.76415E+12,2\n", "rounded"),
        ("t,rss\n0,500001\n1,500002\n", "unit"),
    ],
)
def test_numbers_that_lost_or_hide_something_are_refused(text: str, said: str) -> None:
    with pytest.raises(TraceError, match=said):
        parse_trace(text.encode(), Wanted("rss"))


def test_small_numbers_are_read_where_nothing_speaks_against_them() -> None:
    assert parsed("t;value\n0;0.125\n1;1.250\n") == [(0, 0.125), (1, 1.25)]
    assert parsed("t value\n0 50.000\n1 51.000\n") == [(0, 50), (1, 51)]
    assert parse_trace(b"t,rss\n0,819200\n1,823296\n", Wanted("rss")).points[0] == (0, 819200)
    assert parse_trace(b"timestamp,value,unit\n0,50,MiB\n1,51,MiB\n", Wanted("rss")).points[0] == (0, 50 * MIB)


@pytest.mark.parametrize("sign", ["\u00a0", "\u202f", "\u2019", "'", " "])
def test_thousands_are_grouped_by_many_signs(sign: str) -> None:
    assert parsed(f"t;value\n0;50{sign}000\n1;1{sign}050{sign}000\n") == [(0, 50000), (1, 1050000)]


def test_pidstat_in_a_country_with_decimal_commas() -> None:
    head = "Linux 5.15.0 (box) \t26.11.2026 \t_x86_64_\t(2 CPU)\n\n"
    names = "10:00:00      UID       PID  minflt/s  majflt/s     VSZ     RSS   %MEM  Command\n"
    rows = "".join(
        f"10:00:{n:02d}     1000      4242      1,00      0,00  900000  {5000 + n}   1,20  srv\n" for n in (1, 2)
    )
    assert parse_trace((head + names + rows).encode(), Wanted("rss")).points == [
        (36001, 5001 * KIB),
        (36002, 5002 * KIB),
    ]


def test_an_exposition_without_times_says_what_to_ask_instead() -> None:
    with pytest.raises(TraceError, match="no times are in it: ask Prometheus for a range"):
        parse_trace(b"# TYPE a gauge\na 50000000\n", Wanted("rss"))


def test_a_parquet_file_is_refused_by_its_name() -> None:
    with pytest.raises(TraceError, match="Parquet"):
        parse_trace(b"PAR1\x15\x04", Wanted("rss"))


def test_of_millions_of_lines_as_many_are_read_as_can_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn, so that of two that come in turns both are seen; and a line keeps its number."""
    monkeypatch.setattr(tables, "LINES_MAX", 3000)
    text = "t,rss\n" + "".join(f"{i},{50_000_000 + i}\n" for i in range(30_000))
    trace = parse_trace(text.encode(), Wanted("rss"))
    assert 2500 < len(trace.points) < 3700
    assert all(value == 50_000_000 + t for t, value in trace.points)
    assert trace.points[-1][0] > 29_900
    assert trace.notes == ["of 30,001 lines every 10.0th or so is read"]
    with pytest.raises(TraceError, match=r"several processes are in it \(2, 1\)"):
        parsed(
            "t,pid,rss\n" + "".join(f"{i},{i % 2 + 1 if i > 500 else 2},50000000\n" for i in range(30_000)),
            Wanted("rss"),
        )
    lines = text.splitlines()
    broken = "\n".join([*lines[:20_000], *["x,y"] * 5000, *lines[20_000:]])
    with pytest.raises(TraceError, match=r"line 200\d\d: t is 'x', not a number"):
        parsed(broken, Wanted("rss"))
