"""Metrics and the event collector."""

from __future__ import annotations

import asyncio
import http.server
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import Recorder
from test_adapters import sample

import telensic


def test_instruments_count_by_labels() -> None:
    counter = telensic.Counter("test_orders_total", "orders sent", ["venue", "side"])
    counter.labels("kraken", side="buy").inc()
    counter.labels(side="buy", venue="kraken").inc(2)
    counter.labels("kraken", "buy").inc(0.5)
    assert sample('test_orders_total{venue="kraken",side="buy"}') == 3.5
    gauge = telensic.Gauge("test_temperature")
    gauge.set(20)
    gauge.dec(1.5)
    assert gauge.value == 18.5
    both = telensic.UpDownCounter("test_open")
    both.inc(3)
    both.dec()
    assert both.value == 2
    histogram = telensic.Histogram("test_seconds", "took", buckets=[0.1, 1.0])
    histogram.observe_all([0.05, 0.5])
    histogram.observe(5)
    assert (histogram.count, histogram.sum) == (3, 5.55)
    assert sample('test_seconds_bucket{le="1"}') == 2


def test_misuse_of_a_metric_is_no_error_of_the_program() -> None:
    counter = telensic.Counter("test_misused_total", "", ["a"])
    counter.labels("x").inc(-1)
    counter.labels("x").inc("many")  # type: ignore[arg-type]
    counter.labels(nothing="x").inc()
    counter.inc()
    telensic.Gauge("test_misused_total")
    telensic.Counter("not a name")
    assert sample('test_misused_total{a="x"}') == 0


def test_an_observation_leads_to_its_trace(recorder: Recorder) -> None:
    histogram = telensic.Histogram("test_exemplar_seconds")
    with telensic.span("slow") as span:
        histogram.observe(0.3)
    assert f'trace_id="{span.trace_id}"' in telensic.render_metrics(openmetrics=True)


def test_eight_threads_lose_nothing() -> None:
    counter = telensic.Counter("test_threads_total", "", ["thread"])

    def work() -> None:
        for _ in range(10_000):
            counter.labels("all").inc()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.labels("all").value == 80_000


def test_an_operation_is_counted_and_timed(recorder: Recorder) -> None:
    with telensic.operation("op-1", "counted"):
        pass
    with pytest.raises(ValueError), telensic.operation("op-2", "counted"):
        raise ValueError
    assert sample('operations_total{operation_type="counted",status="started"}') == 2
    assert sample('operations_total{operation_type="counted",status="completed"}') == 1
    assert sample('operations_total{operation_type="counted",status="failed"}') == 1
    assert sample('operation_duration_seconds_count{operation_type="counted",status="failed"}') == 1


def test_metrics_are_pushed_to_a_gateway() -> None:
    pushed: list[tuple[str, str]] = []

    class Gateway(http.server.BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            pushed.append((self.path, body.decode()))
            self.send_response(202)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Gateway) as gateway:
        threading.Thread(target=gateway.serve_forever, daemon=True).start()
        telensic.Counter("test_pushed_total").inc()
        address = f"127.0.0.1:{gateway.server_port}"
        pusher = telensic.push_metrics(address, job="nightly", grouping={"shard": "eu"})
        assert pusher.push_now()
        pusher.stop()
        gateway.shutdown()
    path, body = pushed[0]
    assert path == "/metrics/job/nightly/shard/eu"
    assert "test_pushed_total 1" in body


def test_a_gateway_that_is_none_is_said() -> None:
    with pytest.raises(telensic.MetricError, match="no http or https URL"):
        telensic.push_metrics("ftp://gateway")
    with pytest.raises(telensic.MetricError, match="other machines"):
        telensic.PrometheusExporter(0, "0.0.0.0").start()


def test_an_exporter_serves_until_it_is_stopped() -> None:
    exporter = telensic.PrometheusExporter(0)
    assert exporter.url is None
    assert asyncio.run(awaited(exporter.start())) is exporter
    assert exporter.url is not None
    exporter.stop()
    assert exporter.address is None


async def awaited(something: Any) -> Any:
    return await something


def test_a_collector_aggregates_hands_on_and_keeps(recorder: Recorder, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    config = telensic.CollectorConfig(batch_size=10, enable_persistence=True, persistence_file=file)
    collector = telensic.TelemetryCollector(config)
    seen: list[dict[str, Any]] = []
    collector.subscribe(seen.extend, event_types=["error"])
    with telensic.span("work") as span:
        collector.add_performance_event("quote", 0.5, "finnhub")
        collector.add_error_event(ConnectionError("down"), "finnhub", "quote")
    collector.add_metric_event("cpu", 75.5, {"host": "server1"})
    collector.add_event("rebuilt", "finnhub", rows=5)
    calls = collector.aggregate("finnhub", "quote")
    assert calls is not None
    assert (calls.count, calls.errors, calls.min) == (2, 1, 0.5)
    assert asyncio.run(awaited(collector.stop()))
    assert [event["error"] for event in seen] == [{"type": "ConnectionError", "message": "down"}]
    assert seen[0]["trace_id"] == span.trace_id
    kept = [json.loads(line) for line in file.read_text().splitlines()]
    assert [event["type"] for event in kept] == ["performance", "error", "metric", "custom"]
    assert kept[2]["data"] == {"host": "server1"}


def test_a_handler_that_fails_takes_nobody_down() -> None:
    collector = telensic.TelemetryCollector()

    def fails(events: list[dict[str, Any]]) -> None:
        raise RuntimeError("the handler's own affair")

    collector.subscribe(fails)
    collector.add_event("one")
    assert collector.flush()
    assert len(collector.get_aggregated_data()) == 1
    collector.stop()
