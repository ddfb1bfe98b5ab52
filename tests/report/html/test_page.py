"""The page: complete, small, and deaf to what others wrote."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import msgspec

from stresstui.core.derive.series import Series, Summary
from stresstui.core.model import event as ev
from stresstui.core.run.fold import RunState
from stresstui.report.html.charts import charts_of, coarsened
from stresstui.report.html.page import page_of, write_page
from stresstui.report.material import Material, gather
from tests.core.story import MIB, Story
from tests.report.run_with_leak import HOSTILE, leaking


class Elements(HTMLParser):
    """Which elements there are, and what is inside scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.scripts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "script":
            self.scripts[-1] += data
        else:
            self.said.append(data)


def material(story: Story, folder: Path) -> Material:
    return gather(story.state(), folder)


def numbers(page: str) -> Any:
    return json.loads(Elements(page).scripts[0])


def test_outcome_and_reasons_come_first(tmp_path: Path) -> None:
    said = " ".join(Elements(page_of(material(leaking(), tmp_path))).said)
    places = [said.index(word) for word in ("FAILED", "Criteria", "Over time", "Processes", "Events", "Baseline")]
    assert places == sorted(places)
    assert "max(fds) < 100: 236" in said


def test_nothing_that_others_wrote_is_a_tag_or_a_control(tmp_path: Path) -> None:
    (tmp_path / "evidence").mkdir()
    facts = {"what": "breach", "title": HOSTILE, "text": HOSTILE, "t": 3, "output": [HOSTILE],
             "open": [{"pid": 1, "name": HOSTILE, "fd": 3, "kind": HOSTILE, "target": HOSTILE}, "odd"],
             "grown": [{"pid": 1, "name": HOSTILE, "region": HOSTILE, "bytes": 5 << 20}, 7],
             "threads": [{"count": 3, "name": HOSTILE, "at": HOSTILE}],
             "kernel": [HOSTILE], "hottest": [{"function": HOSTILE, "share": 0.5}, {"share": "x"}],
             "growth": [{"function": HOSTILE, "bytes": "x"}]}  # fmt: skip
    (tmp_path / "evidence" / "c0_3.json").write_bytes(msgspec.json.encode(facts))
    (tmp_path / "evidence" / "broken_4.json").write_text("{")
    (tmp_path / "run.json").write_bytes(msgspec.json.encode({"revision": HOSTILE, "host": {}, "checks": ["odd"]}))
    page = page_of(material(leaking(), tmp_path))
    found = Elements(page)
    assert "5.00 MiB" in found.said
    assert "50.0 %" in found.said
    assert "Newest messages of the kernel:" in found.said
    assert [tag for tag, _ in found.tags].count("script") == 3
    assert not [tag for tag, attributes in found.tags if {"src", "href", "onerror"} & attributes.keys()]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", page)
    assert numbers(page)["notes"][0][1].startswith("</script>")


def test_it_loads_nothing_from_anywhere(tmp_path: Path) -> None:
    page = page_of(material(leaking(), tmp_path))
    policy = next(a for tag, a in Elements(page).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy["content"]).startswith("default-src 'none'")
    assert not re.search(r"@import|url\((?!data:)", page)


def test_the_comparison_with_the_baseline_is_told_where_there_is_one() -> None:
    state = leaking().state()
    table: list[tuple[str, ...]] = [("", "Metric"), ("✗ worse", HOSTILE)]
    page = page_of(Material(state=state, comparison=("WORSE: 1 worse", table)))
    assert "Compared with the baseline" in Elements(page).said
    assert "✗ worse" in Elements(page).said
    assert "Compared with" not in page_of(Material(state=state))


def test_charts_have_limits_phases_breaches_and_notes() -> None:
    charts = charts_of(leaking().state())
    fds = next(chart for chart in charts.charts if chart.name == "fds")
    (limit,) = fds.limits
    assert (limit.label, limit.first, limit.start, limit.end) == ("max < 100", 100, 10, 60)
    assert fds.breaches == [(25, None, "Criterion 0")]
    assert [phase for phase, _, _ in charts.phases] == ["warm_up", "soak", "cool_down"]
    rss = next(chart for chart in charts.charts if chart.name == "rss")
    growth = next(limit for limit in rss.limits if limit.label.startswith("growth"))
    assert growth.first == 50 * MIB
    assert growth.last is not None
    assert abs(growth.last - 50 * MIB - MIB * 50 / 3600) < 1
    assert charts.notes[0][0] == 10


def test_a_day_stays_small_and_no_extreme_is_lost(tmp_path: Path) -> None:
    state = leaking().state()
    series = Series()
    for second in range(86_400):
        series.add(float(second), 1e9 + 7 if second == 40_321 else 1.5e6 + 1000.37 * (second % 977))
    state.summaries.update({f"m{n}_bytes": Summary(series) for n in range(120)})
    state.t = 86_400.0
    page = page_of(Material(state=state))
    assert len(page.encode()) < 5_000_000
    for chart in numbers(page)["charts"]:
        if chart["name"].startswith("m"):
            assert max(value for value in chart["high"] if value is not None) == 1e9 + 7
    width, buckets = coarsened(series, 128)
    assert len(buckets) <= 128
    assert sum(bucket.count for bucket in buckets) == 86_400
    assert width * len(buckets) >= 86_400


def test_a_run_without_anything_is_a_page_too(tmp_path: Path) -> None:
    assert "<title>running: </title>" in page_of(Material(state=RunState()))
    state = Story("max(fds) < 9").add(ev.Exited(0.0, cause="not_found")).end().state()
    path = write_page(Material(state=state), tmp_path / "report.html")
    assert "Nothing was measured" in path.read_text()
