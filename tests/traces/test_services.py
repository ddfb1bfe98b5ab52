# ruff: noqa: E501 - a table: what services and tools write
"""What services answer and tools write: four values a minute apart, read right or refused."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from stresstui.traces.reader import parse_trace
from stresstui.traces.trace import TraceError, Wanted

E, B = 1764000000, 50_000_000
RSS, USED = Wanted("rss"), Wanted("rss", value="used")
READ = (float(B), B + 3000.0, 180.0)


def iso(i: int, form: str = "%Y-%m-%dT%H:%M:%SZ") -> str:
    return datetime.fromtimestamp(E + 60 * i, UTC).strftime(form)


def rows(row: Callable[[int, int, int], str]) -> str:
    """A line for each minute, of its number, epoch and value."""
    return "".join(row(i, E + 60 * i, B + 1000 * i) for i in range(4))


def each(cell: Callable[[int, int, int], Any]) -> list[Any]:
    return [cell(i, E + 60 * i, B + 1000 * i) for i in range(4)]


def timed(rise: int = 0) -> dict[str, int]:
    return {str(t): v + rise for _, t, v in each(lambda *one: one)}


def point(i: int, _: int, v: int) -> dict[str, Any]:
    return {"interval": {"startTime": iso(i), "endTime": iso(i)}, "value": {"int64Value": str(v)}}


JSON: dict[str, tuple[Any, Wanted, tuple[float, float, float] | None]] = {
    "Elasticsearch's buckets": ({"aggregations": {"m": {"buckets": each(lambda i, t, v: {"key_as_string": iso(i), "key": t * 1000, "doc_count": 6, "rss": {"value": v}})}}}, RSS, READ),
    "Elasticsearch's documents": ({"hits": {"hits": each(lambda i, _, v: {"_id": str(i), "_source": {"@timestamp": iso(i), "mem": {"rss": v}}})}}, RSS, READ),
    "Google's points": ({"timeSeries": [{"metric": {"type": "rss"}, "points": each(point)[::-1]}]}, RSS, READ),
    "OpenTSDB": ([{"metric": "rss", "tags": {"host": "a"}, "dps": timed()}], RSS, READ),
    "OpenTSDB in pairs": ([{"metric": "rss", "dps": each(lambda _, t, v: [t, v])}], RSS, READ),
    "OpenTSDB of two hosts": ([{"tags": {"host": h}, "dps": timed()} for h in "ab"], RSS, None),
    "one of two by its name": ({"mem": timed(), "other": timed(5)}, Wanted("rss", value="mem"), READ),
    "Zabbix": ({"result": each(lambda _, t, v: {"itemid": "7", "clock": str(t), "value": str(v), "ns": "5"})}, RSS, READ),
    "OpenTelemetry": ({"metrics": [{"gauge": {"dataPoints": each(lambda _, t, v: {"timeUnixNano": f"{t}000000000", "asInt": str(v)})}}]}, RSS, READ),
    "New Relic": ({"results": each(lambda _, t, v: {"average.rss": v, "beginTimeSeconds": t, "endTimeSeconds": t + 60})}, RSS, READ),
    "ClickHouse's rows under meta": ({"meta": [{"name": "ts"}, {"name": "rss"}], "data": each(lambda i, _, v: [iso(i), v])}, RSS, READ),
    "ClickHouse's objects under meta": ({"meta": [{"name": "ts"}, {"name": "rss"}], "data": each(lambda i, _, v: {"ts": iso(i), "rss": v})}, RSS, READ),
    "pairs whose second is a date": ({"d": each(lambda i, _, v: [v, iso(i)])}, RSS, READ),
    "either may be the time": (each(lambda i, t, _: [1_500_000_000 + 10**6 * i, t]), RSS, None),
    "times and as large values": (each(lambda i, t, _: [t, 1_500_000_000 + 10**4 * i]), RSS, (1.5e9, 1.50003e9, 180.0)),
    "a unit beside its value": (each(lambda i, _, v: {"time": iso(i), "rss": {"value": v / 1000, "unit": "kB"}}), RSS, (B * 1.024, B * 1.024 + 3072, 180.0)),
    "microseconds that nothing names": (each(lambda i, _, v: {"ts": 60 * 10**6 * i * 10, "rss": v}), RSS, None),
    "two workers at each time": (each(lambda i, _, v: {"time": iso(i // 2), "worker": i % 2, "rss": v}), RSS, None),
}  # fmt: skip

TEXT: dict[str, tuple[str, Wanted, tuple[float, float, float] | None]] = {
    "rrdtool fetch": ("   rss\n\n" + rows(lambda _, t, v: f"{t}: {v:.10e}\n") + f"{E + 240}: -nan\n", RSS, READ),
    "Graphite raw": (f"a.rss,{E},{E + 240},60|{B},None,{B + 2000},{B + 3000}\n", RSS, READ),
    "Graphite CSV": (rows(lambda i, _, v: f"a.rss,{iso(i, '%Y-%m-%d %H:%M:%S')},{v}\n"), RSS, READ),
    "OpenTSDB's put": (rows(lambda _, t, v: f"put proc.rss {t} {v} host=a\n"), RSS, READ),
    "promtool's dump": (rows(lambda _, t, v: f'{{__name__="rss"}} {v} {t}000\n'), RSS, READ),
    "logfmt, its time not first": (rows(lambda i, _, v: f"level=info ts={iso(i)} msg=mem rss={v} fds=2\n"), RSS, READ),
    "syslog's protocol": (rows(lambda i, _, v: f"<14>1 {iso(i)} box srv 12 - - rss={v} fds=2\n"), RSS, READ),
    "/proc/PID/status under date": (rows(lambda i, _, v: f"{iso(i)}\nName:\tsrv\nVmRSS:\t {v // 1000} kB\n"), RSS, (B * 1.024, B * 1.024 + 3072, 180.0)),
    "Kibana": ('"@timestamp",rss\n' + rows(lambda i, _, v: f'"{iso(i, "%b %d, %Y @ %H:%M:%S")}.000","{v:,}"\n'), RSS, READ),
    "a date under another name": ("Zeit;rss\n" + rows(lambda i, _, v: f"{iso(i, '%d.%m.%Y %H:%M:%S')};{v}\n"), RSS, READ),
    "the index of pandas": (",rss\n" + rows(lambda i, _, v: f"{iso(i)},{v}\n"), RSS, READ),
    "two dates that go apart": ("a,b,rss\n" + rows(lambda i, _, v: f"{iso(i)},{iso(2 * i)},{v}\n"), RSS, None),
    "a date that stands still": ("made,rss\n" + rows(lambda _i, _, v: f"{iso(0)},{v}\n"), RSS, None),
    "a day and its hours": ("date,hour,value\n" + rows(lambda i, _, v: f"2025-11-24,{i},{v}\n"), RSS, None),
    "psql": ("    ts   |   rss\n---------+--------\n" + rows(lambda i, _, v: f" {iso(i)} | {v}\n") + "(4 rows)\n", RSS, READ),
    "Markdown": ("| ts | rss |\n|---|---:|\n" + rows(lambda i, _, v: f"| {iso(i)} | {v} |\n"), RSS, READ),
    "what was killed in the end": ("t,rss\n" + rows(lambda i, _, v: f"{60 * i},{v}\n") + "Killed\n", RSS, READ),
    "a sum in the end": ("t,rss\n" + rows(lambda i, _, v: f"{60 * i},{v}\n") + "Total,9\n", RSS, None),
    "dstat's head": ('"Dstat 0.7.4"\n"Author:","Dag",,,,"URL:","http://a/"\n"Host:","b",,,,"User:","c"\n"epoch","memory usage",,\n"epoch","used","free"\n' + rows(lambda _, t, v: f"{t}.0,{v}.0,9e9\n") * 1, USED, READ),
    "top where a comma is a point": ("t,rss\n" + rows(lambda i, _, v: f'{60 * i},"0,0{50 + i}GiB"\n'), RSS, (0.05 * 2**30, 0.053 * 2**30, 180.0)),
    "date in another order, over ps": (rows(lambda i, _, v: f"{iso(i, '%a %d %b %H:%M:%S UTC %Y')}\n  PID   RSS\n 12 {v // 1000}\n"), RSS, (B * 1.024, B * 1.024 + 3072, 180.0)),
    "bytes a second are no memory": ("t,rss B/s\n" + rows(lambda i, _, v: f"{60 * i},{v}\n"), RSS, None),
    "a counter is no memory": ("t,requests_total\n" + rows(lambda i, _, v: f"{60 * i},{v}\n"), RSS, None),
    "milliseconds are no memory": ("t,latency_ms\n" + rows(lambda i, _, v: f"{60 * i},{v}\n"), RSS, None),
    "nvidia-smi": ("timestamp, memory.used [MiB]\n" + rows(lambda i, _, v: f"{iso(i, '%Y/%m/%d %H:%M:%S')}.123, {v / 2**20} MiB\n"), RSS, READ),
    "Redis under date": (rows(lambda i, _, v: f"{iso(i)}\nused_memory:{v}\nused_memory_rss:{v + 5}\n"), Wanted("rss", value="used_memory"), READ),
    "a date of JavaScript's": ("time,rss\n" + rows(lambda i, _, v: f"{iso(i, '%a %b %d %Y %H:%M:%S GMT+0000 (Coordinated Universal Time)')},{v}\n"), RSS, READ),
    "a time of Go's": ("time,rss\n" + rows(lambda i, _, v: f"{iso(i, '%Y-%m-%d %H:%M:%S.5')} +0000 UTC m=+{i}.5,{v}\n"), RSS, READ),
    "a unit apart from its number": ("elapsed,rss\n" + rows(lambda i, _, v: f"{60 * i} s,{v}\n"), RSS, READ),
    "Cacti's head": ('"Title:","rss"\n"Label:","bytes"\n"Start:","2025-11-24"\n"Step:","60"\n"Rows:","4"\n""\n"Date","rss"\n' + rows(lambda i, _, v: f'"{iso(i)}","{v}"\n'), RSS, READ),
    "empty rows of a spreadsheet": ("t;rss\n;\n" + rows(lambda i, _, v: f"{60 * i};{v}\n;\n"), RSS, READ),
    "a date that stands still beside one that goes": ("made,at,rss\n" + rows(lambda i, _, v: f"{iso(0)},{iso(i)},{v}\n"), RSS, READ),
    "columns with a space in their cells": ("Timestamp            Name    Average\n-----------\n" + rows(lambda i, _, v: f"{iso(i, '%Y-%m-%d %H:%M:%S')}  rss     {v}.0\n"), Wanted("rss", value="Average"), READ),
    "atop's records of a process among others": (rows(lambda i, t, v: f"MEM b {t} 2025/11/24 16:0{i}:00 60 4096 9\nPRM b {t} 2025/11/24 16:0{i}:00 60 12 (a) S 4096 9 {v // 1000} 1 0 0 5 0 2 3 1 0 12 y 0 -3\n"), RSS, (B * 1.024, B * 1.024 + 3072, 180.0)),
    "threads of atop": (rows(lambda i, t, v: "".join(f"PRM b {t} 2025/11/24 16:0{i}:00 60 {p} ({p}) S 4096 9 {v // 1000} 1 0 0 5 0 2 3 1 0 12 {y} 0 -3\n" for p, y in ((12, "y"), (13, "n")))), RSS, (B * 1.024, B * 1.024 + 3072, 180.0)),
}  # fmt: skip
CASES = {**{name: (json.dumps(one), wanted, read) for name, (one, wanted, read) in JSON.items()}, **TEXT}


@pytest.mark.parametrize("name", CASES)
def test_what_services_answer_is_read_right_or_refused(name: str) -> None:
    text, wanted, expected = CASES[name]
    if expected is None:
        with pytest.raises(TraceError, match=": "):
            parse_trace(text.encode(), wanted)
        return
    points = parse_trace(text.encode(), wanted).points
    assert (points[0][1], points[-1][1], points[-1][0] - points[0][0]) == pytest.approx(expected)
