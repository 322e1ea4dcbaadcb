"""Middleware for web applications, ASGI and WSGI, that needs no other library: a server's span for every request.

Invariant: the application sees the same request, and the server the same response, as without it. Recorded is what
OpenTelemetry's conventions name; no header but the user agent, no body, and no query, which may hold secrets.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from typing import Any

from telensic import _telensic
from telensic._telensic import Span

__all__ = ["ASGIMiddleware", "WSGIMiddleware"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_SCOPE = _telensic.Scope("telensic.web")
_SERVER = 1
_METHODS = frozenset(
    ("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE", "QUERY")
)


def _start(method: str, attributes: dict[str, Any], parent: Any) -> Span:
    """A request's span; its name is the method until the route is known."""
    known = method if method in _METHODS else "_OTHER"
    attributes["http.request.method"] = known
    if known != method:
        attributes["http.request.method_original"] = method
    name = "HTTP" if known == "_OTHER" else known
    return _telensic.start_span(name, attributes=attributes, parent=parent, kind=_SERVER, scope=_SCOPE)


def _answered(span: Span, status: int) -> None:
    span.set("http.response.status_code", status)
    if status >= 500:
        span.set("error.type", str(status))
        span.set_status("error")


class ASGIMiddleware:
    """``app = telensic.ASGIMiddleware(app)``, or ``app.add_middleware(telensic.ASGIMiddleware)``."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hands the request on, in its span."""
        # FastAPI from 0.165 on records by itself once there is a provider, which ours is then.
        if scope["type"] not in ("http", "websocket") or "fastapi.telemetry" in scope:
            await self.app(scope, receive, send)
            return
        method = str(scope.get("method", "GET"))
        span = _start(method, _of_scope(scope), _telensic.extract(scope.get("headers", ())))

        async def answer(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                _answered(span, message["status"])
            await send(message)

        with span:
            try:
                await self.app(scope, receive, answer)
            except Exception as error:
                span.set("error.type", type(error).__qualname__)
                raise
            finally:
                # The router has found it by now.
                route = getattr(scope.get("route"), "path", None)
                if isinstance(route, str):
                    span.set("http.route", route)
                    span.update_name(f"{method} {route}")


def _of_scope(scope: Scope) -> dict[str, Any]:
    headers = {name.lower(): value for name, value in scope.get("headers", ())}
    server = scope.get("server") or (None, None)
    client = scope.get("client") or (None, None)
    agent = headers.get(b"user-agent")
    return {
        "url.scheme": scope.get("scheme", "http"),
        "url.path": scope.get("root_path", "") + scope["path"]
        if not scope["path"].startswith(scope.get("root_path", ""))
        else scope["path"],
        "server.address": server[0],
        "server.port": server[1],
        "client.address": client[0],
        "client.port": client[1],
        "network.protocol.version": scope.get("http_version"),
        "user_agent.original": None if agent is None else agent.decode("latin-1"),
    }


class WSGIMiddleware:
    """``app = telensic.WSGIMiddleware(app)``. The span ends when the server has closed the response."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Hands the request on, in its span."""
        span = _start(environ.get("REQUEST_METHOD", "GET"), _of_environ(environ), _extracted(environ))

        def answer(status: str, headers: Any, *more: Any) -> Any:
            code = status.split(" ", 1)[0]
            if code.isdigit():
                _answered(span, int(code))
            return start_response(status, headers, *more)

        span.enter()
        try:
            body = self.app(environ, answer)
        except BaseException as error:
            span.leave()
            _fail(span, error)
            raise
        span.leave()
        return _Body(body, span)


def _fail(span: Span, error: BaseException) -> None:
    span.set("error.type", type(error).__qualname__)
    span.fail(error)
    span.end()


def _extracted(environ: dict[str, Any]) -> _telensic.Context:
    headers = [
        (name[5:].replace("_", "-").lower(), value)
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
    return _telensic.extract(headers)


def _of_environ(environ: dict[str, Any]) -> dict[str, Any]:
    port = str(environ.get("SERVER_PORT", ""))
    return {
        "url.scheme": environ.get("wsgi.url_scheme", "http"),
        "url.path": environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        "server.address": environ.get("SERVER_NAME"),
        "server.port": int(port) if port.isdigit() else None,
        "client.address": environ.get("REMOTE_ADDR"),
        "network.protocol.version": environ.get("SERVER_PROTOCOL", "").removeprefix("HTTP/") or None,
        "user_agent.original": environ.get("HTTP_USER_AGENT"),
    }


class _Body:
    """A response's body: what produces it runs in the span, which ends with it."""

    def __init__(self, body: Iterable[bytes], span: Span) -> None:
        self._body = body
        self._items: Iterator[bytes] | None = None
        self._span = span

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self._span.enter()
        try:
            if self._items is None:
                self._items = iter(self._body)
            return next(self._items)
        except StopIteration:
            raise
        except BaseException as error:
            self._span.set("error.type", type(error).__qualname__)
            self._span.fail(error)
            raise
        finally:
            self._span.leave()

    def close(self) -> None:
        close = getattr(self._body, "close", None)
        try:
            if close is not None:
                close()
        finally:
            self._span.end()
