"""The load: what is asked of the system under test, and how it answers; facts of a RunState, nothing is judged."""

from typing import Final

import msgspec

from stresstui.core.model.units import three_digits
from stresstui.core.run.fold import RunState
from stresstui.tui.draw.figures import is_hosts, rate_series

_MILLION: Final = 1e6


class LoadFact(msgspec.Struct, frozen=True):
    """One fact of the load."""

    name: str
    """In a word or two."""
    text: str
    """The newest value with its unit."""
    bad: bool = False
    """True where the number itself is trouble, such as connections that failed."""
    history: tuple[float, ...] = ()
    """The newest values, oldest first, where they are worth a picture."""


def load_facts(run: RunState, newest: int | None = None) -> list[LoadFact]:
    """What is known of the load, the most telling first; a fact that nobody reports is left out.

    ``newest`` is how much of each history is asked for, in values; None = all of it.
    """
    found = (
        _rate(run, newest), _failed(run), _latency(run, newest), _open(run), _lost(run), _corrupt(run),
        _cpu(run, newest),
    )  # fmt: skip
    return [fact for fact in found if fact is not None]


def _rate(run: RunState, newest: int | None) -> LoadFact | None:
    name = next((n for n in ("connections_total", "attempts_total") if n in run.series), None)
    if name is None:
        return None
    rates = rate_series(run.series[name], newest)
    if rates.newest is None:
        return None
    word = "host conn/s" if is_hosts(run, name) else "conn/s"
    return LoadFact(word, three_digits(rates.newest), history=tuple(bucket.high for bucket in rates.buckets))


def _failed(run: RunState) -> LoadFact | None:
    failed, made = _newest(run, "connection_failures_total"), _newest(run, "connections_total")
    if failed is None:
        return None
    part = f" ({failed / (failed + (made or 0.0)) * _MILLION:,.0f} ppm)" if failed else ""
    return LoadFact("failed", f"{failed:,.0f}{part}", bad=failed > 0)


def _latency(run: RunState, newest: int | None) -> LoadFact | None:
    middle, tail = _newest(run, "latency_ms_p50"), _newest(run, "latency_ms_p99")
    if middle is None and tail is None:
        return None
    words = (f"{name} {three_digits(value)}" for name, value in (("p50", middle), ("p99", tail)) if value is not None)
    history = _history(run, "latency_ms_p99" if tail is not None else "latency_ms_p50", newest)
    return LoadFact("latency", f"{'  '.join(words)} ms", history=history)


def _open(run: RunState) -> LoadFact | None:
    value = _newest(run, "active_connections")
    return None if value is None else LoadFact("open", f"{value:,.0f}")


def _lost(run: RunState) -> LoadFact | None:
    value = _newest(run, "udp_lost_total")
    return None if value is None else LoadFact("UDP lost", f"{value:,.0f}", bad=value > 0)


def _corrupt(run: RunState) -> LoadFact | None:
    value = _newest(run, "corrupt_bytes_total")
    return LoadFact("corrupt bytes", f"{value:,.0f}", bad=True) if value else None


def _cpu(run: RunState, newest: int | None) -> LoadFact | None:
    value = run.reading.values.get("cpu")
    return None if value is None else LoadFact("CPU", f"{three_digits(value)} %", history=_history(run, "cpu", newest))


def _newest(run: RunState, name: str) -> float | None:
    series = run.series.get(name)
    return series.newest if series else None


def _history(run: RunState, name: str, newest: int | None) -> tuple[float, ...]:
    series = run.series.get(name)
    buckets = series.buckets if series else []
    filled = [bucket.high for bucket in (buckets[-2 * newest :] if newest else buckets) if bucket.count]
    return tuple(filled[-newest:] if newest else filled)
