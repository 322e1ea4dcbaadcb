"""Sinks for the other loggers of Python; neither is imported here."""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

from telensic import _telensic

__all__ = ["loguru_sink", "structlog_processor"]


def loguru_sink(message: Any) -> None:
    """A sink of loguru: ``logger.add(telensic.loguru_sink)``. What is bound or in ``extra`` becomes fields."""
    record = message.record
    fields = dict(record["extra"])
    fields.setdefault("logger", record["name"])
    error = record["exception"]
    _telensic.log(
        record["level"].no,
        record["message"],
        fields,
        exception=None if error is None else error.value,
        timestamp=int(record["time"].timestamp() * 1_000_000) * 1_000,
    )


_LEVELS = {
    "trace": 5,
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "notice": logging.INFO,
    "warn": logging.WARNING,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "exception": logging.ERROR,
    "critical": logging.CRITICAL,
    "fatal": logging.CRITICAL,
}


def structlog_processor(
    logger: Any, method_name: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A processor of structlog: records the event, and adds the ids to what the next processor gets.

    ``structlog.configure(processors=[telensic.structlog_processor, structlog.processors.JSONRenderer()])``
    """
    fields = {
        key: value
        for key, value in event_dict.items()
        if key not in ("event", "exc_info", "level", "timestamp")
    }
    _telensic.log(
        _LEVELS.get(method_name, logging.INFO),
        event_dict.get("event", ""),
        fields,
        exception=_raised(event_dict.get("exc_info")),
    )
    trace_id, span_id, run_id = _telensic.current_ids()
    event_dict["trace_id"] = trace_id
    event_dict["span_id"] = span_id
    event_dict["run_id"] = run_id
    return event_dict


def _raised(exc_info: Any) -> BaseException | None:
    """What structlog may be given as ``exc_info``: an exception, a triple, or true."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    if exc_info:
        import sys

        return sys.exc_info()[1]
    return None
