"""Sockets of a reading: counts of the last table, what has become of them since, and how certain that is."""

from typing import Final

from stresstui.core.model.certainty import Certainty
from stresstui.core.model.sample import Sample, SocketSample

COUNTS: Final = {
    "established": "established", "close_wait": "close_wait", "listen": "listen", "udp_sockets": "udp",
    "accept_queue": "backlog",
}  # fmt: skip
"""Metrics that sum a field of the processes."""
OF_SOCKETS: Final = frozenset(COUNTS)
"""Their names."""
_STATES: Final = {
    "syn_sent": "syn_sent", "syn_recv": "syn_recv", "fin_wait1": "fin_wait1", "fin_wait2": "fin_wait2",
    "last_ack": "last_ack", "closing": "closing", "time_wait_ports": "time_wait",
}  # fmt: skip
_ESTIMATE: Final = Certainty.ESTIMATE
_AT_LEAST: Final = Certainty.AT_LEAST
_AT_MOST: Final = Certainty.AT_MOST
_OF_ANYBODY: Final = ("established", "close_wait")
"""Metrics of which a socket without a known owner may be one."""
_NEGLIGIBLE: Final = 0.001
"""Share of sockets without a known owner up to which a count is called exact."""
_MOSTLY: Final = 0.9
"""Share from which a part speaks for the whole."""


def add_sockets(
    values: dict[str, float], certainty: dict[str, Certainty], most: dict[str, float], sample: Sample
) -> None:
    """Add the rarer states, bring the counts up to ``sample.t``, and mark what is not exact."""
    told = sample.sockets
    if told is not None:
        _add_states(values, certainty, told)
        counted = values.get("established", 0.0) + values.get("close_wait", 0.0)
        if told.unattributed > _NEGLIGIBLE * counted:
            certainty.update((name, _AT_LEAST) for name in _OF_ANYBODY if name in values)
    if sample.sockets_t is not None and sample.sockets_t < sample.t:
        _bring_up_to_date(values, sample)
        names = [*OF_SOCKETS, *(_STATES if told is not None else ())]
        stays = (_AT_MOST,) if _has_fallen(sample) else (_AT_MOST, _AT_LEAST)
        certainty.update((n, _ESTIMATE) for n in names if n in values and certainty.get(n) not in stays)
    if told is not None:
        opened = max(0, (sample.host.curr_estab or 0) - (sample.host.curr_estab_at_dump or 0))
        bounds = (name for name in _OF_ANYBODY if certainty.get(name) is _AT_LEAST)
        most.update((name, values[name] + told.unattributed + opened) for name in bounds)


def _has_fallen(sample: Sample) -> bool:
    """Say whether the kernel counts fewer connections now: then what the table had is no lower bound any more."""
    now, then = sample.host.curr_estab, sample.host.curr_estab_at_dump
    return now is None or then is None or now < then


def _add_states(values: dict[str, float], certainty: dict[str, Certainty], told: SocketSample) -> None:
    """What no process holds belongs to the run where the run's ports say so; without any, all of it is a bound."""
    for name, state in _STATES.items():
        own = told.states.get(state, 0)
        by_ports = told.time_wait_by_ports if state == "time_wait" else told.by_ports
        everybodys = told.all_states.get(state, own) if told.all_states else own
        values[name] = float(own if by_ports else everybodys)
        if own < everybodys:
            certainty[name] = _ESTIMATE if by_ports else _AT_MOST


def _bring_up_to_date(values: dict[str, float], sample: Sample) -> None:
    """Scale the last count by what the kernel's own count has done since, where the table had most of that.

    That is of one network namespace: of processes in several the table has more.
    """
    now, then = sample.host.curr_estab, sample.host.curr_estab_at_dump
    if now is None or not then or "established" not in values:
        return
    attributed = sum((p.established or 0) + (p.close_wait or 0) for p in sample.processes)
    if _MOSTLY * then <= attributed <= then / _MOSTLY:
        values["established"] = float(round(values["established"] * now / then))
