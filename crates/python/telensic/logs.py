"""Log records: those of module :mod:`logging`, and our own."""

from __future__ import annotations

import logging
import threading
from typing import Any

from telensic import _telensic
from telensic.recording import init, is_recording

__all__ = ["TelensicHandler", "log", "setup_logging"]


def log(level: int, message: str, /, **fields: Any) -> None:
    """Records a log line of this level (``logging.INFO``) with its fields, without module :mod:`logging`."""
    _telensic.log(level, message, fields)


class TelensicHandler(logging.Handler):
    """Has records of module :mod:`logging` recorded, with the ids of the span that they were made in.

    What a caller adds by ``extra`` becomes fields; an exception its type, message and stack.
    """

    def createLock(self) -> None:
        """None: recording needs no lock, and one that waits would only slow threads down."""
        self.lock = None

    def handle(self, record: logging.LogRecord) -> Any:
        """Records the record, unless a filter keeps it out."""
        passed = self.filter(record) if self.filters else True
        if passed:
            _telensic.emit_record(record if passed is True else passed)
        return passed

    def emit(self, record: logging.LogRecord) -> None:
        """Records the record."""
        _telensic.emit_record(record)


_setting_up = threading.Lock()
_handler: TelensicHandler | None = None


def setup_logging(
    level: int | str | None = logging.INFO,
    *,
    service_name: str | None = None,
    layout: str | None = None,
    console: bool | None = None,
) -> TelensicHandler:
    """Has everything recorded that the program and its libraries say through module :mod:`logging`. Called once.

    The root logger gets a handler, and every log record ``trace_id``, ``span_id`` and ``run_id``, so that handlers of
    others can show them too (``"%(trace_id)s"``). Recording is started if nothing has started it.

    :param level: the root logger's level; ``None`` leaves it as it is
    :param service_name: the service's name, if recording is started by this
    :param layout: the field names of NDJSON lines, ``telensic``, ``standard`` or ``otel``, if recording is started by
        this; with ``otel``, records also get ``otelTraceID``, ``otelSpanID`` and ``otelServiceName``
    :param console: whether records are also written to stderr, if recording is started by this
    """
    global _handler
    with _setting_up:
        if not is_recording():
            init(service_name, log_layout=layout, console=console, log_level=level)
        root = logging.getLogger()
        if level is not None:
            root.setLevel(level)
        if _handler is None:
            _handler = TelensicHandler()
            logging.setLogRecordFactory(_stamping(logging.getLogRecordFactory(), layout == "otel"))
        # The handler of OpenTelemetry's instrumentation hands the same records on.
        is_heard = any(type(each).__module__.startswith("opentelemetry.") for each in root.handlers)
        if _handler not in root.handlers and not is_heard:
            root.addHandler(_handler)
        return _handler


def _stamping(make: Any, otel: bool) -> Any:
    """A factory whose records know what was current when they were made: a handler may see them in another thread."""
    stamp = _telensic.stamp

    def stamped(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record: logging.LogRecord = make(*args, **kwargs)
        stamp(record, otel)
        return record

    return stamped
