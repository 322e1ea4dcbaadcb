"""Our own middleware for ASGI and WSGI, without any other library."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from conftest import Recorder

import telensic

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def asgi(app: Any, path: str = "/quotes/AAPL", **scope: Any) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {"type": "http.request"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "scheme": "http",
        "http_version": "1.1",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50000),
        "headers": [(b"traceparent", PARENT.encode()), (b"user-agent", b"curl")],
        **scope,
    }
    asyncio.run(app(scope, receive, send))
    return sent


def test_an_asgi_request_is_a_span_of_the_callers_trace(recorder: Recorder) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        with telensic.span("inside"):
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"{}"})

    sent = asgi(telensic.ASGIMiddleware(app))
    assert [message["type"] for message in sent] == ["http.response.start", "http.response.body"]
    span = recorder.span("GET")
    assert span["traceId"] == PARENT.split("-")[1]
    assert span["parentSpanId"] == PARENT.split("-")[2]
    assert recorder.span("inside")["parentSpanId"] == span["spanId"]
    assert span["kind"] == 2
    assert span["attributes"] == {
        "http.request.method": "GET",
        "http.response.status_code": 200,
        "url.scheme": "http",
        "url.path": "/quotes/AAPL",
        "server.address": "127.0.0.1",
        "server.port": 8000,
        "client.address": "127.0.0.1",
        "client.port": 50000,
        "network.protocol.version": "1.1",
        "user_agent.original": "curl",
    }


def test_an_asgi_application_that_fails_fails_the_span(recorder: Recorder) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise ValueError("no such book")

    with pytest.raises(ValueError):
        asgi(telensic.ASGIMiddleware(app), method="BREW")
    span = recorder.span("HTTP")
    assert span["attributes"]["http.request.method_original"] == "BREW"
    assert span["attributes"]["error.type"] == "ValueError"
    assert span["status"]["code"] == 2


def test_an_instrumented_app_names_its_spans_by_their_routes(recorder: Recorder) -> None:
    fastapi = pytest.importorskip("fastapi")
    app = fastapi.FastAPI()

    @app.get("/quotes/{symbol}")
    async def quote(symbol: str) -> str:
        return symbol

    assert telensic.instrument_app(app) is app
    asgi(app, query_string=b"", raw_path=b"/quotes/AAPL", root_path="")
    assert recorder.span("GET /quotes/{symbol}")["attributes"]["http.route"] == "/quotes/{symbol}"
    for name in ("httpx", "requests"):
        module = pytest.importorskip(f"opentelemetry.instrumentation.{name}")
        for each in ("HTTPXClientInstrumentor", "RequestsInstrumentor"):
            if hasattr(module, each):
                getattr(module, each)().uninstrument()


def test_what_is_no_application_is_said() -> None:
    with pytest.raises(TypeError, match="wrap it as"):
        telensic.instrument_app(object())


def test_a_wsgi_response_is_in_the_span_to_its_last_byte(recorder: Recorder) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        start_response("503 Service Unavailable", [])
        with telensic.span("head"):
            pass

        def body() -> Any:
            with telensic.span("body"):
                pass
            yield b"late"

        return body()

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/orders",
        "SERVER_NAME": "desk",
        "SERVER_PORT": "80",
        "HTTP_TRACEPARENT": PARENT,
    }
    answered: list[str] = []
    response = telensic.WSGIMiddleware(app)(environ, lambda status, headers: answered.append(status))
    assert b"".join(response) == b"late"
    assert not [span for span in recorder.tape().spans if span["name"] == "POST"]
    response.close()  # type: ignore[attr-defined]
    span = recorder.span("POST")
    assert answered == ["503 Service Unavailable"]
    assert span["parentSpanId"] == PARENT.split("-")[2]
    assert span["attributes"]["error.type"] == "503"
    assert {recorder.span(name)["parentSpanId"] for name in ("head", "body")} == {span["spanId"]}


def test_a_wsgi_application_that_fails_ends_its_span(recorder: Recorder) -> None:
    def app(environ: Any, start_response: Any) -> Any:
        raise KeyError("book")

    with pytest.raises(KeyError):
        telensic.WSGIMiddleware(app)({"REQUEST_METHOD": "GET"}, lambda *_: None)
    assert recorder.span("GET")["attributes"]["error.type"] == "KeyError"
    assert not telensic.current_context()
