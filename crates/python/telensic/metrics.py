"""Metrics: counted in memory where things happen, seen by Prometheus, on a Pushgateway, over OTLP and in the run."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telensic import _telensic
from telensic._telensic import (
    Adapter,
    Counter,
    Gauge,
    Histogram,
    MetricError,
    Pusher,
    UpDownCounter,
    render_metrics,
)

__all__ = [
    "Counter",
    "Gauge",
    "Histogram",
    "MetricConfig",
    "MetricError",
    "PrometheusMetrics",
    "UpDownCounter",
    "get_metrics",
    "push_metrics",
    "render_metrics",
]


@dataclass(frozen=True)
class MetricConfig:
    """What goes before the names of metrics, and where they are pushed to."""

    namespace: str = ""
    subsystem: str = ""
    #: ``host:9091`` or a URL; nothing is pushed without one.
    push_gateway: str | None = None
    #: Seconds between two pushes.
    push_interval: float = 60.0
    #: The group's job at the gateway; the service's name if none is given.
    job: str | None = None


class PrometheusMetrics:
    """The metrics of adapters, and ways to make others. All objects of this class count in the same ones."""

    def __init__(self, config: MetricConfig | None = None) -> None:
        self.config = config or MetricConfig()
        if self.config.namespace or self.config.subsystem:
            _telensic.set_metrics_prefix(self.config.namespace, self.config.subsystem)
        self._pusher: Pusher | None = None
        if self.config.push_gateway:
            self._pusher = push_metrics(
                self.config.push_gateway, interval=self.config.push_interval, job=self.config.job
            )
        standard = _telensic.standard_metric
        self.request_total: Counter = standard("adapter_requests_total")
        self.request_duration: Histogram = standard("adapter_request_duration_seconds")
        self.active_requests: UpDownCounter = standard("adapter_active_requests")
        self.errors_total: Counter = standard("adapter_errors_total")
        self.success_rate: Gauge = standard("adapter_success_rate")
        self.cache_hits: Counter = standard("adapter_cache_hits_total")
        self.cache_misses: Counter = standard("adapter_cache_misses_total")
        self.data_volume: Counter = standard("adapter_data_volume_total")
        self.rate_limited: Counter = standard("adapter_rate_limited_total")
        self.connection_errors: Counter = standard("adapter_connection_errors_total")
        self.timeouts: Counter = standard("adapter_timeouts_total")

    def record_request_start(self, provider: str, operation: str) -> None:
        """A call begins: it is active until :meth:`record_request_end`."""
        Adapter(provider).request_start(operation)

    def record_request_success(self, provider: str, operation: str, duration: float | None = None) -> None:
        """A call has succeeded, and took so many seconds."""
        Adapter(provider).request_success(operation, duration)

    def record_request_error(
        self, provider: str, operation: str, error_type: str, duration: float | None = None
    ) -> None:
        """A call has failed.

        ``rate_limited``, ``timeout`` and ``connection`` count in their own metrics, too.
        """
        Adapter(provider).request_error(operation, error_type, duration)

    def record_request_end(self, provider: str) -> None:
        """A call is over that :meth:`record_request_start` was told of."""
        self.active_requests.labels(provider).dec()

    def record_request_batch(self, requests: Iterable[Mapping[str, Any]]) -> None:
        """Calls that were timed elsewhere, all at once.

        Each has ``provider``, ``operation``, ``duration`` in seconds, and ``error_type`` if it failed.
        """
        by_operation: dict[tuple[str, str], list[tuple[float, str | None]]] = {}
        for request in requests:
            calls = by_operation.setdefault((request["provider"], request["operation"]), [])
            calls.append((float(request["duration"]), request.get("error_type")))
        for (provider, operation), calls in by_operation.items():
            Adapter(provider).record_all(operation, calls)

    def record_cache_hit(self, provider: str, cache_type: str) -> None:
        """A cache had the answer."""
        Adapter(provider).cache_hit(cache_type)

    def record_cache_miss(self, provider: str, cache_type: str) -> None:
        """A cache did not have the answer."""
        Adapter(provider).cache_miss(cache_type)

    def record_data_volume(self, provider: str, data_type: str, volume: int) -> None:
        """So many data points were received."""
        Adapter(provider).data_volume(data_type, volume)

    def record_rate_limited(self, provider: str) -> None:
        """The provider refused an attempt as one too many. A call that failed so counts by itself."""
        Adapter(provider).rate_limited()

    def record_connection_error(self, provider: str) -> None:
        """There was no connection for an attempt. A call that failed so counts by itself."""
        Adapter(provider).connection_error()

    def record_timeout(self, provider: str, operation: str) -> None:
        """An attempt took too long. A call that failed so counts by itself."""
        Adapter(provider).timeout(operation)

    def record_operation(self, operation_type: str, status: str, duration: float) -> None:
        """A long-running operation has ended that was timed elsewhere."""
        _telensic.operation_ended(operation_type, status, duration)

    def get_success_rate(self, provider: str) -> float | None:
        """The share of the latest calls that succeeded, 0 to 1; ``None`` before the first one."""
        return Adapter(provider).success_rate()

    def create_custom_counter(self, name: str, description: str = "", labels: Sequence[str] = ()) -> Counter:
        """A number that only grows; the same one, if it is there already."""
        return Counter(name, description, list(labels))

    def create_custom_gauge(self, name: str, description: str = "", labels: Sequence[str] = ()) -> Gauge:
        """A measured value."""
        return Gauge(name, description, list(labels))

    def create_custom_up_down_counter(
        self, name: str, description: str = "", labels: Sequence[str] = ()
    ) -> UpDownCounter:
        """A count that goes both ways, exact under any number of threads."""
        return UpDownCounter(name, description, list(labels))

    def create_custom_histogram(
        self,
        name: str,
        description: str = "",
        labels: Sequence[str] = (),
        buckets: Sequence[float] | None = None,
    ) -> Histogram:
        """A distribution; ``buckets`` are the upper bounds of its buckets, rising."""
        return Histogram(name, description, list(labels), buckets=None if buckets is None else list(buckets))

    def render(self, openmetrics: bool = False) -> str:
        """All metrics as Prometheus reads them, or as OpenMetrics, with exemplars."""
        return render_metrics(openmetrics)

    def push_now(self, timeout: float = 10.0) -> bool:
        """Pushes to the gateway of the configuration; false if there is none, or it did not arrive in time."""
        return self._pusher is not None and self._pusher.push_now(timeout)


_making = threading.Lock()
_metrics: PrometheusMetrics | None = None


def get_metrics() -> PrometheusMetrics:
    """The program's metrics."""
    global _metrics
    with _making:
        if _metrics is None:
            _metrics = PrometheusMetrics()
        return _metrics


def push_metrics(
    url: str,
    *,
    job: str | None = None,
    grouping: Mapping[str, str] | None = None,
    interval: float = 60.0,
    bearer: str | None = None,
    basic_auth: tuple[str, str] | None = None,
    replace: bool = True,
) -> Pusher:
    """Pushes all metrics to a Pushgateway, now and then and by ``push_now()``, until ``stop()``, which pushes once more.

    :param url: the gateway, ``http://gateway:9091`` or ``gateway:9091``
    :param job: the group's job; the service's name if none is given
    :param grouping: further labels of the group, such as ``instance``
    :param interval: seconds between two pushes
    :param bearer: a token for what stands before the gateway
    :param basic_auth: user and password
    :param replace: whether all of the group is replaced, or only metrics of the same names
    """
    return _telensic.push_metrics(
        url,
        job=job,
        grouping=list((grouping or {}).items()),
        interval=interval,
        bearer=bearer,
        basic_auth=basic_auth,
        replace=replace,
    )
