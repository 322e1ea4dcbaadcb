"""``GET /metrics`` on a port of one's own."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import Any

from telensic import _telensic

__all__ = ["PrometheusExporter", "Started", "get_exporter", "start_exporter"]


class Started:
    """What was done already: it may be awaited, and need not."""

    def __init__(self, result: Any = None) -> None:
        self.result = result

    def __await__(self) -> Generator[Any, None, Any]:
        # Nothing to wait for, in the form of what waits.
        yield from ()
        return self.result

    def __bool__(self) -> bool:
        return bool(self.result)


class PrometheusExporter:
    """Serves the program's metrics to scrapers, from a thread of the recorder.

    :param port: where it listens; 0 takes a free one
    :param host: the address; beyond loopback only with ``beyond_loopback``, for metrics say more than strangers should know
    """

    def __init__(self, port: int = 9464, host: str = "127.0.0.1", *, beyond_loopback: bool = False) -> None:
        self._asked = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        self._beyond_loopback = beyond_loopback
        self._lock = threading.Lock()
        self._served: _telensic.Exporter | None = None

    @property
    def address(self) -> str | None:
        """Where it listens, host and port; ``None`` unless it does."""
        return None if self._served is None else self._served.address

    @property
    def url(self) -> str | None:
        """Where metrics are."""
        return None if self.address is None else f"http://{self.address}/metrics"

    def start(self) -> Started:
        """Begins to serve, unless it does. :class:`~telensic.MetricError` says why it cannot."""
        with self._lock:
            if self._served is None:
                self._served = _telensic.serve_metrics(self._asked, self._beyond_loopback)
            return Started(self)

    def stop(self) -> Started:
        """Ends it."""
        with self._lock:
            if self._served is not None:
                self._served.stop()
                self._served = None
            return Started(self)


_making = threading.Lock()
_exporter: PrometheusExporter | None = None


def get_exporter(
    port: int | None = None, host: str = "127.0.0.1", *, beyond_loopback: bool = False
) -> PrometheusExporter:
    """The program's exporter, which :func:`start_exporter` starts; the first call says where it listens (port 9464)."""
    global _exporter
    with _making:
        if _exporter is None:
            _exporter = PrometheusExporter(
                9464 if port is None else port, host, beyond_loopback=beyond_loopback
            )
        return _exporter


def start_exporter() -> Started:
    """Starts the program's exporter, awaited or not."""
    return get_exporter().start()
