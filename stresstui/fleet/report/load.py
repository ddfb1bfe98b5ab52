"""A load of several boxes in words: its counts, its times, and what both ends say of the same thing."""

from stresstui.fleet.verdict import Compared, Joint

_TIMED = {"latency_ms": "Round trip", "connect_ms": "Connect", "udp_ms": "UDP round trip"}


def title(joint: Joint) -> str:
    """Who loads whom."""
    return f"{joint.scenario}: {', '.join(joint.clients)} on {joint.server}"


def facts(joint: Joint) -> list[tuple[str, str]]:
    """What it came to, named."""
    counts, rates = joint.counts, joint.rates
    failures = {name[9:-6]: value for name, value in counts.items() if name.startswith("failures_") and value}
    causes = ", ".join(f"{cause} {value:,.0f}" for cause, value in failures.items())
    found = [
        ("Connections", f"{counts.get('connections_total', 0):,.0f}, {rates.get('connections_total', 0):,.1f}/s"),
        ("Failed", f"{counts.get('connection_failures_total', 0):,.0f}{causes and f' ({causes})'}"),
        ("Round trips", f"{counts.get('requests_total', 0):,.0f}"),
        ("Verified payload", f"{counts.get('bytes_total', 0):,.0f} B, {rates.get('bytes_total', 0):,.0f} B/s"),
    ]
    if "udp_round_trips_total" in counts:
        lost = counts.get("udp_lost_total", 0)
        found.append(("UDP round trips", f"{counts['udp_round_trips_total']:,.0f}, {lost:,.0f} lost"))
    for name, times in joint.times.items():
        said = f"p50 {times.p50:.2f} ms, p99 {times.p99:.2f} ms, p99.9 {times.p999:.2f} ms"
        said += f", longest {times.longest:.2f} ms; {times.count:,} times, of all boxes merged"
        found.append((_TIMED.get(name, name), said))
    return [*found, *((f"{one.what[:1].upper()}{one.what[1:]}", beside(one)) for one in joint.compared)]


def beside(one: Compared) -> str:
    """What both ends counted."""
    if one.clients == one.server:
        return f"{one.clients:,.0f} by the clients, and by the servers' relays"
    return (
        f"{one.clients:,.0f} by the clients, {one.server:,.0f} by the servers' relays: {one.server - one.clients:+,.0f}"
    )
