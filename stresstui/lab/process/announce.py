"""What the lab says on its standard output, one flushed line each: the contract with whoever runs it.

``STRESSTUI_PROCESS pid=1234 role=sut name=ech-server`` names a process as it starts;
with ``ended="killed by SIGSEGV"`` it says that one ended unasked;
``STRESSTUI_STATE state=ready detail="round trip in 12 ms"`` says where the lab is, quoted as a shell would;
``STRESSTUI connections_total=1200 bytes_total=73400320`` is the metrics line;
``STRESSTUI_HISTOGRAM name=latency_ms buckets=141:3,145:1`` has times since the start, in an HDR histogram's buckets.
"""

import shlex
from collections.abc import Mapping
from typing import Literal

Role = Literal["sut", "driver", "service"]
State = Literal["starting", "waiting", "ready", "loading", "idle", "stopped", "failed"]


def announce(pid: int, role: Role, name: str, pprof: str = "") -> None:
    """Say that a process has started, and where it gives Go's profiles; raises BrokenPipeError when nobody listens."""
    profiles = f" pprof={shlex.quote(pprof)}" if pprof else ""
    print(f"STRESSTUI_PROCESS pid={pid} role={role} name={shlex.quote(name)}{profiles}", flush=True)


def bury(pid: int, role: Role, name: str, how: str) -> None:
    """Say that a process has ended by itself, and how."""
    print(f"STRESSTUI_PROCESS pid={pid} role={role} name={shlex.quote(name)} ended={shlex.quote(how)}", flush=True)


def declare(state: State, detail: str = "") -> None:
    """Say which state the lab is in, with one sentence of detail."""
    print(f"STRESSTUI_STATE state={state} detail={shlex.quote(' '.join(detail.split()))}", flush=True)


def report(metrics: Mapping[str, float]) -> None:
    """Print the metrics line."""
    print(metrics_line(metrics), flush=True)


def report_times(name: str, buckets: str) -> None:
    """Print a histogram; ``net.latency`` writes and reads its buckets."""
    print(f"STRESSTUI_HISTOGRAM name={name} buckets={buckets}", flush=True)


def metrics_line(metrics: Mapping[str, float]) -> str:
    """Return metrics as one line of ``key=value`` pairs after the marker."""
    return " ".join(["STRESSTUI", *(f"{name}={_number(value)}" for name, value in metrics.items())])


def _number(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.6g}"
