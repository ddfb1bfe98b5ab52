"""Trend pictures as the guide's gnuplot ones, ``memory_trend.png`` and its like; needs the extra ``pictures``."""

from pathlib import Path
from typing import Any, Final

from stresstui.core.model.event import Phase
from stresstui.core.model.units import format_value
from stresstui.core.run.fold import RunState
from stresstui.report.html.charts import Chart, charts_of

NAMES: Final = {"rss": "memory_trend", "fds": "fd_trend", "established": "conn_trend"}
"""The guide's file names; any other metric is ``NAME_trend``."""
ALWAYS: Final = tuple(NAMES)
"""Metrics that are drawn without being asked for."""
_HOUR: Final = 3600.0
_MINUTE: Final = 60.0


def places_in(folder: Path, kind: str, metrics: tuple[str, ...] = ()) -> dict[str, Path]:
    """Where in a folder the picture of each metric goes, by its name; of the guide's without any."""
    return {name: folder / f"{NAMES.get(name, f'{name}_trend')}.{kind}" for name in metrics or ALWAYS}


def write_pictures(state: RunState, places: dict[str, Path], kind: str) -> list[Path]:
    """Draw each metric that has values into its place as ``png`` or ``svg``; raises ImportError, OSError."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - an extra, and heavy; pyplot's windows are not needed

    charts = {chart.name: chart for chart in charts_of(state).charts}
    written = []
    for name, path in places.items():
        if name not in charts:
            continue
        figure = Figure(figsize=(10, 4), layout="constrained")
        _draw(figure.add_subplot(), state, charts[name])
        figure.savefig(path, format=kind, dpi=110)
        written.append(path)
    return written


def _draw(axes: Any, state: RunState, chart: Chart) -> None:
    scale, unit = (_HOUR, "h") if state.t > 2 * _HOUR else (_MINUTE, "min") if state.t > 2 * _MINUTE else (1.0, "s")
    start, width = float(chart.start or 0), float(chart.width or 1)
    x = [(start + (i + 0.5) * width) / scale for i in range(len(chart.mean))]
    low, mean, high = (_numbers(column) for column in (chart.low, chart.mean, chart.high))
    axes.fill_between(x, low, high, color="#0550ae", alpha=0.2, linewidth=0)
    axes.plot(x, mean, color="#0550ae", linewidth=1.2)
    if chart.baseline is not None:
        axes.axhline(chart.baseline, color="#59636e", linestyle=":", linewidth=1, label="baseline")
    top = axes.get_ylim()[1]
    for limit in chart.limits:
        if limit.last is not None and limit.last <= 2 * top:
            ends = (float(limit.start or 0) / scale, float(limit.end or 0) / scale)
            axes.plot(ends, (limit.first, limit.last), color="#cf222e", linestyle="--", linewidth=1, label=limit.label)
    for began, ended, _ in chart.breaches:
        axes.axvspan(float(began or 0) / scale, float(state.t if ended is None else ended) / scale,
                     color="#cf222e", alpha=0.12, linewidth=0)  # fmt: skip
    soak = state.phase_began.get(Phase.SOAK)
    if soak is not None:
        axes.axvspan(0, soak / scale, color="#59636e", alpha=0.08, linewidth=0)
    axes.set(title=f"{state.scenario.name}: {chart.title}", xlabel=unit)
    axes.yaxis.set_major_formatter(lambda value, _: format_value(value, chart.unit))
    axes.grid(alpha=0.3)
    if chart.limits or chart.baseline is not None:
        axes.legend(loc="best", fontsize="small")


def _numbers(column: list[Any]) -> list[float]:
    return [float("nan") if value is None else float(value) for value in column]
