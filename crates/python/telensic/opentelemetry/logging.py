"""The logger provider of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opentelemetry import context as context_api
from opentelemetry._logs import Logger as ApiLogger
from opentelemetry._logs import LoggerProvider as ApiLoggerProvider
from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.context.context import Context

from telensic import _telensic
from telensic.opentelemetry.contexts import connect, from_context
from telensic.opentelemetry.provider import Provider
from telensic.recording import is_recording

__all__ = ["Logger", "LoggerProvider"]


def _level(severity: SeverityNumber | int | None) -> int:
    """The level of module :mod:`logging`: OpenTelemetry has four of each."""
    number = severity.value if isinstance(severity, SeverityNumber) else severity or 0
    return 20 if number < 1 else (5, 10, 20, 30, 40, 50)[min((number - 1) // 4, 5)]


class Logger(ApiLogger):
    """Records log records and events in the name of one library."""

    def __init__(self, name: str, version: str | None = None) -> None:
        super().__init__(name, version)
        self._scope = _telensic.Scope(name or "", version or "")

    def emit(
        self,
        record: LogRecord | None = None,
        *,
        timestamp: int | None = None,
        observed_timestamp: int | None = None,
        context: Context | None = None,
        severity_number: SeverityNumber | None = None,
        severity_text: str | None = None,
        body: Any = None,
        attributes: Mapping[str, Any] | None = None,
        event_name: str | None = None,
        exception: BaseException | None = None,
    ) -> None:
        """Records it; one with an ``event_name`` as an event."""
        if record is not None:
            timestamp, context, severity_number = record.timestamp, record.context, record.severity_number
            observed_timestamp = record.observed_timestamp
            body, attributes, event_name = record.body, record.attributes, record.event_name
            exception = record.exception
        fields = dict(attributes or {})
        before: Any = None
        is_elsewhere = context is not None and context is not context_api.get_current()
        if context is not None and is_elsewhere:
            before = _telensic.enter_context(from_context(context))
        try:
            if event_name:
                if body is not None:
                    fields["body"] = body
                _telensic.record_event(event_name, fields, timestamp=timestamp or observed_timestamp)
                return
            _telensic.log(
                _level(severity_number),
                "" if body is None else body,
                fields,
                exception=exception,
                scope=self._scope,
                timestamp=timestamp or observed_timestamp,
            )
        finally:
            if is_elsewhere:
                _telensic.restore(before)

    def enabled(
        self,
        *,
        context: Context | None = None,
        severity_number: SeverityNumber | None = None,
        event_name: str | None = None,
    ) -> bool:
        """Whether anything is recorded."""
        return is_recording()


class LoggerProvider(Provider, ApiLoggerProvider):
    """Its loggers record to the tape. Recording is started if nothing has started it."""

    def __init__(self) -> None:
        super().__init__()
        connect()
        self._loggers: dict[tuple[str, str | None], Logger] = {}

    def get_logger(
        self,
        name: str,
        version: str | None = None,
        schema_url: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Logger:
        """The logger of a library; it is asked for with every record of module :mod:`logging`."""
        key = (name, version)
        logger = self._loggers.get(key)
        if logger is None:
            logger = self._loggers.setdefault(key, Logger(name, version))
        return logger
