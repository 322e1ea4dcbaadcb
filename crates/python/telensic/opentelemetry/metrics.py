"""The meter provider of the API.

Instruments count in the recorder's own metrics, which have Prometheus' names (``http.server.request.duration`` in seconds is
``http_server_request_duration_seconds``) and fixed labels: those of the first measurement, and those that the conventions have
for it. Attributes that come later are kept together in one label, ``more``.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from typing import Any

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Observation
from opentelemetry.metrics._internal.instrument import _MetricsHistogramAdvisory

from telensic import _telensic
from telensic.opentelemetry.provider import Provider

__all__ = ["Meter", "MeterProvider"]

Attributes = Mapping[str, Any] | None
Metric = _telensic.Counter | _telensic.Gauge | _telensic.UpDownCounter | _telensic.Histogram
Callback = (
    Callable[[CallbackOptions], Iterable[Observation]]
    | Generator[Iterable[Observation], CallbackOptions, None]
)

#: What Prometheus calls units.
UNITS = {
    "s": "seconds",
    "ms": "milliseconds",
    "us": "microseconds",
    "ns": "nanoseconds",
    "By": "bytes",
    "%": "percent",
}

#: Attributes that measurements of HTTP may have, of which the first one seldom has all.
HTTP = (
    "error.type",
    "http.request.method",
    "http.response.status_code",
    "http.route",
    "network.protocol.version",
    "server.address",
    "server.port",
    "url.scheme",
)

_NO_NAME = re.compile(r"[^A-Za-z0-9_]")


def _label(key: str) -> str:
    label = _NO_NAME.sub("_", key).lstrip("_")
    return f"key_{label}" if not label or label[0].isdigit() else label


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, default=str)


class _Series:
    """The series of one instrument, by attributes."""

    def __init__(self, make: Callable[[list[str]], Metric], conventional: tuple[str, ...]) -> None:
        self._make = make
        self._conventional = conventional
        self._lock = threading.Lock()
        self._keys: tuple[str, ...] = ()
        self._metric: Metric | None = None
        self._bound: dict[Any, Any] = {}

    def find(self, attributes: Attributes) -> Any:
        """The series of these attributes."""
        try:
            identity = tuple(sorted(attributes.items())) if attributes else ()
            bound = self._bound.get(identity)
        except TypeError:
            # A list among them, or keys that are no texts.
            return self._bind(attributes or {})
        if bound is None:
            bound = self._bind(attributes or {})
            # As many as a metric has series.
            if len(self._bound) < 2_000:
                self._bound[identity] = bound
        return bound

    def _bind(self, attributes: Mapping[str, Any]) -> Any:
        texts = {_label(str(key)): _text(value) for key, value in attributes.items() if value is not None}
        with self._lock:
            if self._metric is None:
                known = {_label(key) for key in self._conventional}
                self._keys = tuple(sorted(known | texts.keys() - {"more"}))
                self._metric = self._make([*self._keys, "more"])
        rest = {key: texts[key] for key in sorted(texts.keys() - set(self._keys))}
        more = json.dumps(rest) if rest else ""
        return self._metric.labels(*(texts.get(key, "") for key in self._keys), more)


class _Instrument:
    """What all instruments have. Names that Prometheus has no place for are changed until it has."""

    def __init__(
        self, kind: Callable[..., Metric], name: str, unit: str, description: str, **more: Any
    ) -> None:
        shown = _label(name)
        suffix = UNITS.get(unit)
        if suffix and not shown.endswith(suffix):
            shown = f"{shown}_{suffix}"
        conventional = HTTP if name.startswith("http.") else ()
        self._series = _Series(lambda labels: kind(shown, description, labels, **more), conventional)


class Counter(_Instrument, metrics.Counter):
    """A number that only grows."""

    def add(self, amount: float, attributes: Attributes = None, context: Any = None) -> None:
        """Counts an amount."""
        self._series.find(attributes).inc(amount)


class UpDownCounter(_Instrument, metrics.UpDownCounter):
    """A number that goes both ways; shown as a gauge, for the steps may be fractions."""

    def add(self, amount: float, attributes: Attributes = None, context: Any = None) -> None:
        """Changes it."""
        self._series.find(attributes).inc(amount)


class Histogram(_Instrument, metrics.Histogram):
    """A distribution."""

    def record(self, amount: float, attributes: Attributes = None, context: Any = None) -> None:
        """Records a value."""
        self._series.find(attributes).observe(amount)


class Gauge(_Instrument, metrics._Gauge):
    """A measured value."""

    def set(self, amount: float, attributes: Attributes = None, context: Any = None) -> None:
        """Sets it."""
        self._series.find(attributes).set(amount)


class _Observable(_Instrument):
    """Asks its callbacks whenever metrics are read."""

    def __init__(self, callbacks: Sequence[Any] | None, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._ask = [self._asked(callback) for callback in callbacks or ()]
        _telensic.observe_with(self._observe)

    @staticmethod
    def _asked(callback: Any) -> Callable[[CallbackOptions], Iterable[Observation]]:
        if not isinstance(callback, Generator):
            ask: Callable[[CallbackOptions], Iterable[Observation]] = callback
            return ask
        next(callback)
        return callback.send

    def _observe(self) -> None:
        for ask in self._ask:
            for observation in ask(CallbackOptions()):
                self._take(self._series.find(observation.attributes), observation.value)

    def _take(self, series: Any, value: float) -> None:
        series.set(value)


class ObservableCounter(_Observable, metrics.ObservableCounter):
    """A count that is kept elsewhere."""

    def _take(self, series: Any, value: float) -> None:
        # Told as a sum, counted by steps; one that was set back begins anew.
        series.inc(max(value - series.value, 0) if value >= series.value else 0)


class ObservableUpDownCounter(_Observable, metrics.ObservableUpDownCounter):
    """A number that goes both ways and is kept elsewhere."""


class ObservableGauge(_Observable, metrics.ObservableGauge):
    """Something measured when somebody looks."""


class Meter(metrics.Meter):
    """Makes the instruments of one library."""

    def create_counter(self, name: str, unit: str = "", description: str = "") -> Counter:
        """A number that only grows."""
        return Counter(_telensic.Counter, name, unit, description)

    def create_up_down_counter(self, name: str, unit: str = "", description: str = "") -> UpDownCounter:
        """A number that goes both ways."""
        return UpDownCounter(_telensic.Gauge, name, unit, description)

    def create_histogram(
        self,
        name: str,
        unit: str = "",
        description: str = "",
        *,
        explicit_bucket_boundaries_advisory: Sequence[float] | None = None,
    ) -> Histogram:
        """A distribution, in the buckets that are advised."""
        advised = explicit_bucket_boundaries_advisory
        advice = _MetricsHistogramAdvisory(explicit_bucket_boundaries=advised)
        there = self._register_instrument(name, Histogram, unit, description, advice)
        if there.conflict:
            self._log_instrument_registration_conflict(name, "Histogram", unit, description, there)
            first = there.current_advisory
            advised = None if first is None else first.explicit_bucket_boundaries
        return Histogram(
            _telensic.Histogram, name, unit, description, buckets=None if advised is None else list(advised)
        )

    def create_gauge(self, name: str, unit: str = "", description: str = "") -> Gauge:
        """A measured value."""
        return Gauge(_telensic.Gauge, name, unit, description)

    def create_observable_counter(
        self, name: str, callbacks: Any = None, unit: str = "", description: str = ""
    ) -> ObservableCounter:
        """A count that is kept elsewhere."""
        return ObservableCounter(callbacks, _telensic.Counter, name, unit, description)

    def create_observable_up_down_counter(
        self, name: str, callbacks: Any = None, unit: str = "", description: str = ""
    ) -> ObservableUpDownCounter:
        """A number that goes both ways and is kept elsewhere."""
        return ObservableUpDownCounter(callbacks, _telensic.Gauge, name, unit, description)

    def create_observable_gauge(
        self, name: str, callbacks: Any = None, unit: str = "", description: str = ""
    ) -> ObservableGauge:
        """Something measured when somebody looks."""
        return ObservableGauge(callbacks, _telensic.Gauge, name, unit, description)


class MeterProvider(Provider, metrics.MeterProvider):
    """Its instruments count in the recorder's metrics. Recording is started if nothing has started it."""

    def get_meter(
        self,
        name: str,
        version: str | None = None,
        schema_url: str | None = None,
        attributes: Mapping[str, Any] | None = None,
    ) -> Meter:
        """The meter of a library."""
        return Meter(name, version, schema_url)
