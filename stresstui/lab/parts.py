"""The two sides of a run whose tunnels lie between boxes, and what each counts; known without loading a protocol."""

from typing import Final, Literal

Part = Literal["server", "client"]
"""Which side a box is on."""
_SERVERS: Final = frozenset({
    "auth_wrong_decisions_total", "certificate_wrong_decisions_total", "right_key_accepts_total",
    "wrong_key_refusals_total", "visitors_served_total", "certificate_refusals_total", "site_visits_total",
    "ech_rotations_total", "ech_rotation_gap_seconds", "rotation_failures_total", "ssh_sessions_total",
    "ssh_authenticated_total", "ssh_channels_total", "target_connections_total", "target_connections_open",
    "target_bytes_total",
})  # fmt: skip
"""What only the servers' side counts, by visitors with right and wrong keys among others."""
_WIRE: Final = frozenset({
    "handshakes_total", "handshake_failures_total", "handshake_ms_p50", "handshake_ms_p99", "handshake_ms_p999",
    "wire_connections_total", "wire_bytes_total", "wire_packets_sent_total", "wire_packets_received_total",
    "wire_packets_dropped_total", "tls_resumptions_total", "ech_handshakes_total", "ech_share_percent",
    "rotation_handshake_failures_total", "restarts_total",
})  # fmt: skip
"""What the relays count, which are on both sides."""
_TUNNELS: Final = ("hy1_", "hy2_")
"""What is before the names of a run with several main tunnels."""


def counts(part: Part, metric: str) -> bool:
    """Whether a side counts a metric of the lab's."""
    name = next((metric.removeprefix(one) for one in _TUNNELS if metric.startswith(one)), metric)
    return name in _SERVERS | _WIRE if part == "server" else name not in _SERVERS
