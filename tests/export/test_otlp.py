"""What is pushed to a real receiver on the loopback, decoded by OpenTelemetry's own schema."""

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

from stresstui.core.model.event import Event, encode_event
from stresstui.core.model.metric import infer
from stresstui.core.model.scenario import Scenario
from stresstui.export.otlp import named, push
from tests.core.story import MIB, Story


class Receiver:
    """Takes OTLP over HTTP as a collector would, and refuses with the status that it was given."""

    def __init__(self, status: int = 200) -> None:
        self.requests: list[ExportMetricsServiceRequest] = []
        self.paths: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                receiver.paths.append(self.path)
                receiver.requests.append(ExportMetricsServiceRequest.FromString(body))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def metrics(self) -> dict[str, Any]:
        (resource,) = self.requests[-1].resource_metrics
        return {metric.name: metric for scope in resource.scope_metrics for metric in scope.metrics}

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()


def recorded(folder: Path, events: list[Event]) -> Path:
    run_dir = folder / "story_20261126T000000Z"
    run_dir.mkdir()
    (run_dir / "journal.jsonl").write_bytes(b"".join(encode_event(event) + b"\n" for event in events))
    return run_dir


def test_a_run_arrives_under_the_names_of_the_conventions(receiver: Receiver, tmp_path: Path) -> None:
    story = Story("max(fds) < 10", "max(threads) < 100").warm()
    story.soak(20, report=lambda t: {"work_total": 5 * t, "latency_ms_p99": 4.0})
    push(recorded(tmp_path, story.exit(planned=True).end().events), receiver.url, every_s=60.0)
    assert receiver.paths == ["/v1/metrics"]
    found = receiver.metrics()
    memory = found["process.memory.usage"]
    assert (memory.unit, memory.sum.is_monotonic) == ("By", False)
    assert memory.sum.data_points[0].as_double == 50 * MIB
    assert found["process.unix.file_descriptor.count"].sum.data_points[0].as_double == 40
    assert found["process.cpu.utilization"].gauge.data_points[0].as_double == pytest.approx(0.05)
    assert found["stresstui.work_total"].sum.is_monotonic
    assert found["stresstui.work_total"].sum.data_points[0].as_double == 145.0
    assert found["stresstui.latency_ms_p99"].unit == "s"
    assert found["stresstui.latency_ms_p99"].gauge.data_points[0].as_double == pytest.approx(0.004)
    breached = {
        next(a.value.string_value for a in point.attributes if a.key == "stresstui.criterion"): point.as_int
        for point in found["stresstui.criterion.breached"].gauge.data_points
    }
    assert breached == {"c0": 1, "c1": 0}
    assert found["stresstui.run.live"].gauge.data_points[0].as_int == 0
    about = {a.key: a.value.string_value for a in receiver.requests[-1].resource_metrics[0].resource.attributes}
    assert (about["service.name"], about["stresstui.scenario"]) == ("stresstui", "story")


def test_a_receiver_that_refuses_or_is_not_there_ends_nothing(tmp_path: Path) -> None:
    run_dir = recorded(tmp_path, Story("max(fds) < 10").warm().exit().end().events)
    refusing = Receiver(status=400)
    try:
        push(run_dir, f"{refusing.url}/v1/metrics", every_s=60.0)
        assert refusing.paths == ["/v1/metrics"]
    finally:
        refusing.close()


def test_other_names_are_ours_and_in_base_units() -> None:
    assert named(infer("rss")).name == "process.memory.usage"
    assert named(infer("queue depth")).name == "stresstui.queue_depth"
    throughput = Scenario(name="x").metric("throughput")
    assert throughput is not None
    assert named(throughput)[1:] == ("By/s", 1.0)
