"""The event collector: what happened lately, handed on in batches, aggregated over a sliding window, kept in a file."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telensic import _telensic
from telensic.exporters import Started

__all__ = ["Aggregate", "CollectorConfig", "TelemetryCollector", "get_collector"]

Handler = Callable[[list[dict[str, Any]]], None]


@dataclass(frozen=True)
class CollectorConfig:
    """Settings of a collector."""

    #: How many events may wait; beyond that the oldest gives way.
    max_events: int = 10_000
    batch_size: int = 100
    #: Seconds that an event waits at most for others to make a batch with.
    flush_interval: float = 5.0
    #: Seconds that aggregates look back on.
    window: float = 60.0
    #: Whether every event is also kept in ``persistence_file``, a JSON object a line.
    enable_persistence: bool = False
    persistence_file: str | os.PathLike[str] | None = None
    #: Which events are queued, ``performance``, ``error``, ``metric``, ``custom``; all if none is named.
    event_types: Sequence[str] = ()
    providers: Sequence[str] = ()


@dataclass(frozen=True)
class Aggregate:
    """What the events of one operation of a provider come to in the window."""

    #: ``performance`` stands for all calls, failed ones included.
    event_type: str
    provider: str
    operation: str
    count: int
    errors: int
    error_share: float
    #: Events a second.
    rate: float
    #: Seconds or values; none if nothing was measured.
    min: float | None
    max: float | None
    mean: float | None
    p50: float | None
    p95: float | None
    p99: float | None


class TelemetryCollector:
    """Takes events without ever waiting, and is at work from the beginning. ``start`` is there for those used to it."""

    def __init__(self, config: CollectorConfig | None = None) -> None:
        self._collector = _made(config or CollectorConfig())

    def start(self) -> Started:
        """Is there for those who are used to it, awaited or not: the collector works already."""
        return Started(self)

    def stop(self, timeout: float = 5.0) -> Started:
        """Hands on what there is, and ends; the result is false if that took longer."""
        return Started(self._collector.stop(timeout))

    def flush(self, timeout: float = 5.0) -> bool:
        """Waits until all events added before are handed on and written; false if that takes longer."""
        return self._collector.flush(timeout)

    def process_events(self) -> Started:
        """The same, awaited or not."""
        return Started(self.flush())

    def add_performance_event(
        self, operation: str, duration: float, provider: str | None = None, **data: Any
    ) -> None:
        """A call took so many seconds."""
        self._collector.performance(operation, duration, provider, data)

    def add_error_event(
        self,
        error: BaseException,
        provider: str | None = None,
        operation: str = "",
        *,
        duration: float | None = None,
        **data: Any,
    ) -> None:
        """A call failed; it counts as a call of its own."""
        self._collector.error(error, provider, operation, data, duration)

    def add_metric_event(self, name: str, value: float, labels: Mapping[str, Any] | None = None) -> None:
        """Something was measured."""
        self._collector.metric(name, value, None if labels is None else dict(labels))

    def add_event(self, name: str, provider: str | None = None, **data: Any) -> None:
        """Anything else happened."""
        self._collector.custom(name, provider, data)

    def subscribe(
        self, handler: Handler, *, event_types: Sequence[str] = (), providers: Sequence[str] = ()
    ) -> None:
        """Has the handler called with every batch of events that is wanted, on the collector's thread.

        One that takes long delays the others, never those who add events.
        """
        self._collector.subscribe(handler, list(event_types), list(providers))

    def get_aggregated_data(self) -> list[Aggregate]:
        """What happened in the window, by provider and operation, up to the latest event."""
        return [Aggregate(**aggregate) for aggregate in self._collector.aggregates()]

    def aggregate(self, provider: str, operation: str) -> Aggregate | None:
        """What the calls of one operation of a provider came to in the window."""
        wanted = ("performance", provider, operation)
        for aggregate in self.get_aggregated_data():
            if (aggregate.event_type, aggregate.provider, aggregate.operation) == wanted:
                return aggregate
        return None

    @property
    def dropped(self) -> int:
        """How many events gave way to newer ones."""
        return self._collector.dropped


def _made(config: CollectorConfig) -> _telensic.Collector:
    return _telensic.Collector(
        max_events=config.max_events,
        batch_size=config.batch_size,
        flush_interval=config.flush_interval,
        window=config.window,
        types=list(config.event_types),
        providers=list(config.providers),
        file=config.persistence_file if config.enable_persistence else None,
    )


class _OfProcess(TelemetryCollector):
    def __init__(self) -> None:
        self._collector = _telensic.Collector.of_process()


_making = threading.Lock()
_collector: TelemetryCollector | None = None


def get_collector() -> TelemetryCollector:
    """The process' own collector. The end of recording flushes it."""
    global _collector
    with _making:
        if _collector is None:
            _collector = _OfProcess()
        return _collector
