# ktrdr/monitoring/logging_fields.py
from dataclasses import dataclass

@dataclass
class OperationLogFields:
    """Standard fields for operation logs."""
    operation_id: str
    operation_type: str
    status: str  # started, in_progress, completed, failed

@dataclass
class DataLogFields:
    """Standard fields for data-related logs."""
    symbol: str
    timeframe: str
    start_date: str
    end_date: str
    provider: str  # ib_host_service, local

@dataclass
class TrainingLogFields:
    """Standard fields for training logs."""
    model_id: str
    strategy: str
    symbol: str
    epochs: int
    batch_size: int
