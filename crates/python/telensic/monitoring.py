"""A service's monitoring in two calls."""

from __future__ import annotations

import importlib
import importlib.util
import logging
from typing import Any, TypeVar

from telensic.logs import setup_logging
from telensic.recording import Recording, init
from telensic.web import ASGIMiddleware, WSGIMiddleware

__all__ = ["instrument_app", "setup_monitoring"]

App = TypeVar("App")

#: Clients that OpenTelemetry's instrumentation records, where it is installed.
_CLIENTS = {
    "opentelemetry.instrumentation.httpx": "HTTPXClientInstrumentor",
    "opentelemetry.instrumentation.requests": "RequestsInstrumentor",
}


def setup_monitoring(
    service_name: str,
    otlp_endpoint: str | None = None,
    *,
    level: int | str | None = logging.INFO,
    **settings: Any,
) -> Recording:
    """Starts recording for a service, with what module :mod:`logging` says.

    Where ``opentelemetry-api`` is installed, what is written for it records here, too.

    :param otlp_endpoint: where everything is sent on to
    :param level: the root logger's level
    :param settings: as :func:`telensic.init` takes them
    """
    recording = init(service_name, otlp_endpoint=otlp_endpoint, **settings)
    setup_logging(level)
    if _is_there("opentelemetry.trace"):
        importlib.import_module("telensic.opentelemetry").install()
    return recording


def instrument_app(app: App) -> App:
    """Records the requests that an application serves, and those it makes by clients that are instrumented.

    An application of FastAPI, Starlette or Flask gets a middleware; another one is to be wrapped. Clients are httpx and
    requests, where OpenTelemetry's instrumentation of them is installed.
    """
    for module, name in _CLIENTS.items():
        client = module.rpartition(".")[2]
        if _is_there(module) and _is_there("opentelemetry.trace") and _is_there(client):
            importlib.import_module("telensic.opentelemetry").install()
            instrumentor = getattr(importlib.import_module(module), name)()
            if not instrumentor.is_instrumented_by_opentelemetry:
                instrumentor.instrument()
    add = getattr(app, "add_middleware", None)
    if add is not None:
        add(ASGIMiddleware)
        return app
    if hasattr(app, "wsgi_app"):
        # Of Flask, whose object is used for more than being called.
        app.wsgi_app = WSGIMiddleware(app.wsgi_app)
        return app
    raise TypeError(
        f"{type(app).__name__} is no application of FastAPI, Starlette or Flask: "
        "wrap it as telensic.ASGIMiddleware(app) or telensic.WSGIMiddleware(app)"
    )


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False
