"""The page as a whole."""

from pathlib import Path
from typing import Final

from stresstui.files import write_whole
from stresstui.report.html import sections
from stresstui.report.html.charts import charts_of
from stresstui.report.html.markup import data, section, text
from stresstui.report.material import Material

_STATIC: Final = Path(__file__).with_name("static")
_POLICY: Final = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
"""The page may load nothing, whatever text has found its way into it (Content Security Policy, W3C)."""


def write_page(material: Material, path: Path) -> Path:
    """Write the page whole or not at all, and return its path; raise OSError when the disk refuses."""
    return write_whole(path, page_of(material).encode(), durable=False)


def page_of(material: Material) -> str:
    """The page of a run, live or past."""
    state = material.state
    title = f"{state.outcome.value if state.outcome else 'running'}: {state.scenario.name}"
    body = "".join(
        (
            sections.outcome(state),
            sections.criteria(state),
            sections.comparison(material),
            _charts(),
            sections.evidence(material),
            sections.processes(material),
            sections.events(state),
            sections.metrics(state),
            sections.environment(material),
        )
    )
    scripts = (
        f'<script type="application/json" id="data">{data(charts_of(state))}</script>'
        f"<script>{_read('uPlot.iife.min.js')}</script><script>{_read('report.js')}</script>"
    )
    return document(title, body, style=_read("uPlot.min.css"), scripts=scripts)


def document(title: str, body: str, *, style: str = "", scripts: str = "") -> str:
    """A whole page around a body that is HTML already; it may load nothing."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" '
        f'content="light dark"><style>{style}{_read("report.css")}</style></head><body><main>{body}'
        f"</main>{scripts}</body></html>\n"
    )


def _charts() -> str:
    hint = '<p class="hint">Drag to zoom all charts, double-click to see all of the run again.</p>'
    rest = '<details id="more"><summary>All other metrics that moved</summary><div class="charts"></div></details>'
    none = "<noscript><p>The charts need JavaScript; the numbers are under Metrics.</p></noscript>"
    return section("Over time", none, hint, '<div class="charts" id="vitals"></div>', rest, name="charts")


def _read(name: str) -> str:
    return (_STATIC / name).read_text(encoding="utf-8")
