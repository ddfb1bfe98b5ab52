"""A real run that is scraped."""

import socket
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from tests.cli.box import Box, until


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def scrape(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


@pytest.fixture
def scraped(box: Box) -> Iterator[Box]:
    yield box
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if "stresstui.export" in words and any(word.startswith(str(box.folder)) for word in words):
            process.kill()  # it would linger for a last scrape


def test_a_run_answers_scrapes_from_its_start_and_a_taken_address_starts_nothing(scraped: Box) -> None:
    box, port = scraped, free_port()
    listen = ("--metrics-listen", f"127.0.0.1:{port}")
    box.run("run", *listen, "--duration", "60s", "--interval", "0.2s", "--detach", "--", "sleep", "60")
    until(lambda: 'stresstui_rss_bytes{role="sut",run="command_' in scrape(port), "a scrape with memory")
    assert box.run("run", *listen, "--detach", "--", "sleep", "60").returncode == 2
    assert box.run("run", "--metrics-listen", "nowhere", "--detach", "--", "sleep", "60").returncode == 2
    assert len(list(box.reports.glob("*/run.json"))) == 1
    box.run("stop")
    box.wait_end()
    until(lambda: 'stresstui_run_live{run="command_' in scrape(port) and "} 0.0" in scrape(port), "the end in a scrape")


def test_rules_and_dashboards_come_from_the_command_line(box: Box) -> None:
    assert "criterion_breached" in box.run("export", "prometheus-rules", "ech_24h").stdout
    assert box.run("export", "grafana", "ech_24h").stdout.startswith("{")
    assert box.run("export", "grafana", "nothing").returncode == 2
