"""Processes beside a run that follow its journal: alerts, scrapes, profiles. They hold nothing up."""

import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from stresstui import itself
from stresstui.cli.config import config_path
from stresstui.cli.starting.login import in_scope
from stresstui.cli.terminal.refuse import refuse
from stresstui.cli.terminal.say import say
from stresstui.core.model.outcome import ExitCode

if TYPE_CHECKING:
    from stresstui.cli.options import PlanOptions
    from stresstui.engine.launch.request import RunRequest


def check_address(options: "PlanOptions") -> None:
    """Refuse an address that nobody can listen on or push to, before anything starts."""
    if options.otlp is not None:
        _check_receiver(options.otlp)
    if options.metrics_listen is None:
        return
    from importlib.util import find_spec

    if find_spec("prometheus_client") is None:
        refuse(
            "stresstui: --metrics-listen needs prometheus-client; pip install 'stresstui[metrics]'",
            ExitCode.COULD_NOT_RUN,
        )
    from stresstui.export.serve import AddressError, parse_address

    try:
        host, port = parse_address(options.metrics_listen)
    except AddressError as error:
        refuse(f"stresstui: --metrics-listen: {error}")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except OSError as error:
        refuse(f"stresstui: --metrics-listen {options.metrics_listen}: {error.strerror or error}; choose another port")


def _check_receiver(url: str) -> None:
    from importlib.util import find_spec

    if not url.startswith(("http://", "https://")):
        refuse(f"stresstui: --otlp {url}: write a base address such as http://127.0.0.1:4318")
    if find_spec("opentelemetry") is None or find_spec("opentelemetry.exporter") is None:
        refuse(
            "stresstui: --otlp needs OpenTelemetry's exporter; pip install 'stresstui[otlp]'", ExitCode.COULD_NOT_RUN
        )


def start_companions(run_dir: Path, request: "RunRequest", options: "PlanOptions") -> None:
    """Start those that are wanted, each in a session of its own; what goes wrong is said."""
    try:
        if options.metrics_listen is not None:
            _start("stresstui.export", str(run_dir), options.metrics_listen, unit=options.unit)
        if options.otlp is not None:
            _start("stresstui.export", str(run_dir), options.otlp, unit=options.unit)
        if request.pprof:
            _start("stresstui.investigate", str(run_dir), *request.pprof, unit=options.unit)
        if _has_alerts(request.scenario.name):
            _start("stresstui.alerts", str(run_dir), str(config_path()), unit=options.unit)
    except OSError as error:
        say(f"stresstui: not started: {error}", err=True)


def _has_alerts(scenario: str) -> bool:
    path = config_path()
    if not path.exists():
        return False
    from stresstui.alerts.settings import AlertError, read_alerts

    try:
        return any(alert.wants(scenario) for alert in read_alerts(path))
    except AlertError as error:
        say(f"stresstui: no alerts: {error}", err=True)
        return False


def _start(module: str, *arguments: str, unit: bool) -> None:
    entry = itself.module(module)
    subprocess.Popen(
        (*(in_scope(entry) if unit else entry), *arguments), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True, env=itself.environment(), cwd="/",
    )  # fmt: skip
