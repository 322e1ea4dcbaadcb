"""Long-running operations of a service, known everywhere by their id."""

from __future__ import annotations

import functools
import time
from types import TracebackType
from typing import Any

from telensic import _telensic
from telensic._telensic import Span

__all__ = ["Operation", "operation"]


@functools.cache
def _operations() -> _telensic.Counter:
    counter: _telensic.Counter = _telensic.standard_metric("operations_total")
    return counter


class Operation:
    """An operation and the spans that tell how it goes: ``operation.start``, ``.progress``, ``.complete``, ``.fail``.

    As a context manager it is in its start span from beginning to end, and completes or fails by itself.
    """

    def __init__(
        self,
        operation_id: str,
        operation_type: str,
        *,
        symbol: str | None = None,
        strategy: str | None = None,
    ) -> None:
        self._attributes = {
            "operation.id": operation_id,
            "operation.type": operation_type,
            "symbol": symbol,
            "strategy": strategy,
        }
        self._type = operation_type
        self._begun: float | None = None
        self._started: Span | None = None

    def start(self) -> Span:
        """``operation.start``: it begins."""
        self._begun = time.perf_counter()
        _operations().labels(self._type, "started").inc()
        return self._span("operation.start", "started")

    def progress(self, percentage: float, phase: str | None = None) -> None:
        """``operation.progress``: so many percent are done, and this part of it is being done."""
        progress = {"progress.percentage": float(percentage), "progress.phase": phase}
        self._span("operation.progress", "in_progress", progress).end()

    def complete(self) -> None:
        """``operation.complete``: it has ended well."""
        self._span("operation.complete", "completed").end()
        self._count("completed")

    def fail(self, error: BaseException | str) -> None:
        """``operation.fail``: it has ended with an error."""
        span = self._span("operation.fail", "failed")
        if isinstance(error, BaseException):
            span.record_exception(error)
        else:
            span.set_status("error", error)
        span.end()
        self._count("failed")

    def _count(self, status: str) -> None:
        """Where it was not started nobody knows how long it took."""
        if self._begun is None:
            _operations().labels(self._type, status).inc()
        else:
            _telensic.operation_ended(self._type, status, time.perf_counter() - self._begun)

    def _span(self, name: str, status: str, more: dict[str, Any] | None = None) -> Span:
        attributes = {**self._attributes, "operation.status": status, **(more or {})}
        return _telensic.start_span(name, attributes=attributes)

    def __enter__(self) -> Operation:
        self._started = self.start()
        self._started.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            self.complete()
        else:
            self.fail(error)
        if self._started is not None:
            self._started.__exit__(kind, error, traceback)


def operation(
    operation_id: str, operation_type: str, *, symbol: str | None = None, strategy: str | None = None
) -> Operation:
    """A long-running operation of this id, which is the same in every process, and this type.

    with telensic.operation("op-7", "backtest", symbol="BTCUSDT") as backtest:
        backtest.progress(40, "features")
    """
    return Operation(operation_id, operation_type, symbol=symbol, strategy=strategy)
