"""Clients of data providers: each call is a span and counted, and no argument is recorded that was not named."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from conftest import Recorder

import telensic
from telensic.failures import error_type


class Answer:
    def __init__(self, status_code: int) -> None:
        self.status_code = status_code


class HTTPStatusError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.response = Answer(status)


def sample(name: str) -> float:
    for line in telensic.render_metrics().splitlines():
        shown, _, value = line.rpartition(" ")
        if shown == name:
            return float(value)
    return 0.0


def named(module: str, name: str, *bases: type[BaseException]) -> BaseException:
    """An error of a library that is not imported, by its name alone."""
    made: BaseException = type(name, bases or (Exception,), {"__module__": module})("said")
    return made


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError(), "timeout"),
        (asyncio.CancelledError(), "cancelled"),
        (ConnectionResetError(), "connection"),
        (HTTPStatusError(429), "rate_limited"),
        (HTTPStatusError(504), "timeout"),
        (HTTPStatusError(500), "HTTPStatusError"),
        (named("requests.exceptions", "Timeout"), "timeout"),
        (named("requests.exceptions", "ConnectionError"), "connection"),
        (named("httpx", "TimeoutException"), "timeout"),
        (named("aiohttp.client_exceptions", "ClientConnectionError"), "connection"),
        (named("ccxt.base.errors", "RateLimitExceeded"), "rate_limited"),
        (KeyError("symbol"), "KeyError"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_error_says_why_a_call_failed(error: BaseException, expected: str) -> None:
    assert error_type(error) == expected


def test_the_cause_of_an_error_counts() -> None:
    outer = ValueError("no quote")
    outer.__cause__ = TimeoutError()
    assert error_type(outer) == "timeout"


def test_real_errors_of_http_clients_are_classified() -> None:
    httpx, requests = pytest.importorskip("httpx"), pytest.importorskip("requests")
    with pytest.raises(requests.RequestException) as refused:
        requests.get("http://127.0.0.1:9", timeout=1)
    assert error_type(refused.value) == "connection"
    with pytest.raises(httpx.ConnectError) as refused:
        httpx.get("http://127.0.0.1:9")
    assert error_type(refused.value) == "connection"
    limited = httpx.Response(429, request=httpx.Request("GET", "http://provider"))
    with pytest.raises(httpx.HTTPStatusError) as status:
        limited.raise_for_status()
    assert error_type(status.value) == "rate_limited"


def test_public_methods_are_instrumented_each_as_it_says(recorder: Recorder) -> None:
    @telensic.instrument_adapter("each", fields={"quote": ("symbol",)}, skip=("is_connected",))
    class Client:
        def quote(self, symbol: str, api_key: str) -> str:
            return self._ask(symbol)

        @telensic.adapter_method("candles", fields={"days": "count"})
        async def history(self, symbol: str, count: int) -> int:
            return count

        @staticmethod
        def version() -> str:
            return "1"

        @classmethod
        def make(cls) -> Client:
            return cls()

        def pages(self) -> Any:
            yield from (1, 2)

        def is_connected(self) -> bool:
            return True

        def _ask(self, symbol: str) -> str:
            return symbol

    client = Client.make()
    assert client.quote("AAPL", "a secret") == "AAPL"
    assert asyncio.run(client.history("AAPL", 5)) == 5
    assert Client.version() == "1"
    assert list(client.pages()) == [1, 2]
    assert client.is_connected()
    recorded = {span["name"]: span["attributes"] for span in recorder.tape().spans}
    told = {"provider": "each", "outcome": "success"}
    assert recorded == {
        "adapter.make": {**told, "operation": "make"},
        "adapter.quote": {**told, "operation": "quote", "symbol": "AAPL"},
        "adapter.candles": {**told, "operation": "candles", "days": 5},
        "adapter.version": {**told, "operation": "version"},
        "adapter.pages": {**told, "operation": "pages"},
    }
    assert sample('adapter_requests_total{provider="each",operation="quote",status="success"}') == 1


def test_a_call_that_fails_is_counted_once_and_says_why(recorder: Recorder) -> None:
    @telensic.telemetry_decorator("failing")
    async def fetch(error: BaseException) -> None:
        raise error

    for error in (HTTPStatusError(429), TimeoutError("late"), KeyError("x")):
        with pytest.raises(type(error)):
            asyncio.run(fetch(error))
    outcomes = [span["attributes"]["outcome"] for span in recorder.tape().spans]
    assert outcomes == ["rate_limited", "timeout", "error"]
    assert recorder.tape().spans[2]["attributes"]["error.type"] == "KeyError"
    assert sample('adapter_requests_total{provider="failing",operation="fetch",status="error"}') == 3
    assert sample('adapter_rate_limited_total{provider="failing"}') == 1
    assert sample('adapter_timeouts_total{provider="failing",operation="fetch"}') == 1
    assert sample('adapter_active_requests{provider="failing"}') == 0
    assert telensic.get_metrics().get_success_rate("failing") == 0


def test_a_task_that_is_cancelled_counts_as_that(recorder: Recorder) -> None:
    @telensic.telemetry_decorator("cancelled")
    async def forever() -> None:
        await asyncio.sleep(3600)

    async def main() -> None:
        task = asyncio.create_task(forever())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert recorder.span("adapter.forever")["attributes"]["outcome"] == "cancelled"


def test_a_classifier_of_ones_own_comes_first(recorder: Recorder) -> None:
    def classify(error: BaseException) -> str | None:
        return "unknown_symbol" if isinstance(error, KeyError) else None

    @telensic.telemetry_decorator("own", classify=classify)
    def fetch(error: BaseException) -> None:
        raise error

    for error in (KeyError("x"), TimeoutError()):
        with pytest.raises(type(error)):
            fetch(error)
    types = [span["attributes"]["error.type"] for span in recorder.tape().spans]
    assert types == ["unknown_symbol", "timeout"]


def test_metrics_count_without_a_recorder() -> None:
    @telensic.telemetry_decorator("unrecorded")
    def fetch() -> int:
        return 1

    assert not telensic.is_recording()
    assert fetch() == 1
    assert sample('adapter_requests_total{provider="unrecorded",operation="fetch",status="success"}') == 1


def test_middleware_leaves_the_class_as_it_is(recorder: Recorder) -> None:
    class Base:
        def ping(self) -> str:
            return "pong"

    class Client(Base):
        def fetch(self) -> str:
            return self.ping()

    instrumented = telensic.TelemetryMiddleware().instrument_class(Client)
    assert Client().fetch() == "pong"
    assert not recorder.tape().spans
    client = instrumented()
    assert isinstance(client, Client)
    assert client.fetch() == "pong"
    spans = {span["name"]: span for span in recorder.tape().spans}
    assert spans["adapter.ping"]["parentSpanId"] == spans["adapter.fetch"]["spanId"]
    assert spans["adapter.ping"]["attributes"]["provider"] == "Client"
