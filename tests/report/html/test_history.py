"""The page of a scenario's history: what changed is marked, and nothing that others wrote is a tag."""

from stresstui.report.html.history import Change, Course, Run, page_of
from tests.report.html.test_page import Elements
from tests.report.run_with_leak import HOSTILE

RUNS = [Run(f"soak_{n}", f"2026-11-{n + 10}T00:00:00Z", "failed" if n == 3 else "passed") for n in range(12)]


def course(changes: list[Change], name: str = "RSS") -> Course:
    points = [(n, 100.0 if n < 8 else 150.0) for n in range(12) if n != 5]
    return Course("rss", name, "bytes", points, changes)


def test_a_change_is_marked_between_the_runs_and_told_in_words() -> None:
    page = page_of("soak", RUNS, [course([Change(7, 100.0, 150.0)])])
    found = Elements(page)
    assert page.count('<line class="change"') == 1
    assert page.count('<line class="level"') == 2
    assert page.count("<circle") == 11
    assert page.count('<circle class="bad"') == 1
    assert "+50.0 %" in found.said
    said = " ".join(found.said)
    assert "Changed with" in said
    assert said.index("soak_8") < said.index("Means of each run")  # point 7 is run 8: run 5 has no value
    assert not [tag for tag, _ in found.tags if tag == "script"]


def test_where_nothing_changed_that_is_said() -> None:
    page = page_of("soak", RUNS[:1], [Course("rss", "RSS", "bytes", [(0, 7.0)], [])])
    assert "No metric changed" in page
    assert "change" not in [attributes.get("class") for _, attributes in Elements(page).tags]


def test_nothing_that_others_wrote_is_a_tag() -> None:
    page = page_of(HOSTILE, [Run(HOSTILE, HOSTILE, HOSTILE)], [Course("x", HOSTILE, HOSTILE, [(0, 1.0)], [])])
    assert not [tag for tag, attributes in Elements(page).tags if tag == "script" or "onerror" in attributes]
