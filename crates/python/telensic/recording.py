"""The beginning and the end of recording."""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from telensic import _telensic
from telensic._telensic import flush, is_recording, service_name, tape_path

__all__ = ["Recording", "flush", "init", "is_recording", "service_name", "shutdown", "tape_path"]


class Recording:
    """Recording, as :func:`init` has started it; also a context manager that ends it."""

    def __init__(self, is_ours: bool) -> None:
        self._is_ours = is_ours

    def flush(self, timeout: float = 5.0) -> bool:
        """Hands everything recorded so far on to files and backends; false if that took longer."""
        return flush(timeout)

    def shutdown(self) -> bool:
        """Ends recording, if this has started it; false if not everything could be handed on in time."""
        if not self._is_ours:
            return True
        self._is_ours = False
        return shutdown()

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.shutdown()


def init(
    service_name: str | None = None,
    *,
    version: str | None = None,
    environment: str | None = None,
    directory: str | os.PathLike[str] | None = None,
    log_directory: str | os.PathLike[str] | None = None,
    log_files: bool | None = None,
    log_level: int | str | None = None,
    log_layout: str | None = None,
    console: bool | None = None,
    otlp_endpoint: str | None = None,
    jaeger_endpoint: str | None = None,
    sample_rate: float | None = None,
    resource: Mapping[str, str] | None = None,
    shutdown_timeout: float | None = None,
) -> Recording:
    """Starts recording, until the program ends or :func:`shutdown` is called.

    What is not given is the environment's to say (``OTEL_*``, ``TELENSIC_*``), else the default. Called again while
    recording, it warns and changes nothing.

    :param service_name: the service's name; ``OTEL_SERVICE_NAME`` wins over it
    :param version: its version
    :param environment: where it is deployed
    :param directory: the root of what is written: tapes in ``tapes/``, logs in ``logs/`` (``TELENSIC_DIR``, ``data``)
    :param log_directory: the directory of the NDJSON files, if another one
    :param log_files: whether log records are also written as NDJSON files (true)
    :param log_level: the lowest level of log records that is kept, by number or name (``INFO``)
    :param log_layout: the field names of NDJSON lines: ``telensic``, ``standard`` or ``otel``
    :param console: whether log records are also written to stderr
    :param otlp_endpoint: where everything is sent on to, by OTLP
    :param jaeger_endpoint: an endpoint of Jaeger's former protocols; it is mapped to OTLP, and warned about
    :param sample_rate: the share of new traces that is exported; the decision is one per trace
    :param resource: further attributes of the resource
    :param shutdown_timeout: how many seconds the end may take
    """
    started = _telensic.init(
        service_name,
        version=version,
        environment=environment,
        directory=directory,
        log_directory=log_directory,
        log_files=log_files,
        log_level=log_level,
        log_layout=log_layout,
        console=console,
        otlp_endpoint=otlp_endpoint,
        jaeger_endpoint=jaeger_endpoint,
        sample_rate=sample_rate,
        resource=None if resource is None else dict(resource),
        shutdown_timeout=shutdown_timeout,
    )
    if started:
        watch_the_end()
    return Recording(started)


def shutdown() -> bool:
    """Ends recording, and hands everything on; false if that took too long."""
    return _telensic.shutdown()


_is_watching = False


def watch_the_end() -> None:
    """Has recording end in order when this process ends, and when its children do."""
    global _is_watching
    if _is_watching:
        return
    _is_watching = True
    atexit.register(shutdown)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=_watch_children)


_watched: dict[str, Any] = {}


def _watch_children() -> None:
    # Children of multiprocessing end without atexit, and forget what was to be done at the end before they begin.
    util = sys.modules.get("multiprocessing.util")
    if util is None or _watched:
        return
    _watched["key"] = key = _Key()
    util.register_after_fork(key, _watch_this_child)


class _Key:
    """What multiprocessing keeps a weak reference to."""


def _watch_this_child(_: object) -> None:
    util = sys.modules["multiprocessing.util"]
    util.Finalize(None, shutdown, exitpriority=0)
