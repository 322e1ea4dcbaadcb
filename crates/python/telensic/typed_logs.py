"""Log records of the three kinds that a pipeline writes over and over, with the same fields everywhere.

The functions that take a ``logger`` write through module :mod:`logging`, so that handlers of others see them as well.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import Any

from telensic import _telensic

__all__ = [
    "DataLogFields",
    "OperationLogFields",
    "TrainingLogFields",
    "log_data",
    "log_operation",
    "log_operation_complete",
    "log_operation_failed",
    "log_operation_progress",
    "log_operation_start",
    "log_training",
]


@dataclass
class OperationLogFields:
    """Fields of a record of an operation; ``status`` is started, in_progress, completed or failed."""

    operation_id: str
    operation_type: str
    status: str


@dataclass
class DataLogFields:
    """Fields of a record of market data."""

    symbol: str
    timeframe: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    provider: str | None = None


@dataclass
class TrainingLogFields:
    """Fields of a record of a training."""

    model_id: str
    strategy: str | None = None
    symbol: str | None = None
    epochs: int | None = None
    batch_size: int | None = None


def log_operation(
    operation_id: str,
    operation_type: str,
    status: str,
    *,
    duration_ms: float | None = None,
    **more: Any,
) -> None:
    """Says how far a long-running operation has come: started, in_progress, completed; as an error if it failed."""
    level = logging.ERROR if status == "failed" else logging.INFO
    fields = {
        "operation.id": operation_id,
        "operation.type": operation_type,
        "operation.status": status,
        "duration_ms": duration_ms,
        **more,
    }
    _telensic.log(level, f"operation {status.replace('_', ' ')}", fields)


def log_data(message: str, symbol: str, **more: Any) -> None:
    """Says something of market data: ``timeframe``, ``start_date``, ``end_date``, ``provider``."""
    _telensic.log(logging.INFO, message, {"symbol": symbol, **more})


def log_training(message: str, model_id: str, **more: Any) -> None:
    """Says something of a training: ``strategy``, ``symbol``, ``epochs``, ``batch_size``."""
    _telensic.log(logging.INFO, message, {"model_id": model_id, **more})


def log_operation_start(
    logger: logging.Logger, operation_id: str, operation_type: str, **context: Any
) -> None:
    """Says through a logger that an operation has begun."""
    fields = OperationLogFields(operation_id, operation_type, "started")
    logger.info("Operation started", extra={**asdict(fields), **context})


def log_operation_progress(
    logger: logging.Logger, operation_id: str, percentage: float, **context: Any
) -> None:
    """Says through a logger how far an operation has come."""
    fields = {"operation_id": operation_id, "status": "in_progress", "progress.percentage": percentage}
    logger.info("Operation in progress", extra={**fields, **context})


def log_operation_complete(
    logger: logging.Logger, operation_id: str, duration_ms: float, **context: Any
) -> None:
    """Says through a logger that an operation is done."""
    fields = {"operation_id": operation_id, "status": "completed", "duration_ms": duration_ms}
    logger.info("Operation completed", extra={**fields, **context})


def log_operation_failed(
    logger: logging.Logger, operation_id: str, error: BaseException | str, **context: Any
) -> None:
    """Says through a logger that an operation has failed, and by what."""
    fields = {"operation_id": operation_id, "status": "failed", "error": str(error)}
    raised = error if isinstance(error, BaseException) else None
    logger.error("Operation failed", exc_info=raised, extra={**fields, **context})
