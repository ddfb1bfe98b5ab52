"""What is exposed, and that a strict reader takes it."""

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.openmetrics.exposition import generate_latest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from stresstui.core.model.metric import infer
from stresstui.core.model.sample import Role
from stresstui.core.run.fold import RunState
from stresstui.export.naming import exposed
from stresstui.export.openmetrics import RunCollector, families_of
from stresstui.export.serve import AddressError, parse_address
from tests.core.story import MIB, Story, process
from tests.report.run_with_leak import leaking

Samples = dict[tuple[str, ...], float]


def scraped(state: RunState) -> Samples:
    collector, registry = RunCollector(), CollectorRegistry()
    collector.families = list(families_of(state))
    registry.register(collector)
    text = generate_latest(registry).decode()  # type: ignore[no-untyped-call]
    return {
        (
            sample.name,
            *sorted(value for name, value in sample.labels.items() if name not in ("run", "scenario")),
        ): float(sample.value)
        for family in text_string_to_metric_families(text)  # type: ignore[no-untyped-call]
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("name", "sample", "factor"),
    [
        ("bytes_total", "stresstui_bytes_total", 1.0),
        ("latency_ms_p99", "stresstui_latency_p99_seconds", 0.001),
        ("ech_share_percent", "stresstui_ech_share_ratio", 0.01),
        ("connections_total", "stresstui_connections_total", 1.0),
        ("queue depth-now", "stresstui_queue_depth_now", 1.0),
    ],
)
def test_names_have_base_units_and_kinds(name: str, sample: str, factor: float) -> None:
    shown = exposed(infer(name))
    assert (shown.sample, shown.factor) == (sample, factor)


def test_a_run_is_exposed_in_base_units() -> None:
    story = Story("max(fds) < 100", "growth(rss) < 1MiB/h").warm()
    story.soak(20, report=lambda t: {"work_total": 5 * t, "latency_ms_p99": 4.0, "rss_bytes": 1.0})
    found = scraped(story.state())
    assert found["stresstui_rss_bytes", "sut"] == 50 * MIB
    assert found["stresstui_latency_p99_seconds",] == pytest.approx(0.004)
    assert found["stresstui_work_total",] == 145.0
    assert found["stresstui_criterion_breached", "c0", "fail"] == 0.0
    assert found["stresstui_criterion_limit", "c0", "fail"] == 100.0
    assert found["stresstui_run_live",] == 1.0
    assert not any("pid" in name for key in found for name in key)


def test_what_failed_says_so() -> None:
    found = scraped(leaking().state())
    assert found["stresstui_criterion_breached", "c0", "fail"] == 1.0
    assert found["stresstui_run_outcome", "failed"] == 1.0
    assert found["stresstui_run_outcome", "passed"] == 0.0
    assert found["stresstui_run_live",] == 0.0


def test_what_could_not_be_read_is_absent_and_roles_are_apart() -> None:
    story = Story("max(fds) < 100").phase_of("warm_up")
    story.sample(processes=(process(0.0, fds=None), process(0.0, pid=2, role=Role.DRIVER, fds=7)))
    found = scraped(story.state())
    assert ("stresstui_fds", "sut") not in found
    assert found["stresstui_fds", "driver"] == 7.0


def test_a_run_that_has_not_begun_is_exposed_too() -> None:
    assert scraped(RunState())["stresstui_samples_total",] == 0.0


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("[::1]:80", ("::1", 80)),
        (":9464", ("127.0.0.1", 9464)),
        ("9464", ("127.0.0.1", 9464)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize("text", ["", "host:", "host:99999", "host:x"])
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(AddressError):
        parse_address(text)
