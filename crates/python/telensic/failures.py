"""Why a call to a data provider failed, from the exception that it raised."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

__all__ = ["error_type"]

#: How many causes of an exception are followed.
DEEPEST = 32

#: Of libraries that are not imported here, by module and name of the class or of one it derives from.
KNOWN = {
    "aiohttp.client_exceptions.ServerTimeoutError": "timeout",
    "aiohttp.client_exceptions.ClientConnectionError": "connection",
    "botocore.exceptions.ConnectionError": "connection",
    "httpx.TimeoutException": "timeout",
    "httpx.NetworkError": "connection",
    "httpx.RemoteProtocolError": "connection",
    "requests.exceptions.Timeout": "timeout",
    "requests.exceptions.ConnectionError": "connection",
    "urllib3.exceptions.TimeoutError": "timeout",
    "urllib3.exceptions.NewConnectionError": "connection",
    "urllib3.exceptions.ProtocolError": "connection",
    "websockets.exceptions.ConnectionClosedError": "connection",
}

#: What classes are called that say so themselves, in whatever library: of ccxt, google.api_core, openai and others.
RATE_LIMITED = ("RateLimit", "TooManyRequests", "Throttl", "DDoSProtection")

STATUS = {408: "timeout", 429: "rate_limited", 504: "timeout"}


def error_type(error: BaseException) -> str:
    """``rate_limited``, ``timeout``, ``connection``, ``cancelled``, or the name of the exception's type.

    The first exception decides that is known, of this one and those that caused it. None of their libraries is imported.
    """
    for one in _chain(error):
        known = _known(one)
        if known is not None:
            return known
    return type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    for _ in range(DEEPEST):
        if one is None:
            return
        yield one
        one = one.__cause__ or (None if one.__suppress_context__ else one.__context__)


def _known(error: BaseException) -> str | None:
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    status = STATUS.get(_status(error) or 0)
    if status is not None:
        return status
    kinds = type(error).__mro__
    if any(word in kind.__name__ for kind in kinds for word in RATE_LIMITED):
        return "rate_limited"
    for kind in kinds:
        known = KNOWN.get(f"{kind.__module__}.{kind.__name__}")
        if known is not None:
            return known
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return "timeout"
    if isinstance(error, ConnectionError):
        return "connection"
    return None


def _status(error: BaseException) -> int | None:
    """The status of the HTTP response that an exception stands for."""
    for holder in (getattr(error, "response", None), error):
        for name in ("status_code", "status", "code"):
            status = getattr(holder, name, None)
            if isinstance(status, int) and not isinstance(status, bool):
                return status
    return None
