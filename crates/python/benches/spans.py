"""What recording costs from Python, against the others, in the same run.

    python benches/spans.py [--rounds N] [--json FILE] [--markdown FILE]

Each contender does the same work, whole: everything is recorded, encoded, and delivered to where its user would look for it
(ours: the tape, mapped to a file; OpenTelemetry's: encoded as OTLP and written to a file; loggers: JSON lines in a file).
The cost is the CPU time of the whole process, of threads in the background too, up to when all is delivered. Rounds of
all contenders are interleaved, and each figure is the median of its rounds, the cost of an empty loop taken off.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import telensic

Round = Callable[[int], None]

SPANS = 20_000
LOGS = 10_000


def nothing(count: int) -> None:
    for number in range(count):
        pass


# Telensic


def telensic_span(count: int) -> None:
    for number in range(count):
        with telensic.span("load", symbol="BTCUSDT", rows=number, ratio=0.5, live=True):
            pass
    telensic.flush()


@telensic.trace_span("run_stage:{stage_id}")
def _stage(stage_id: str) -> None:
    pass


def telensic_stage(count: int) -> None:
    """Span, histogram and counters of a stage."""
    for number in range(count):
        _stage("load")
    telensic.flush()


def _plain(stage_id: str) -> None:
    pass


@telensic.trace_span("load")
def _function(stage_id: str) -> None:
    pass


def telensic_function(count: int) -> None:
    for number in range(count):
        _function("load")
    telensic.flush()


def telensic_logging(count: int) -> None:
    logger = logging.getLogger("telensic.bench")
    for number in range(count):
        logger.info("quote is stale", extra={"symbol": "BTCUSDT", "age": number})
    telensic.flush()


def telensic_log(count: int) -> None:
    for number in range(count):
        telensic.log(logging.INFO, "quote is stale", symbol="BTCUSDT", age=number)
    telensic.flush()


# OpenTelemetry's own SDK


def opentelemetry(directory: Path) -> tuple[Round, Round]:
    from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

    out = open(directory / "otel.otlp", "wb")

    class ToFile(SpanExporter):
        """OTLP in a file: what an exporter sends, without a network."""

        def export(self, spans: Any) -> SpanExportResult:
            batch: list[ReadableSpan] = list(spans)
            out.write(encode_spans(batch).SerializeToString())
            return SpanExportResult.SUCCESS

    provider = TracerProvider()
    # A queue that takes a whole round: nothing may be dropped.
    provider.add_span_processor(BatchSpanProcessor(ToFile(), max_queue_size=4 * SPANS))
    tracer = provider.get_tracer("bench")
    meter = MeterProvider([InMemoryMetricReader()]).get_meter("bench")
    durations = meter.create_histogram("stage_duration_seconds")
    successes = meter.create_counter("stage_success_total")

    def spans(count: int) -> None:
        for number in range(count):
            attributes = {"symbol": "BTCUSDT", "rows": number, "ratio": 0.5, "live": True}
            with tracer.start_as_current_span("load", attributes=attributes):
                pass
        provider.force_flush()

    def stage(stage_id: str) -> None:
        begun = time.perf_counter()
        with tracer.start_as_current_span(f"run_stage:{stage_id}", attributes={"stage_id": stage_id}):
            _plain(stage_id)
        durations.record(time.perf_counter() - begun, {"stage_id": stage_id, "status": "ok"})
        successes.add(1, {"stage_id": stage_id})

    def stages(count: int) -> None:
        for number in range(count):
            stage("load")
        provider.force_flush()

    return spans, stages


def opentelemetry_logs(directory: Path) -> Round:
    from opentelemetry._logs import LogRecord, SeverityNumber
    from opentelemetry.exporter.otlp.proto.common._log_encoder import encode_logs
    from opentelemetry.sdk._logs import LoggerProvider
    from opentelemetry.sdk._logs.export import (
        BatchLogRecordProcessor,
        LogRecordExporter,
        LogRecordExportResult,
    )

    out = open(directory / "otel-logs.otlp", "wb")

    class ToFile(LogRecordExporter):
        """OTLP in a file: what an exporter sends, without a network."""

        def export(self, batch: Any) -> LogRecordExportResult:
            out.write(encode_logs(batch).SerializeToString())
            return LogRecordExportResult.SUCCESS

        def shutdown(self) -> None:
            out.close()

        def force_flush(self, timeout_millis: int = 0) -> bool:
            return True

    provider = LoggerProvider()
    provider.add_log_record_processor(BatchLogRecordProcessor(ToFile(), max_queue_size=4 * LOGS))
    logger = provider.get_logger("bench")

    def lines(count: int) -> None:
        for number in range(count):
            logger.emit(
                LogRecord(
                    timestamp=time.time_ns(),
                    severity_number=SeverityNumber.INFO,
                    severity_text="INFO",
                    body="quote is stale",
                    attributes={"symbol": "BTCUSDT", "age": number},
                )
            )
        provider.force_flush()

    return lines


# The loggers


def standard_logging(directory: Path) -> Round:
    class Json(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            line = {
                "ts": record.created,
                "level": record.levelname,
                "msg": record.getMessage(),
                "logger": record.name,
                "symbol": getattr(record, "symbol", None),
                "age": getattr(record, "age", None),
            }
            return json.dumps(line)

    logger = logging.getLogger("standard.bench")
    logger.propagate = False
    handler = logging.FileHandler(directory / "logging.jsonl")
    handler.setFormatter(Json())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    def lines(count: int) -> None:
        for number in range(count):
            logger.info("quote is stale", extra={"symbol": "BTCUSDT", "age": number})
        handler.flush()

    return lines


def loguru(directory: Path) -> Round:
    from loguru import logger

    logger.remove()
    logger.add(directory / "loguru.jsonl", serialize=True, format="{message}")

    def lines(count: int) -> None:
        for number in range(count):
            logger.bind(symbol="BTCUSDT", age=number).info("quote is stale")

    return lines


def structlog(directory: Path) -> Round:
    import structlog as of

    out = open(directory / "structlog.jsonl", "w")
    logger = of.wrap_logger(
        of.WriteLogger(out),
        processors=[
            of.processors.add_log_level,
            of.processors.TimeStamper("iso"),
            of.processors.JSONRenderer(),
        ],
        cache_logger_on_first_use=True,
    )

    def lines(count: int) -> None:
        for number in range(count):
            logger.info("quote is stale", symbol="BTCUSDT", age=number)
        out.flush()

    return lines


# The race


def cost(work: Round, count: int) -> float:
    """Nanoseconds of CPU time a piece, of the whole process."""
    gc.collect()
    before = time.process_time_ns()
    work(count)
    return (time.process_time_ns() - before) / count


def race(contenders: dict[str, tuple[Round, int]], rounds: int) -> dict[str, float]:
    for work, count in contenders.values():
        work(count // 10)
    seen: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, (work, count) in contenders.items():
            seen[name].append(cost(work, count) - cost(nothing, count))
    return {name: statistics.median(figures) for name, figures in seen.items()}


def fingerprints(megabytes: int, rounds: int) -> dict[str, float]:
    """Seconds of wall-clock a fingerprint; ours has SHA-256, BLAKE3, a range and a hash for every 8,000 bytes."""
    import numpy as np

    values = np.random.default_rng(1).standard_normal(megabytes * 2**20 // 8)
    ways: dict[str, Callable[[], object]] = {
        "telensic.fingerprint_array": lambda: telensic.fingerprint_array(values),
        "hashlib.sha256(array.tobytes())": lambda: hashlib.sha256(values.tobytes()).digest(),
    }
    seen: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            seen[name].append(time.perf_counter() - begun)
    return {name: statistics.median(figures) for name, figures in seen.items()}


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--megabytes", type=int, default=512, help="size of the array that is hashed")
    options.add_argument("--json", type=Path)
    options.add_argument("--markdown", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        telensic.init("bench", directory=directory)
        handler = telensic.TelensicHandler()
        logger = logging.getLogger("telensic.bench")
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(logging.INFO)
        otel_spans, otel_stages = opentelemetry(directory)
        spans = {
            "telensic: span, 4 attributes": (telensic_span, SPANS),
            "opentelemetry-sdk: span, 4 attributes": (otel_spans, SPANS),
            "telensic: @trace_span": (telensic_function, SPANS),
            "telensic: @trace_span of a stage, with histogram and counter": (telensic_stage, SPANS),
            "opentelemetry-sdk: span, histogram and counter": (otel_stages, SPANS),
        }
        logs = {
            "telensic: log": (telensic_log, LOGS),
            "telensic: logging's handler": (telensic_logging, LOGS),
            "opentelemetry-sdk: log record": (opentelemetry_logs(directory), LOGS),
            "logging: JSON lines": (standard_logging(directory), LOGS),
            "structlog: JSON lines": (structlog(directory), LOGS),
            "loguru: JSON lines": (loguru(directory), LOGS),
        }
        figures = race({**spans, **logs}, chosen.rounds)
        telensic.shutdown()
    hashes = fingerprints(chosen.megabytes, max(3, chosen.rounds // 3))
    machine = f"Python {sys.version.split()[0]}, {os.cpu_count()} CPUs, {chosen.rounds} rounds"
    report = {"machine": machine, "nanoseconds": figures, "megabytes": chosen.megabytes, "seconds": hashes}
    lines = [
        f"{machine}; CPU time of the whole process until all is delivered",
        "",
        "| what | ns |",
        "|---|---:|",
    ]
    lines += [f"| {name} | {figure:,.0f} |" for name, figure in figures.items()]
    lines += ["", f"| fingerprint of {chosen.megabytes} MiB | s, wall-clock | GB/s |", "|---|---:|---:|"]
    size = chosen.megabytes * 2**20
    lines += [f"| {name} | {figure:.3f} | {size / figure / 1e9:.2f} |" for name, figure in hashes.items()]
    text = "\n".join(lines) + "\n"
    print(text)
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=2) + "\n")
    if chosen.markdown:
        chosen.markdown.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
