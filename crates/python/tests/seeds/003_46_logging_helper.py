# ktrdr/monitoring/logging_helpers.py
from typing import Any

def log_operation_start(logger, operation_id: str, operation_type: str, **context):
    """Standard log for operation start."""
    logger.info(
        "Operation started",
        extra={
            "operation_id": operation_id,
            "operation_type": operation_type,
            "status": "started",
            **context
        }
    )

def log_operation_complete(logger, operation_id: str, duration_ms: float, **context):
    """Standard log for operation completion."""
    logger.info(
        "Operation completed",
        extra={
            "operation_id": operation_id,
            "status": "completed",
            "duration_ms": duration_ms,
            **context
        }
    )
