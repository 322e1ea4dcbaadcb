"""Log records of every logger of Python are recorded once, with the ids of their span."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import loguru
import pytest
import structlog
from conftest import Recorder

import telensic


@pytest.fixture
def logger(request: pytest.FixtureRequest) -> Iterator[logging.Logger]:
    """A logger whose records go to the recorder, and a root logger that is afterwards what it was."""
    root = logging.getLogger()
    level, handlers, factory = root.level, list(root.handlers), logging.getLogRecordFactory()
    root.handlers[:] = []
    telensic.setup_logging(logging.DEBUG, layout=getattr(request, "param", None))
    yield logging.getLogger("tests.logs")
    root.setLevel(level)
    root.handlers[:] = handlers
    logging.getLogger("tests.logs").handlers.clear()
    logging.setLogRecordFactory(factory)
    from telensic import logs

    logs._handler = None


def test_a_record_has_its_fields_its_level_and_its_span(recorder: Recorder, logger: logging.Logger) -> None:
    with telensic.span("stage") as span:
        logger.warning("quote of %s is %d s old", "BTCUSDT", 42, extra={"symbol": "BTCUSDT", "age": 42})
    log = recorder.log("quote of BTCUSDT is 42 s old")
    assert log["severityText"] == "WARN"
    assert (log["traceId"], log["spanId"]) == (span.trace_id, span.span_id)
    attributes = log["attributes"]
    attributes.pop("thread.id")
    assert attributes == {"logger": "tests.logs", "symbol": "BTCUSDT", "age": 42}


def test_an_exception_is_told_with_its_stack(recorder: Recorder, logger: logging.Logger) -> None:
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        logger.exception("division failed")
    attributes = recorder.log("division failed")["attributes"]
    assert attributes["exception.type"] == "ZeroDivisionError"
    assert attributes["exception.message"] == "division by zero"
    assert "_ = 1 / 0" in attributes["exception.stacktrace"]


def test_handlers_of_others_can_show_the_ids(recorder: Recorder, logger: logging.Logger) -> None:
    seen: list[str] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(self.format(record))

    handler = Keeping()
    handler.setFormatter(logging.Formatter("%(trace_id)s %(span_id)s [%(run_id)s] %(message)s"))
    logger.addHandler(handler)
    with telensic.span("stage") as span:
        logger.info("hello")
    logger.info("outside")
    logger.removeHandler(handler)
    assert seen == [f"{span.trace_id} {span.span_id} [] hello", "  [] outside"]


@pytest.mark.parametrize("logger", ["otel"], indirect=True)
def test_records_can_have_the_names_that_opentelemetry_gives_them(
    recorder: Recorder, logger: logging.Logger
) -> None:
    make = logging.getLogRecordFactory()
    with telensic.span("stage") as span:
        record = make("tests", logging.INFO, "file.py", 1, "text", (), None)
    outside = make("tests", logging.INFO, "file.py", 1, "text", (), None)
    given = vars(record)
    assert (given["otelTraceID"], given["otelSpanID"]) == (span.trace_id, span.span_id)
    assert given["otelServiceName"] == "tests"
    assert vars(outside)["otelTraceID"] == "0"


def test_arguments_that_do_not_fit_and_levels_of_ones_own_lose_nothing(
    recorder: Recorder, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Not by the root logger, whose other handlers would complain.
    logger.addHandler(logging.getLogger().handlers[0])
    monkeypatch.setattr(logger, "propagate", False)
    logger.info("rows: %d", "five")
    logger.log(25, "between")
    logger.log(5, "below")
    logger.debug("debugging")
    logger.critical(ValueError("an object as message"))
    found = {log.get("body"): log["severityText"] for log in recorder.tape().logs}
    # The recorder itself keeps what is INFO or above.
    assert found == {"rows: %d": "INFO", "between": "INFO", "an object as message": "FATAL"}


def test_setting_up_twice_records_once(recorder: Recorder, logger: logging.Logger) -> None:
    telensic.setup_logging()
    logger.info("once")
    assert recorder.log("once")


@pytest.mark.parametrize(
    ("layout", "names"),
    [
        ("telensic", {"ts", "level", "msg", "trace_id", "span_id", "context"}),
        ("standard", {"timestamp", "level", "message", "trace_id", "span_id"}),
        ("otel", {"timestamp", "level", "message", "otelTraceID", "otelSpanID", "otelServiceName", "symbol"}),
    ],
)
def test_lines_have_the_layout_that_is_asked_for(tmp_path: Path, layout: str, names: set[str]) -> None:
    with telensic.init("tests", directory=tmp_path, log_layout=layout):
        with telensic.span("stage") as span:
            telensic.log(logging.INFO, "Training started", symbol="AAPL", ratio=float("nan"))
    (path,) = (tmp_path / "logs").glob("*.jsonl")
    (line,) = path.read_text().splitlines()
    record = json.loads(line)
    assert names <= record.keys()
    assert span.trace_id in line
    assert "AAPL" in line


def test_loguru_is_recorded_with_what_is_bound_and_raised(recorder: Recorder) -> None:
    loguru.logger.remove()
    sink = loguru.logger.add(telensic.loguru_sink)
    try:
        with telensic.span("stage") as span:
            loguru.logger.bind(symbol="BTCUSDT").warning("from {}", "loguru")
            try:
                _ = {}["missing"]
            except KeyError:
                loguru.logger.exception("lookup failed")
    finally:
        loguru.logger.remove(sink)
    log = recorder.log("from loguru")
    assert (log["spanId"], log["severityText"]) == (span.span_id, "WARN")
    assert log["attributes"]["symbol"] == "BTCUSDT"
    failed = recorder.log("lookup failed")["attributes"]
    assert failed["exception.type"] == "KeyError"
    assert '_ = {}["missing"]' in failed["exception.stacktrace"]


def test_structlog_is_recorded_and_what_follows_sees_the_ids(recorder: Recorder) -> None:
    shown: list[str] = []

    def show(_logger: object, _method: str, event: structlog.typing.EventDict) -> str:
        shown.append(json.dumps(event, default=str))
        raise structlog.DropEvent

    logger = structlog.wrap_logger(None, processors=[telensic.structlog_processor, show])
    with telensic.span("stage") as span:
        logger.error("from structlog", symbol="BTCUSDT")
        try:
            raise KeyError("missing")
        except KeyError:
            logger.exception("lookup failed")
    log = recorder.log("from structlog")
    assert (log["spanId"], log["severityText"], log["attributes"]["symbol"]) == (
        span.span_id,
        "ERROR",
        "BTCUSDT",
    )
    assert recorder.log("lookup failed")["attributes"]["exception.type"] == "KeyError"
    assert json.loads(shown[0])["trace_id"] == span.trace_id


def test_typed_records_have_the_same_fields_everywhere(recorder: Recorder, logger: logging.Logger) -> None:
    telensic.log_operation("op-7", "backtest", "failed", duration_ms=1.5, symbol="BTCUSDT")
    telensic.log_data("bars loaded", "AAPL", timeframe="1d", provider="local")
    telensic.log_training("training started", "mlp-3", epochs=40)
    telensic.log_operation_start(logger, "op-8", "data_download", symbol="AAPL")
    telensic.log_operation_complete(logger, "op-8", duration_ms=5.0, bars=10)
    telensic.log_operation_failed(logger, "op-9", KeyError("missing"))
    failed = recorder.log("operation failed")
    assert failed["severityText"] == "ERROR"
    assert failed["attributes"]["operation.id"] == "op-7"
    assert recorder.log("bars loaded")["attributes"]["timeframe"] == "1d"
    assert recorder.log("training started")["attributes"]["epochs"] == 40
    assert recorder.log("Operation started")["attributes"]["operation_type"] == "data_download"
    assert recorder.log("Operation completed")["attributes"]["status"] == "completed"
    assert recorder.log("Operation failed")["attributes"]["exception.type"] == "KeyError"


def test_a_line_below_the_level_costs_its_arguments_nothing(tmp_path: Path) -> None:
    class Costly:
        def __str__(self) -> str:
            raise AssertionError("nobody asked for this")

    with telensic.init("tests", directory=tmp_path, log_files=False, log_level="ERROR"):
        telensic.log(logging.INFO, "quiet", value=Costly())
        path = telensic.tape_path()
        assert path is not None
        assert telensic.read_tape(path).logs == []
